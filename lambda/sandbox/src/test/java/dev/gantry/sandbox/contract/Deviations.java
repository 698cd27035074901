package dev.gantry.sandbox.contract;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Optional;

/** Where an implementation is known to differ from AWS. The sandbox has no place in this list. */
final class Deviations {
    private static final String SELECTORS = "GetDocument does not know the versions $DEFAULT and $LATEST";

    private static final List<Deviation> KNOWN = List.of(
            new Deviation(
                    Implementation.MOTO,
                    SqsContract.class,
                    "theVisibilityOfAMessageThatIsNotInFlightCannotBeChanged",
                    "the visibility of a message that is not in flight can be changed",
                    true),
            new Deviation(
                    Implementation.MOTO,
                    SqsContract.class,
                    "theHandleOfAnEarlierReceiveDeletesNothingAndIsNoError",
                    "the handle of an earlier receive deletes the message",
                    true),
            new Deviation(
                    Implementation.MOTO,
                    DocumentsContract.class,
                    "anUpdateIsTheLatestVersionAndLeavesTheDefaultAlone",
                    SELECTORS,
                    true),
            new Deviation(
                    Implementation.MOTO, DocumentsContract.class, "theDefaultIsWhatWasMadeTheDefault", SELECTORS, true),
            new Deviation(
                    Implementation.MOTO,
                    DocumentsContract.class,
                    "aVersionThatIsNotThereIsRefused",
                    "a version that is not there is InvalidDocument, not InvalidDocumentVersion",
                    true));

    private Deviations() {}

    /**
     * One difference.
     *
     * @param test the method of the contract that fails for it
     * @param how half a sentence for the list of skips
     * @param always false where it shows only sometimes, as a race does
     */
    record Deviation(Implementation where, Class<?> contract, String test, String how, boolean always) {}

    static Optional<Deviation> of(Implementation where, Method test) {
        return KNOWN.stream()
                .filter(known -> known.where == where
                        && known.contract.equals(test.getDeclaringClass())
                        && known.test.equals(test.getName()))
                .findFirst();
    }
}
