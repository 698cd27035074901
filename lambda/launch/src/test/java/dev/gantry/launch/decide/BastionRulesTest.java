package dev.gantry.launch.decide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.launch.decide.Decision.Ask;
import dev.gantry.launch.decide.Decision.FallBack;
import dev.gantry.launch.decide.Decision.Run;
import dev.gantry.launch.decide.Decision.Wait;
import dev.gantry.launch.fleet.Fallback;
import dev.gantry.launch.fleet.Policy;
import dev.gantry.launch.stay.Attempt;
import dev.gantry.launch.stay.Question;
import dev.gantry.launch.stay.Reply;
import dev.gantry.launch.stay.Reply.Said;
import dev.gantry.launch.stay.Silence;
import dev.gantry.launch.stay.Stay;
import dev.gantry.launch.stay.Trouble;
import dev.gantry.launch.stay.Verdict;
import dev.gantry.launch.stay.Verdict.Undelivered.Ender;
import dev.gantry.launch.twin.Observations;
import dev.gantry.launch.twin.World;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The rules of the bastion channel, each checked over all possible observations; written independently of the table. */
final class BastionRulesTest {
    /** For properties that need many observations to find one that falls back. */
    private static final int FEW = 100;

    @Provide
    Arbitrary<Observation> open() {
        return Observations.open();
    }

    @Provide
    Arbitrary<Observation> overTheBastion() {
        return Observations.open().filter(o -> detour(o).isPresent());
    }

    @Provide
    Arbitrary<Observation> fallingBack() {
        return Observations.open()
                .map(BastionRulesTest::eager)
                .filter(o -> DecisionTable.decide(o) instanceof FallBack);
    }

    /** The same observation, of a fleet with a fallback; unchanged if it has one. */
    private static Observation eager(Observation o) {
        Policy policy = fallback(o).isUsed()
                ? o.fleet().policy()
                : o.fleet().policy().with(Fallback.whenUnreachable(Duration.ofSeconds(1)));
        return new Observation(
                o.now(),
                new Observation.Terms(World.fleet(World.WEB, policy, World.HOOK), o.release(), o.takeover()),
                o.lifecycle(),
                o.stay(),
                o.agent(),
                o.reply(),
                o.trouble());
    }

    @Property
    void withoutAFallbackNothingEverFallsBack(@ForAll("open") Observation o) {
        Assume.that(!fallback(o).isUsed());
        assertFalse(DecisionTable.decide(o) instanceof FallBack);
    }

    @Property(tries = FEW, edgeCases = EdgeCasesMode.NONE)
    void nothingFallsBackBeforeTheFallbacksDeadline(@ForAll("fallingBack") Observation o) {
        assertFalse(o.now().isBefore(stay(o).openedAt().plus(fallback(o).after())));
    }

    @Property(tries = FEW, edgeCases = EdgeCasesMode.NONE)
    void nothingFallsBackBecauseOfAMisconfiguration(@ForAll("fallingBack") Observation o) {
        assertFalse(
                o.trouble().filter(t -> t.kind() == Trouble.Kind.MISCONFIGURED).isPresent());
        boolean wasRefused = last(o).filter(a -> !a.isOverTheBastion())
                .flatMap(Attempt::end)
                .filter(end -> end.verdict() instanceof Verdict.Refused)
                .isPresent();
        assertFalse(wasRefused);
    }

    @Property(tries = FEW, edgeCases = EdgeCasesMode.NONE)
    void aFallbackHasAReasonAndSaysIt(@ForAll("fallingBack") Observation o) {
        boolean isAway = o.trouble().isEmpty() && !o.agent().isReachable(stay(o).earlierClosed());
        boolean isSilent = stay(o).silence().filter(Silence::isProven).isPresent();
        boolean wasUndelivered = last(o).filter(a -> !a.isOverTheBastion())
                .flatMap(Attempt::end)
                .filter(end ->
                        end.verdict() instanceof Verdict.Undelivered undelivered && undelivered.by() == Ender.CHANNEL)
                .isPresent();
        assertTrue(isAway || isSilent || wasUndelivered);
        assertFalse(DecisionTable.decide(o).why().isBlank());
    }

