package dev.gantry.system.faults;

import java.util.ArrayList;
import java.util.List;

/** The few cases of a day: other ones the next day, until all have been played. */
final class Sample {
    private Sample() {}

    /** The journey during whose calls the function is killed on that day. */
    static Journey journey(long day) {
        Journey[] all = Journey.values();
        return all[(int) Math.floorMod(day, (long) all.length)];
    }

    /**
     * The cases of a day, without those that take minutes.
     *
     * @param round counts the days on which these cases have a turn
     */
    static List<FaultCase> of(List<FaultCase> cases, long round, int size) {
        List<FaultCase> brief = cases.stream().filter(one -> !one.isLong()).toList();
        List<FaultCase> sample = new ArrayList<>();
        for (int i = 0; i < Math.min(size, brief.size()); i++) {
            sample.add(brief.get((int) Math.floorMod(round * size + i, (long) brief.size())));
        }
        return sample;
    }
}
