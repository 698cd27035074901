package dev.gantry.launch.simulation;

import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.id.RunId;
import dev.gantry.launch.stay.Agent;
import dev.gantry.launch.stay.Gate;
import dev.gantry.launch.stay.Lifecycle;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** One instance as it really is: its states, its waits at gates, its agent, and its runs. */
final class Machine {
    private static final Duration PING = Duration.ofMinutes(5);

    final InstanceId id;
    final List<Wait> waits = new ArrayList<>();
    final List<Issued> issued = new ArrayList<>();
    private final List<Past> past = new ArrayList<>();
    private final List<Up> ups = new ArrayList<>();
    /** The records of runs on its disk, and the holder of the lock; only the hardened document's program has both. */
    final Map<String, Guests.Known> records = new TreeMap<>();

    Optional<String> lock = Optional.empty();
    boolean otherHookHolds;
    boolean isTakenAway;
    boolean isWithoutAgent;
    /** When an undisturbed sweep last saw it beyond its gate and out of service, and so could record its stay's end. */
    Instant seenAway = Instant.MIN;

    Machine(InstanceId id) {
        this.id = id;
    }

    private record Past(Instant from, String state) {}

    /** One action of Gantry's hook. */
    static final class Wait {
        final Gate gate;
        final String token;
        final Instant began;
        final Instant activeFrom;
        Instant renewedAt;
        boolean isOver;
        boolean isCompletedByGantry;
        /** Whether an undisturbed sweep saw it, and so remembers it. */
        boolean isFollowed;

        Instant overAt = Instant.MAX;
        /** Whether an undisturbed look had this wait's event. */
        boolean isKnown;

        Wait(Gate gate, String token, Instant began, Instant activeFrom) {
            this.gate = gate;
            this.token = token;
            this.began = began;
            this.activeFrom = activeFrom;
            this.renewedAt = began;
        }

        void over(Instant now) {
            isOver = true;
            overAt = now;
        }
    }

    /** A time in which the agent was up. */
    private static final class Up {
        private final Instant from;
        private final boolean staysOnline;
        private Optional<Instant> to = Optional.empty();
        private Optional<Instant> lostFrom = Optional.empty();
        private Instant lostUntil = Instant.MAX;

        Up(Instant from, boolean staysOnline) {
            this.from = from;
            this.staysOnline = staysOnline;
        }

        boolean isConnected(Instant t) {
            return to.filter(t::isAfter).isEmpty()
                    && (lostFrom.isEmpty() || t.isBefore(lostFrom.get()) || !t.isBefore(lostUntil));
        }

        Agent seen(Instant t) {
            Instant end = to.filter(t::isAfter).orElse(t);
            Instant heard = lostFrom.filter(lost -> lost.isBefore(end) && end.isBefore(lostUntil))
                    .orElse(end);
            long pings = Duration.between(from, heard).dividedBy(PING);
            Instant lastPing = from.plus(PING.multipliedBy(Math.max(0, pings)));
            return new Agent(isConnected(t) || (to.isPresent() && staysOnline), Optional.of(lastPing));
        }
    }

    String state() {
        return past.get(past.size() - 1).state();
    }

    void state(String state, Instant now) {
        past.add(new Past(now, state));
    }

    /** Empty before it was launched. */
    Optional<String> stateAt(Instant t) {
        for (int i = past.size() - 1; i >= 0; i--) {
            if (!past.get(i).from().isAfter(t)) {
                return Optional.of(past.get(i).state());
            }
        }
        return Optional.empty();
    }

    /** Whether it was beyond its gate and out of service all the time. */
    boolean wasAway(Instant from, Instant to) {
        return isAway(from) && isAway(to);
    }

    private boolean isAway(Instant t) {
        return stateAt(t).map(Lifecycle::of).equals(Optional.of(Lifecycle.AWAY));
    }

    /** Whether it was held by a gate all the time. */
    boolean waited(Instant from, Instant to) {
        return stateAt(from).filter(state -> state.endsWith("Pending:Wait")).isPresent()
                && stateAt(to).equals(stateAt(from));
    }

    /** Whether it was in service, or gone, since then. */
    boolean wasDone(Instant since) {
        return stateAt(since)
                .filter(state -> state.equals("InService") || state.equals("Terminated"))
                .filter(state -> state.equals(state()))
                .isPresent();
    }

    boolean isFollowed() {
        return !waits.isEmpty() && waits.get(waits.size() - 1).isFollowed;
    }

    Optional<Wait> waitOf(String token) {
        return waits.stream().filter(w -> w.token.equals(token)).findFirst();
    }

    /**
     * The earliest beginning of the stay to which Gantry can assign this wait. A second wait at the same gate is a new stay.
     * If no undisturbed look had its event or saw the instance away from the gate in between, Gantry cannot know that.
     */
    Instant stayBegan(Wait wait) {
        int i = waits.indexOf(wait);
        while (i > 0 && isMistakable(waits.get(i - 1), waits.get(i))) {
            i--;
        }
        return waits.get(i).began;
    }

    private boolean isMistakable(Wait earlier, Wait later) {
        return earlier.gate == later.gate && !later.isKnown && seenAway.isBefore(earlier.overAt);
    }

    boolean isGone() {
        return state().equals("Terminated");
    }

    boolean isLeaving() {
        return state().startsWith("Terminat");
    }

    /** The action that holds it now. */
    Optional<Wait> held() {
        return waits.isEmpty() || waits.get(waits.size() - 1).isOver
                ? Optional.empty()
                : Optional.of(waits.get(waits.size() - 1));
    }

    /** When the wait before the present one ended, if there was one. */
    Optional<Instant> earlierWaitOver() {
        return waits.size() < 2 ? Optional.empty() : Optional.of(waits.get(waits.size() - 2).overAt);
    }

    /** The run as it was issued over the bastion, if it was. */
    Optional<Issued> overTheBastion(RunId run) {
        return issued.stream()
                .filter(one -> one.isOverTheBastion() && one.command.run().equals(Optional.of(run)))
                .findFirst();
    }

    void agentUp(Instant now, boolean staysOnline) {
        ups.add(new Up(now, staysOnline));
    }

    void agentDown(Instant now) {
        ups.stream().filter(up -> up.to.isEmpty()).forEach(up -> up.to = Optional.of(now));
    }

    void agentLost(Instant from, Instant until) {
        ups.stream().filter(up -> up.to.isEmpty()).forEach(up -> {
            up.lostFrom = Optional.of(from);
            up.lostUntil = until;
        });
    }

    boolean hasAgent(Instant now) {
        return !ups.isEmpty()
                && ups.get(ups.size() - 1).to.isEmpty()
                && ups.get(ups.size() - 1).isConnected(now);
    }

    /** What DescribeInstanceInformation said at that time. */
    Optional<Agent> agentAt(Instant t) {
        for (int i = ups.size() - 1; i >= 0; i--) {
            if (!ups.get(i).from.isAfter(t)) {
                return Optional.of(ups.get(i).seen(t));
            }
        }
        return Optional.empty();
    }
}
