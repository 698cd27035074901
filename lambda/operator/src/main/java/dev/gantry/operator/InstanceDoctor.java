package dev.gantry.operator;

import dev.gantry.launch.port.Result;
import dev.gantry.launch.stay.Agent;
import dev.gantry.operator.Explanation.Mood;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Checks one instance: its state, and its agent. Pure. */
public final class InstanceDoctor {
    private static final String ROLE = "mend what is found below about its role, its network and its metadata";

    private InstanceDoctor() {}

    /** The findings about one instance. */
    public static List<Finding> check(Evidence seen) {
        List<Finding> findings = new ArrayList<>();
        Explanation told = Explainer.explain(seen);
        String where = "instance " + seen.instance();
        seen.unread().forEach(error -> findings.add(Finding.unread(where, error)));
        if (told.standing().mood() == Mood.BAD) {
            findings.add(Finding.wrong(
                    where,
                    "it " + told.standing().headline() + ": " + told.standing().why(),
                    steps(told)));
        } else {
            findings.add(Finding.well(where, "it " + told.standing().headline()));
        }
        if (seen.systemsManager().agent() instanceof Result.Ok<Optional<Agent>> agent) {
            agent(findings, where, agent.value());
        }
        return findings;
    }

    /** Whether its agent is not known to be online: then its surroundings may say why. */
    public static boolean mayBeWithoutAgent(Evidence seen) {
        return seen.agent().filter(Agent::online).isEmpty();
    }

    private static String steps(Explanation told) {
        return told.next().stream()
                .map(step -> step.command()
                        .map(command -> step.words() + " " + command)
                        .orElse(step.words()))
                .collect(Collectors.joining(" "));
    }

    private static void agent(List<Finding> findings, String where, Optional<Agent> agent) {
        if (agent.isEmpty()) {
            findings.add(Finding.wrong(
                    where,
                    "its SSM agent never registered with Systems Manager",
                    ROLE
                            + "; then restart the agent: one that started before its role was there sleeps up"
                            + " to an hour"));
        } else if (!agent.get().online()) {
            String ping = agent.get()
                    .lastPing()
                    .map(at -> ", and was heard last at " + Times.full(at))
                    .orElse("");
            findings.add(Finding.wrong(
                    where,
                    "its SSM agent is not online" + ping,
                    "on the instance: journalctl -u amazon-ssm-agent; is the instance running, and its way to"
                            + " ssmmessages open?"));
        } else {
            findings.add(Finding.well(where, "its SSM agent is online"));
        }
    }
}
