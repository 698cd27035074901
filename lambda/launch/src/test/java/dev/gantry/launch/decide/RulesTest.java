package dev.gantry.launch.decide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.gantry.launch.stay.Closing;
import dev.gantry.launch.stay.Stay;
import dev.gantry.launch.twin.Observations;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The rules for an instance at its gate. */
final class RulesTest {

    @Provide
    Arbitrary<Observation> any() {
        return Observations.all();
    }

    @Example
    void eachRuleHasANameOfItsOwn() {
        List<String> names = DecisionTable.AT_THE_GATE.stream().map(Rule::name).toList();

        assertEquals(names.size(), Set.copyOf(names).size());
    }

    private static Observation completedJustNow(Observation o) {
        Stay stay = o.stay().orElseThrow().withoutToken().withHeartbeat(o.now());
        Closing intended = Closing.proceeding(Closing.Kind.PROVISIONED, "a run succeeded", o.now());
        return o.with(stay.withClosing(intended));
    }

    @Example
    void eachRuleDecidesSomeObservation() {
        Set<String> missing =
                new TreeSet<>(DecisionTable.AT_THE_GATE.stream().map(Rule::name).toList());

        Arbitraries.oneOf(
                        Observations.all(),
                        Observations.open(),
                        Observations.withoutSettings(),
                        Observations.asked(),
                        Observations.open().map(RulesTest::completedJustNow))
                .sampleStream()
                .limit(50_000)
                .takeWhile(o -> !missing.isEmpty())
                .forEach(o -> DecisionTable.ruleFor(o).ifPresent(missing::remove));

        assertEquals(Set.of(), missing);
    }

    @Property
    void exactlyTheInstancesAtAGateHaveARule(@ForAll("any") Observation o) {
        boolean isAtAGate = o.lifecycle().gate().isPresent() && o.stay().isPresent();

        assertEquals(isAtAGate, DecisionTable.ruleFor(o).isPresent());
        assertFalse(DecisionTable.decide(o).why().isBlank());
    }
}