    @Property(tries = FEW, edgeCases = EdgeCasesMode.NONE)
    void aRunThatSystemsManagerMayHaveKeepsItsIdNumberAndBundle(@ForAll("fallingBack") Observation o) {
        FallBack fallBack = assertInstanceOf(FallBack.class, DecisionTable.decide(o));
        if (fallBack.reuse().isPresent()) {
            Attempt run = last(o).orElseThrow();
            assertTrue(run.isUnderWay() && !run.isOverTheBastion());
            assertEquals(run.runId(), fallBack.reuse().get());
            assertEquals(run.number(), fallBack.attempt());
            assertEquals(run.bundle(), fallBack.bundle());
        }
    }

    @Property(tries = FEW, edgeCases = EdgeCasesMode.NONE)
    void aNewRunIsBegunOnlyIfNoneIsUnderWay(@ForAll("fallingBack") Observation o) {
        FallBack fallBack = assertInstanceOf(FallBack.class, DecisionTable.decide(o));
        if (fallBack.reuse().isEmpty()) {
            boolean isUnderWay = last(o).filter(Attempt::isUnderWay)
                    .filter(a -> a.commandId().isPresent() || !a.absence().isProven())
                    .isPresent();
            assertFalse(isUnderWay);
            assertEquals(last(o).map(Attempt::number).orElse(0) + 1, fallBack.attempt());
            assertEquals(o.release().current(), Optional.of(fallBack.bundle()));
            last(o).flatMap(Attempt::end)
                    .ifPresent(end -> assertFalse(o.now()
                            .isBefore(end.at()
                                    .plus(o.fleet()
                                            .policy()
                                            .backoffAfter(stay(o).attempts().size())))));
        }
    }

    @Property(tries = FEW, edgeCases = EdgeCasesMode.NONE)
    void noQuarantinedBundleGoesOverTheBastion(@ForAll("fallingBack") Observation o) {
        FallBack fallBack = assertInstanceOf(FallBack.class, DecisionTable.decide(o));
        assertFalse(o.release().isQuarantined(fallBack.bundle()));
    }

    @Property
    void attemptsOfBothChannelsAreCountedTogether(@ForAll("open") Observation o) {
        Decision decision = DecisionTable.decide(o);
        if (decision instanceof FallBack || decision instanceof Ask || decision instanceof Run) {
            assertTrue(stay(o).failures() < o.fleet().policy().attempts());
        }
    }

    @Property
    void besideARunOverTheBastionNothingIsSentOverSystemsManager(@ForAll("overTheBastion") Observation o) {
        Decision decision = DecisionTable.decide(o);
        assertFalse(decision instanceof Run || decision instanceof FallBack, decision::toString);
    }

    @Property
    void questionsAreFarApartAndAboutTheRunThatIsUnderWay(@ForAll("overTheBastion") Observation o) {
        if (DecisionTable.decide(o) instanceof Ask ask) {
            assertEquals(last(o).orElseThrow().runId(), ask.run());
            Instant askedAt = detour(o).orElseThrow().askedAt();
            boolean isAnswered =
                    o.reply().filter(r -> !r.askedAt().isBefore(askedAt)).isPresent();
            assertFalse(o.now().isBefore(askedAt.plusSeconds(isAnswered ? 15 : 60)));
        }
    }

    @Property
    void soonerOrLaterARunIsAskedAboutAgain(@ForAll("overTheBastion") Observation o) {
        Observation later = at(o, detour(o).orElseThrow().askedAt().plusSeconds(60));
        if (DecisionTable.decide(o) instanceof Wait && !later.now().isBefore(o.now())) {
            assertFalse(DecisionTable.decide(later) instanceof Wait);
        }
    }

    @Property
    void aRunThatIsKnownToHaveBegunIsNotStartedAgain(@ForAll("overTheBastion") Observation o) {
        boolean hasBegun = o.reply()
                .map(Reply::said)
                .filter(Said.UnderWay.class::isInstance)
                .isPresent();
        if (hasBegun && DecisionTable.decide(o) instanceof Ask ask) {
            assertNotEquals(Question.START, ask.question());
        }
    }

    private static Observation at(Observation o, Instant now) {
        return new Observation(now, o.terms(), o.lifecycle(), o.stay(), o.agent(), o.reply(), o.trouble());
    }

    private static Fallback fallback(Observation o) {
        return o.fleet().policy().fallback();
    }

    private static Stay stay(Observation o) {
        return o.stay().orElseThrow();
    }

    private static Optional<Attempt> last(Observation o) {
        return stay(o).lastAttempt();
    }

    private static Optional<Attempt.Detour> detour(Observation o) {
        return last(o).filter(Attempt::isUnderWay).flatMap(Attempt::detour);
    }
}
