package dev.gantry.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.launch.stay.Agent;
import dev.gantry.operator.Finding.Kind;
import dev.gantry.operator.SampleInstances.Sample;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What {@code gantry doctor} finds about one instance. */
class InstanceDoctorTest {
    private static final String WHERE = "instance i-0123456789abcdef0";

    private static Evidence sample(String name) {
        return SampleInstances.all().get(name);
    }

    private static Evidence withAgent(Agent agent) {
        return new Sample().stay(SampleInstances.OPEN).agent(agent).after(250).evidence();
    }

    @Test
    void anInstanceThatIsWellStandsWellAndSoDoesItsAgent() {
        assertEquals(
                List.of(Finding.well(WHERE, "it was let into service"), Finding.well(WHERE, "its SSM agent is online")),
                InstanceDoctor.check(sample("provisioned")));
    }

    @Test
    void theStepsAndTheirCommandsAreTheMend() {
        Finding finding = InstanceDoctor.check(sample("abandoned-deadline")).get(0);

        assertEquals(Kind.WRONG, finding.kind());
        assertEquals(
                "it was abandoned: the launch deadline of 3600 s has passed: the SSM agent never registered",
                finding.what());
        assertEquals(
                "Repair what the reason names. If launches are only slow, raise launchDeadlineSeconds."
                        + " Check the fleet. gantry doctor web",
                finding.mend());
    }

    @Test
    void anAgentThatNeverRegisteredIsAFinding() {
        List<Finding> findings = InstanceDoctor.check(sample("wait-agent"));

        assertEquals(
                "its SSM agent never registered with Systems Manager",
                findings.get(1).what());
        assertTrue(findings.get(1).mend().contains("restart the agent"), findings::toString);
    }

    @Test
    void anAgentThatWentAwayIsAFindingWithItsLastPing() {
        Agent away = new Agent(false, Optional.of(SampleInstances.LAUNCHED.plusSeconds(25)));

        assertEquals(
                "its SSM agent is not online, and was heard last at 2026-11-29 03:00:25 UTC",
                InstanceDoctor.check(withAgent(away)).get(1).what());
        assertEquals(
                "its SSM agent is not online",
                InstanceDoctor.check(withAgent(Agent.ABSENT)).get(1).what());
    }

    @Test
    void whatCouldNotBeReadIsAFindingOfItsOwn() {
        List<Finding> findings = InstanceDoctor.check(sample("unread-agent"));

        assertEquals(
                List.of(Kind.UNREAD, Kind.WELL),
                findings.stream().map(Finding::kind).toList());
        assertTrue(findings.get(0).what().contains("ssm:DescribeInstanceInformation"), findings::toString);
    }

    @Test
    void itsSurroundingsAreLookedAtUnlessItsAgentIsKnownToBeOnline() {
        assertTrue(InstanceDoctor.mayBeWithoutAgent(sample("wait-agent")));
        assertTrue(InstanceDoctor.mayBeWithoutAgent(sample("unread-agent")));
        assertTrue(InstanceDoctor.mayBeWithoutAgent(withAgent(Agent.ABSENT)));
        assertFalse(InstanceDoctor.mayBeWithoutAgent(sample("provisioned")));
    }
}
