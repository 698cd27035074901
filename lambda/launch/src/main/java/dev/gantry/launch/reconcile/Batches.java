package dev.gantry.launch.reconcile;

import dev.gantry.launch.id.InstanceId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

/** Instances in batches: DescribeAutoScalingInstances, DescribeInstanceInformation and SendCommand take fifty in a call. */
final class Batches {
    private static final int SIZE = 50;

    /** Alternates between the front and the middle, because adjacent batches have waited equally long. */
    private static final int STRIDE = 37;

    private Batches() {}

    static List<List<InstanceId>> of(Collection<InstanceId> instances) {
        List<InstanceId> sorted = instances.stream().sorted().toList();
        List<List<InstanceId>> batches = new ArrayList<>();
        for (int from = 0; from < sorted.size(); from += SIZE) {
            batches.add(sorted.subList(from, Math.min(from + SIZE, sorted.size())));
        }
        return batches;
    }

    /** The same, with another batch first in each minute. */
    static List<List<InstanceId>> rotated(Collection<InstanceId> instances, long minute) {
        List<List<InstanceId>> rotated = new ArrayList<>(of(instances));
        Collections.rotate(rotated, (int) (minute * STRIDE % Math.max(1, rotated.size())));
        return rotated;
    }
}
