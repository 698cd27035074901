package dev.gantry.aws;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Splits a request into calls. An empty request makes no call: an empty list means "all" to the describe calls. */
public final class Batches {
    private Batches() {}

    /** The distinct items, in their order, at most {@code size} in each batch. */
    public static <T> List<List<T>> of(Collection<T> items, int size) {
        List<T> distinct = items.stream().distinct().toList();
        List<List<T>> batches = new ArrayList<>();
        for (int from = 0; from < distinct.size(); from += size) {
            batches.add(distinct.subList(from, Math.min(from + size, distinct.size())));
        }
        return batches;
    }
}
