package dev.gantry.operator;

import static java.util.stream.Collectors.toCollection;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.launch.decide.Decision;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ExplainerTest {
    private static final Map<String, Evidence> SAMPLES = SampleInstances.all();

    static Stream<String> names() {
        return SAMPLES.keySet().stream();
    }

    /** A new kind of decision, or of wait, needs a sample here, and with it a screen. */
    @Test
    void everyKindOfDecisionHasASample() {
        Set<String> wanted = Stream.concat(
                        Arrays.stream(Decision.class.getPermittedSubclasses())
                                .map(Class::getSimpleName)
                                .filter(kind -> !kind.equals("Wait")),
                        Arrays.stream(Decision.Reason.values()).map(reason -> "Wait:" + reason))
                .collect(toCollection(TreeSet::new));

        Set<String> found = SAMPLES.values().stream()
                .flatMap(seen -> Explainer.explain(seen).standing().decision().stream())
                .collect(toCollection(TreeSet::new));

        assertEquals(wanted, found);
    }

    @ParameterizedTest
    @MethodSource("names")
    void everyExplanationSaysWhyAndWhatToDo(String name) {
        Explanation explanation = Explainer.explain(SAMPLES.get(name));

        assertFalse(explanation.standing().headline().isBlank());
        assertFalse(explanation.standing().why().isBlank());
        assertFalse(explanation.standing().why().endsWith("."), "screens end the sentence");
        assertFalse(explanation.next().isEmpty());
    }

    @ParameterizedTest
    @CsvSource({
        "wait-agent, Wait:AGENT",
        "wait-backoff, Wait:BACKOFF",
        "wait-quarantined, Wait:MISCONFIGURED",
        "wait-settings-broken, Wait:MISCONFIGURED",
        "wait-refused, Wait:MISCONFIGURED",
        "proceed, Proceed",
        "observe, Proceed",
        "abandon-at-the-deadline, Abandon",
        "hold, Hold",
        "elsewhere, Ignore",
        "wait-functions-not-permitted, Wait:MISCONFIGURED",
        "never-overlooked, Extend",
        "unread-agent,",
        "abandoned-run-failed,",
    })
    void theDecisionTableSaysWhatComesNext(String name, String decision) {
        assertEquals(
                decision,
                Explainer.explain(SAMPLES.get(name)).standing().decision().orElse(null));
    }

    @ParameterizedTest
    @MethodSource("names")
    void theStoryIsInTheOrderOfTime(String name) {
        Explanation explanation = Explainer.explain(SAMPLES.get(name));

        var times = explanation.story().stream()
                .flatMap(moment -> moment.at().stream())
                .toList();
        assertEquals(times.stream().sorted().toList(), times);
    }

    @Test
    void aCallThatIsNotPermittedIsNamedAndHidesNothingElse() {
        Explanation explanation = Explainer.explain(SAMPLES.get("unread-agent"));

        assertEquals(1, explanation.unread().size());
        assertTrue(explanation.unread().get(0).contains("ssm:DescribeInstanceInformation"));
        assertTrue(explanation.story().stream().anyMatch(moment -> moment.what().equals("held")));
    }

    /** Whether the agent is there decides between waiting and running, so nothing is said of what comes next. */
    @Test
    void missingPermissionsOfTheOperatorAreNotTakenForGantrysTrouble() {
        Explanation explanation = Explainer.explain(SAMPLES.get("unread-agent"));

        assertTrue(explanation.standing().decision().isEmpty());
        assertEquals(Explanation.Mood.UNKNOWN, explanation.standing().mood());
    }

    @Test
    void anInstanceThatWaitsWithoutARecordForLongShowsThatGantryIsDown() {
        Explanation explanation = Explainer.explain(SAMPLES.get("never-overlooked"));

        assertEquals(Explanation.Mood.BAD, explanation.standing().mood());
        assertTrue(explanation.standing().why().contains("Gantry itself is down"));
    }

    @Test
    void whatARunFailedOnIsShownUntilAnotherRunSucceeds() {
        assertTrue(Explainer.explain(SAMPLES.get("wait-backoff")).failure().isPresent());
        assertTrue(Explainer.explain(SAMPLES.get("provisioned")).failure().isEmpty());
    }

    @Test
    void forAnInstanceThatGantryNeverHeldTheReasonIsGiven() {
        assertTrue(Explainer.explain(SAMPLES.get("never-without-a-hook"))
                .standing()
                .why()
                .contains("no launch hook named gantry"));
        assertTrue(Explainer.explain(SAMPLES.get("never-no-fleet"))
                .standing()
                .why()
                .contains("s3://gantry-bucket/fleets/web/settings.json"));
    }
}
