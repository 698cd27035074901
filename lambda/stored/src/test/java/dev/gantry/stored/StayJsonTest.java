package dev.gantry.stored;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.id.BundleId;
import dev.gantry.launch.id.RunId;
import dev.gantry.launch.stay.Attempt;
import dev.gantry.launch.stay.Cause;
import dev.gantry.launch.stay.Channel;
import dev.gantry.launch.stay.Closing;
import dev.gantry.launch.stay.Failure;
import dev.gantry.launch.stay.Gate;
import dev.gantry.launch.stay.Intervention;
import dev.gantry.launch.stay.Opening;
import dev.gantry.launch.stay.Silence;
import dev.gantry.launch.stay.Stay;
import dev.gantry.launch.stay.Trouble;
import dev.gantry.launch.stay.Verdict;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StayJsonTest {
    private static final String FULL =
            """
            {"number":2,"gate":"warm","token":"t","openedAt":"2026-01-31T12:00:00Z","attempts":[{"number":1,\
            "runId":"run-0123456789abcdef","owner":"o","bundle":"BUNDLE","channel":"ssm",\
            "claimedAt":"2026-01-31T12:00:00Z","absence":{"looks":1,"first":"2026-01-31T12:00:00Z",\
            "last":"2026-01-31T12:00:00Z"},"end":{"at":"2026-01-31T12:00:00Z","verdict":"failed","failure":\
            {"step":"s","message":"m","exitCode":2,"tail":""}}}],"trouble":{"kind":"retryable","message":"m",\
            "since":"2026-01-31T12:00:00Z","key":"m"},"closing":{"kind":"abandoned","cause":"runFailed","why":"w",\
            "decidedAt":"2026-01-31T12:00:00Z"}}"""
                    .replace("BUNDLE", "ab".repeat(32));

    @Property(tries = 300)
    void whatIsWrittenIsReadBackEqual(@ForAll("stays") Stay stay) {
        assertEquals(stay, StayJson.read("x", StayJson.write(stay)));
    }

    @Test
    void theOrderOfTheFieldsIsFixed() {
        Stay stay = read(FULL);

        assertArrayEquals(FULL.getBytes(StandardCharsets.UTF_8), StayJson.write(stay));
    }

    @Test
    void fieldsOfANewerVersionAreIgnored() {
        assertEquals(read(FULL), read(FULL.replace("\"number\":2", "\"number\":2,\"weather\":{\"sky\":[]}")));
    }

    @Test
    void aRecordWithoutAChannelMeansSystemsManager() {
        Stay stay = read(FULL.replace("\"channel\":\"ssm\",", ""));

        assertEquals(read(FULL), stay);
        assertEquals(Channel.SSM, stay.lastAttempt().orElseThrow().channel());
    }

    @Test
    void aRunOverTheBastionIsKeptWithItsReasonAndItsQuestions() {
        Stay stay = read(
                FULL.replace(
                        "\"channel\":\"ssm\"",
                        "\"channel\":\"bastion\",\"fallback\":{\"why\":\"no agent\",\"asks\":3,\"askedAt\":\"2026-01-31T12:00:00Z\"}"));

        Attempt attempt = stay.lastAttempt().orElseThrow();
        assertEquals(Channel.BASTION, attempt.channel());
        assertEquals(Optional.of(new Attempt.Detour("no agent", 3, Samples.NOW)), attempt.detour());
    }

    @Test
    void aRecordFromBeforeCausesWereStoredIsReadWithoutOne() {
        Closing closing =
                read(FULL.replace("\"cause\":\"runFailed\",", "")).closing().orElseThrow();

        assertEquals(Optional.empty(), closing.cause());
        assertEquals(Cause.LAUNCH_DEADLINE, closing.abandonedFor());
    }

    @Test
    void aCauseHasTheWordThatTheLedgerHas() {
        assertEquals("runFailed", StayJson.word(Cause.RUN_FAILED));
        assertEquals("launchDeadline", StayJson.word(Cause.LAUNCH_DEADLINE));
        assertEquals("bundleQuarantined", StayJson.word(Cause.BUNDLE_QUARANTINED));
    }

    @Test
    void anEndElsewhereIsDoneEvenIfItsRecordDoesNotSaySo() {
        Stay stay = read(FULL.replace("\"kind\":\"abandoned\",\"cause\":\"runFailed\"", "\"kind\":\"elsewhere\""));

        assertEquals(Optional.of(Instant.parse("2026-01-31T12:00:00Z")), stay.closedAt());
    }

    @Test
    void halfASurrogatePairAtTheEndOfAClippedTextDoesNotStopTheLedger() {
        Trouble trouble = new Trouble(Trouble.Kind.RETRYABLE, "cut here: \ud83d", Samples.NOW);

        Stay read = StayJson.read("x", StayJson.write(Samples.stay().withTrouble(trouble)));

        assertEquals("cut here: ?", read.trouble().orElseThrow().message());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"number\":2, | | x: number is missing",
                "\"number\":2 | \"number\":0 | x: number must be 1 or more, not 0",
                "\"number\":2 | \"number\":\"2\" | x: number must be a whole number, not \"2\"",
                "\"number\":2 | \"number\":2.5 | x: number must be a whole number, not 2.5",
                "\"number\":2 | \"number\":99999999999 | x: number must be a whole number, not 99999999999",
                "\"gate\":\"warm\" | \"gate\":\"WARM\" | x: gate must be one of [service, warm], not 'WARM'",
                "\"token\":\"t\" | \"token\":7 | x: token must be a string, not 7",
                "\"openedAt\":\"2026-01-31T12:00:00Z\" | \"openedAt\":\"today\" | x: openedAt must be a time like"
                        + " 2026-01-31T12:00:00Z, not 'today'",
                "\"attempts\":[ | \"attempts\":{}, \"other\":[ | x: attempts must be a list, not {}",
                "\"attempts\":[ | \"attempts\":[7, | x: attempts[0] must be a JSON object, not 7",
                "\"runId\":\"run-0123456789abcdef\" | \"runId\":\"run\" | x: attempts[0].runId is not a run id: 'run'",
                "\"owner\":\"o\", | | x: attempts[0].owner is missing",
                "\"looks\":1 | \"looks\":-1 | x: attempts[0].absence.looks must be 1 or more, not -1",
                "\"verdict\":\"failed\" | \"verdict\":\"lost\" | x: attempts[0].end.verdict must be one of [failed, refused,"
                        + " succeeded, undelivered], not 'lost'",
                "\"step\":\"s\", | | x: attempts[0].end.failure.step is missing",
                "\"kind\":\"retryable\" | \"kind\":\"bad\" | x: trouble.kind must be one of [misconfigured, retryable], not"
                        + " 'bad'",
                "\"kind\":\"abandoned\" | \"kind\":\"bad\" | x: closing.kind must be one of [abandoned, elsewhere, observed,"
                        + " provisioned], not 'bad'",
                "\"cause\":\"runFailed\" | \"cause\":\"bad\" | x: closing.cause must be one of [bundleQuarantined,"
                        + " launchDeadline, runFailed], not 'bad'",
                "\"why\":\"w\", | | x: closing.why is missing",
            })
    void aFieldThatDoesNotFitIsNamed(String from, String to, String message) {
        String broken = FULL.replace(from, to == null ? "" : to);

        assertEquals(
                message,
                assertThrows(GantryException.Misconfigured.class, () -> read(broken))
                        .getMessage());
    }

    @Test
    void textThatIsNoJsonIsReportedWithItsLine() {
        String message = assertThrows(GantryException.Misconfigured.class, () -> read("{\n\"number\": ]"))
                .getMessage();

        assertEquals(true, message.startsWith("x is not JSON: ") && message.endsWith("at line 2"), message);
        assertThrows(GantryException.Misconfigured.class, () -> read(""));
        assertThrows(GantryException.Misconfigured.class, () -> read(FULL + FULL));
        assertThrows(GantryException.Misconfigured.class, () -> read("{\"number\":1,\"number\":1}"));
    }

    private static Stay read(String json) {
        return StayJson.read("x", json.getBytes(StandardCharsets.UTF_8));
    }

    @Provide
    Arbitrary<Stay> stays() {
        return Combinators.combine(
                        Arbitraries.integers().between(1, 1000),
                        Arbitraries.of(Gate.class),
                        text().optional(),
                        times(),
                        times().optional(),
                        times().optional())
                .flatAs((number, gate, token, opened, heartbeat, earlier) -> Combinators.combine(
                                attempts().list().ofMaxSize(3),
                                troubles().optional(),
                                silences().optional(),
                                interventions(),
                                times().optional(),
                                closings().optional())
                        .as((attempts, trouble, silence, intervention, interrupted, closing) -> new Stay(
                                new Opening(number, gate, token, opened, earlier),
                                heartbeat,
                                attempts,
                                trouble,
                                silence,
                                intervention,
                                interrupted,
                                closing)));
    }

    private static Arbitrary<Attempt> attempts() {
        return Combinators.combine(
                        Arbitraries.integers().between(1, 10),
                        Arbitraries.strings().withChars("abc019").ofMinLength(8).ofMaxLength(40),
                        text(),
                        Arbitraries.strings().withChars("abc019").ofLength(64),
                        times(),
                        text().optional(),
                        absences(),
                        Combinators.combine(detours().optional(), ends().optional())
                                .as(Crossing::new))
                .as((number, run, owner, bundle, at, command, absence, crossing) -> new Attempt(
                        number,
                        new RunId("run-" + run),
                        new BundleId(bundle),
                        new Attempt.Claim(owner, at),
                        command,
                        absence,
                        crossing.detour(),
                        crossing.end()));
    }

    private record Crossing(Optional<Attempt.Detour> detour, Optional<Attempt.End> end) {}

    private static Arbitrary<Attempt.Detour> detours() {
        return Combinators.combine(text(), Arbitraries.integers().between(1, 500), times())
                .as(Attempt.Detour::new);
    }

    private static Arbitrary<Attempt.End> ends() {
        return Combinators.combine(times(), verdicts()).as(Attempt.End::new);
    }

    private static Arbitrary<Intervention> interventions() {
        return Combinators.combine(
                        Combinators.combine(times(), text(), times())
                                .as(Intervention.Hold::new)
                                .optional(),
                        Combinators.combine(Arbitraries.integers().between(1, 10), times(), text(), times())
                                .as(Intervention.Retry::new)
                                .optional())
                .as(Intervention::new);
    }

    private static Arbitrary<Silence> silences() {
        return Combinators.combine(Arbitraries.integers().between(1, 500), times(), times())
                .as(Silence::new);
    }

    private static Arbitrary<Attempt.Absence> absences() {
        return Arbitraries.oneOf(
                Arbitraries.just(Attempt.Absence.NONE),
                Combinators.combine(Arbitraries.integers().between(1, 9), times(), times())
                        .as((looks, first, last) -> new Attempt.Absence(looks, Optional.of(first), Optional.of(last))));
    }

    private static Arbitrary<Verdict> verdicts() {
        return Arbitraries.oneOf(
                Arbitraries.just(new Verdict.Succeeded()),
                failures().map(Verdict.RunFailed::new),
                text().map(Verdict.Undelivered::new),
                text().map(Verdict.Undelivered::bySurroundings),
                text().map(Verdict.Refused::new));
    }

    private static Arbitrary<Failure> failures() {
        return Combinators.combine(text(), text().optional(), text(), Arbitraries.integers(), text())
                .as(Failure::new);
    }

    private static Arbitrary<Trouble> troubles() {
        return Combinators.combine(Arbitraries.of(Trouble.Kind.class), text(), times())
                .as(Trouble::new);
    }

    private static Arbitrary<Closing> closings() {
        return Combinators.combine(
                        Arbitraries.of(Closing.Kind.class),
                        Arbitraries.of(Cause.class).optional(),
                        text(),
                        failures().optional(),
                        times(),
                        times().optional())
                .as(Closing::new);
    }

    private static Arbitrary<String> text() {
        return Arbitraries.strings()
                .withCharRange(' ', '~')
                .withCharRange('ぁ', 'ん')
                .withChars('\n', '\t', '"', '\\', '\u0000')
                .ofMaxLength(30);
    }

    private static Arbitrary<Instant> times() {
        return Arbitraries.longs().between(0, 4_000_000_000_000L).map(Instant::ofEpochMilli);
    }

    @Test
    void aTroubleKeepsItsKeyAndOneWrittenBeforeThereWereKeysIsNamedByItsMessage() {
        Trouble trouble = new Trouble(Trouble.Kind.MISCONFIGURED, "SendCommand run-1", Samples.NOW, "SendCommand");
        byte[] written = StayJson.write(Samples.stay().withTrouble(trouble));
        assertEquals(Optional.of(trouble), StayJson.read("x", written).trouble());

        String old = new String(written, StandardCharsets.UTF_8).replace(",\"key\":\"SendCommand\"", "");
        assertEquals(
                Optional.of(new Trouble(Trouble.Kind.MISCONFIGURED, "SendCommand run-1", Samples.NOW)),
                StayJson.read("x", old.getBytes(StandardCharsets.UTF_8)).trouble());
    }
}
