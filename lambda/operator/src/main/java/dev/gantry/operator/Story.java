package dev.gantry.operator;

import dev.gantry.launch.fleet.Fleet;
import dev.gantry.launch.port.Commands.Progress;
import dev.gantry.launch.port.Fleets;
import dev.gantry.launch.port.Result;
import dev.gantry.launch.stay.Agent;
import dev.gantry.launch.stay.Attempt;
import dev.gantry.launch.stay.Closing;
import dev.gantry.launch.stay.Intervention;
import dev.gantry.launch.stay.Stay;
import dev.gantry.launch.stay.Verdict;
import dev.gantry.operator.Explanation.Moment;
import dev.gantry.operator.Explanation.Mood;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** An instance's launch as a timeline: launched, held, agent, runs, completed, terminated. */
final class Story {
    private static final Comparator<Moment> BY_TIME =
            Comparator.comparing(moment -> moment.at().orElse(Instant.MAX));

    private final Evidence seen;
    private final List<Moment> moments = new ArrayList<>();

    private Story(Evidence seen) {
        this.seen = seen;
    }

    static List<Moment> of(Evidence seen, Belief belief) {
        Story story = new Story(seen);
        story.launch();
        belief.stay().ifPresent(story::stay);
        story.agent(belief);
        story.termination();
        return story.moments.stream().sorted(BY_TIME).toList();
    }

    private void launch() {
        seen.activities().stream()
                .filter(Activity::isLaunch)
                .findFirst()
                .ifPresent(activity -> add(activity.startedAt(), "launched", "by Auto Scaling", Mood.GOOD));
    }

    private void termination() {
        seen.activities().stream()
                .filter(Activity::isTermination)
                .reduce((earlier, later) -> later)
                .ifPresent(activity -> add(activity.startedAt(), "terminated", activity.cause(), Mood.BAD));
    }

    private void stay(Stay stay) {
        String hook = seen.view()
                .map(Fleets.View::fleet)
                .map(Fleet::hook)
                .map(name -> ", hook " + name)
                .orElse("");
        String gate = stay.gate().name().toLowerCase(Locale.ROOT);
        add(
                stay.openedAt(),
                "held",
                "first seen at the " + gate + " gate" + hook + ", stay " + stay.number(),
                Mood.GOOD);
        stay.attempts().forEach(this::attempt);
        stay.trouble()
                .filter(trouble -> stay.isOpen())
                .ifPresent(trouble -> add(trouble.since(), "trouble", trouble.message(), Mood.BAD));
        intervention(stay.intervention());
        stay.interruptedAt()
                .ifPresent(
                        at -> add(at, "interrupted", "EC2 announced that it takes this Spot instance back", Mood.BAD));
        stay.closing().ifPresent(this::closing);
    }

    private void intervention(Intervention asked) {
        asked.hold()
                .ifPresent(hold -> add(
                        hold.at(),
                        hold.until().isAfter(hold.at()) ? "hold" : "unhold",
                        (hold.until().isAfter(hold.at()) ? "until " + Times.full(hold.until()) + ", " : "")
                                + "asked by " + hold.by(),
                        Mood.WAITING));
        asked.retry()
                .ifPresent(retry ->
                        add(retry.at(), "retry", "run " + retry.run() + " asked by " + retry.by(), Mood.WAITING));
    }

    private void attempt(Attempt attempt) {
        String name = "run " + attempt.number();
        String how = attempt.detour()
                .map(detour -> " over the bastion: " + detour.why())
                .orElse(attempt.commandId().isPresent() ? "" : ", its command is not known yet");
        add(attempt.claimedAt(), name, "of bundle " + attempt.bundle().brief() + how, Mood.WAITING);
        attempt.end().ifPresent(end -> ended(name, end));
        if (attempt.isUnderWay()) {
            underWay(name);
        }
    }

    private void underWay(String name) {
        seen.progress()
                .filter(Progress.UnderWay.class::isInstance)
                .ifPresent(progress -> moments.add(new Moment(
                        Optional.of(seen.now()),
                        name,
                        "is " + ((Progress.UnderWay) progress).status() + " in Systems Manager",
                        Mood.WAITING)));
    }

    private void ended(String name, Attempt.End end) {
        if (end.verdict() instanceof Verdict.RunFailed failed) {
            add(end.at(), name + " failed", failed.failure().summary(), Mood.BAD);
        } else if (end.verdict() instanceof Verdict.Refused refused) {
            add(end.at(), name + " refused", refused.detail(), Mood.BAD);
        } else if (end.verdict() instanceof Verdict.Undelivered undelivered) {
            add(end.at(), name + " lost", "never got to its end: " + undelivered.detail(), Mood.BAD);
        } else {
            add(end.at(), name + " ready", "every task succeeded, the readiness check included", Mood.GOOD);
        }
    }

    private void closing(Closing closing) {
        Mood mood = closing.kind() == Closing.Kind.ABANDONED
                ? Mood.BAD
                : closing.kind() == Closing.Kind.ELSEWHERE ? Mood.UNKNOWN : Mood.GOOD;
        String what =
                switch (closing.kind()) {
                    case PROVISIONED, OBSERVED -> "let go";
                    case ABANDONED -> "abandoned";
                    case ELSEWHERE -> "ended";
                };
        String open = closing.doneAt().isEmpty() ? " (Auto Scaling has not confirmed it yet)" : "";
        add(closing.decidedAt(), what, closing.why() + open, mood);
    }

    private void agent(Belief belief) {
        Optional<Agent> agent = seen.agent();
        boolean isHeld = belief.lifecycle().gate().isPresent();
        if (agent.isPresent()) {
            String state = agent.get().online() ? "online; its last ping" : "not online; its last ping";
            agent.get()
                    .lastPing()
                    .filter(at -> !at.isAfter(seen.now()))
                    .ifPresent(at -> add(at, "agent", state, agent.get().online() ? Mood.GOOD : Mood.BAD));
        } else if (isHeld && isKnown()) {
            moments.add(new Moment(Optional.empty(), "agent", "Systems Manager does not know this instance", Mood.BAD));
        }
    }

    private boolean isKnown() {
        return seen.systemsManager().agent() instanceof Result.Ok<Optional<Agent>>;
    }

    private void add(Instant at, String what, String detail, Mood mood) {
        moments.add(new Moment(Optional.of(at), what, detail, mood));
    }
}
