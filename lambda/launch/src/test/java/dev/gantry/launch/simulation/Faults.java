package dev.gantry.launch.simulation;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Decides which faults strike. Every fault that struck has a name, its kind and its number among that kind's occasions, so
 * that a simulation can be repeated without it.
 */
final class Faults {
    private final Map<FaultKind, Occasions> occasions = new EnumMap<>(FaultKind.class);
    private final Set<Fault> struck = new TreeSet<>();
    private final Set<Fault> spared;
    private final Profile profile;
    private final Trace trace;
    private Runnable onStrike = () -> {};
    private boolean over;

    private static final class Occasions {
        private final Dice dice;
        private int count;

        Occasions(Dice dice) {
            this.dice = dice;
        }
    }

    /** A fault that struck, or would have struck. */
    record Fault(FaultKind kind, int occasion) implements Comparable<Fault> {
        @Override
        public int compareTo(Fault other) {
            int byKind = kind.compareTo(other.kind);
            return byKind != 0 ? byKind : Integer.compare(occasion, other.occasion);
        }

        @Override
        public String toString() {
            return kind + "#" + occasion;
        }
    }

    Faults(long seed, Profile profile, Set<Fault> spared, Trace trace) {
        for (FaultKind kind : FaultKind.values()) {
            occasions.put(kind, new Occasions(new Dice(seed, "fault " + kind)));
        }
        this.profile = profile;
        this.spared = spared;
        this.trace = trace;
    }

    /** Called at each fault: a look during which it happens is not undisturbed. */
    void onStrike(Runnable listener) {
        onStrike = listener;
    }

    boolean strikes(FaultKind kind) {
        if (over) {
            return false;
        }
        Occasions of = occasions.get(kind);
        of.count++;
        if (!of.dice.chance(profile.probability(kind))) {
            return false;
        }
        Fault fault = new Fault(kind, of.count);
        if (spared.contains(fault)) {
            return false;
        }
        struck.add(fault);
        trace.say(() -> "! " + fault);
        onStrike.run();
        return true;
    }

    /** Random numbers for the size of a fault of this kind. */
    Dice of(FaultKind kind) {
        return occasions.get(kind).dice;
    }

    /** From now on there are no faults. */
    void stop() {
        over = true;
        trace.say(() -> "faults stop");
    }

    boolean areOver() {
        return over;
    }

    Set<Fault> struck() {
        return struck;
    }
}
