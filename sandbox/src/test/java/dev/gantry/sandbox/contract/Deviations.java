package dev.gantry.sandbox.contract;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where an implementation is known to differ from AWS: moto 5.2.1, and LocalStack 4.14.0, whose documents are moto's. The
 * sandbox and what {@code AWS_ENDPOINT_URL} names have no place here.
 */
final class Deviations {
    private static final String SELECTORS = "GetDocument does not know the versions $DEFAULT and $LATEST";
    private static final String RACE = "a write looks and then writes, unguarded, so that two writers can win";

    private static final List<Deviation> MOTO = List.of(
            sometimes(S3Contract.class, "exactlyOneOfManyWritersThatFindNothingWins", RACE),
            sometimes(S3Contract.class, "exactlyOneOfManyWritersThatFoundTheSameTagWins", RACE));

    private static final List<Deviation> LOCALSTACK = List.of(
            always(SqsContract.class, "aVisibilityBeyondTwelveHoursIsRefused", "any visibility is taken"),
            always(SqsContract.class, "aBatchFailsEntryByEntry", "a wrong handle is not called the sender's fault"));

    private static final List<Deviation> BOTH = List.of(
            always(
                    SqsContract.class,
                    "theVisibilityOfAMessageThatIsNotInFlightCannotBeChanged",
                    "the visibility of a message that is not in flight can be changed"),
            always(
                    SqsContract.class,
                    "theHandleOfAnEarlierReceiveDeletesNothingAndIsNoError",
                    "the handle of an earlier receive deletes the message"),
            always(DocumentsContract.class, "anUpdateIsTheLatestVersionAndLeavesTheDefaultAlone", SELECTORS),
            always(DocumentsContract.class, "theDefaultIsWhatWasMadeTheDefault", SELECTORS),
            always(
                    DocumentsContract.class,
                    "aVersionThatIsNotThereIsRefused",
                    "a version that is not there is InvalidDocument, not InvalidDocumentVersion"));

    private Deviations() {}

    /**
     * One difference.
     *
     * @param test the method of the contract that fails for it
     * @param how half a sentence for the list of skips
     * @param always false if it shows only sometimes, as a race does
     */
    record Deviation(Class<?> contract, String test, String how, boolean always) {}

    private static Deviation always(Class<?> contract, String test, String how) {
        return new Deviation(contract, test, how, true);
    }

    private static Deviation sometimes(Class<?> contract, String test, String how) {
        return new Deviation(contract, test, how, false);
    }

    static Optional<Deviation> of(Implementation where, Method test) {
        return known(where)
                .filter(known -> known.contract.equals(test.getDeclaringClass()) && known.test.equals(test.getName()))
                .findFirst();
    }

    private static Stream<Deviation> known(Implementation where) {
        return switch (where) {
            case SANDBOX, ENVIRONMENT -> Stream.empty();
            case MOTO -> Stream.concat(MOTO.stream(), BOTH.stream());
            case LOCALSTACK -> Stream.concat(LOCALSTACK.stream(), BOTH.stream());
        };
    }
}
