package dev.gantry.system.e2e;

import dev.gantry.sandbox.wire.Journal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Keeps every API call in the order of the answers. */
public final class Calls implements Journal {
    private final List<Entry> entries = new ArrayList<>();

    @Override
    public synchronized void record(Entry entry) {
        entries.add(entry);
    }

    /** The number of calls so far. */
    public synchronized int mark() {
        return entries.size();
    }

    /** The calls that functions have made since the mark. */
    public synchronized List<Entry> ofFunctions(int mark, Predicate<Entry> which) {
        return entries.subList(mark, entries.size()).stream()
                .filter(entry -> Hazards.isFunction(entry.accessKey()))
                .filter(which)
                .toList();
    }

    public List<Entry> ofFunctions(int mark, String operation) {
        return ofFunctions(mark, entry -> entry.operation().equals(operation));
    }
}
