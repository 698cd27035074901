package dev.gantry.launch.simulation;

/** A factor on every fault's probability. */
enum Profile {
    /** A tenth of the faults. */
    CALM(0.1),
    /** As in {@link FaultKind}. */
    FAULTY(1),
    /** All faults, three times as often. */
    HOSTILE(3);

    private static final double MOST = 0.7;

    private final double factor;

    Profile(double factor) {
        this.factor = factor;
    }

    double probability(FaultKind kind) {
        return Math.min(Math.max(MOST, kind.probability()), factor * kind.probability());
    }
}
