package dev.gantry.system.faults;

import dev.gantry.sandbox.wire.AccessKeys;
import dev.gantry.sandbox.wire.Faults;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Intercepts the functions' calls: counts them, and injects the planned fault. Other callers are not affected. */
final class Trap implements Faults {
    private static final Pattern FUNCTION = Pattern.compile(".*:assumed-role/(gantry-(?!instance)[a-z-]+)/.*");

    private final List<CallPoint> seen = new ArrayList<>();
    private final Map<String, String> functions = new LinkedHashMap<>();
    private final Map<CallPoint, Integer> counts = new HashMap<>();
    private Optional<AccessKeys> keys = Optional.empty();
    private Plan plan = Plan.NONE;
    private boolean sprung;

    /** What goes wrong with which call. */
    interface Plan {
        Plan NONE = (point, accessKey) -> new Fault.None();

        /** Asked once for each call of a function, one at a time. */
        Fault on(CallPoint point, String accessKey);
    }

    /** Functions are recognised by their access keys. */
    synchronized void learn(AccessKeys known) {
        keys = Optional.of(known);
    }

    /** Forgets the calls so far. */
    synchronized void set(Plan next) {
        seen.clear();
        counts.clear();
        plan = next;
        sprung = false;
    }

    /** Injects no faults from now on. */
    synchronized void disarm() {
        plan = Plan.NONE;
    }

    @Override
    public Fault on(String service, String operation, String accessKey) {
        return on(service, operation, accessKey, "");
    }

    @Override
    public synchronized Fault on(String service, String operation, String accessKey, String path) {
        Optional<String> function = function(accessKey);
        if (function.isEmpty()) {
            return new Fault.None();
        }
        CallPoint kind = new CallPoint(function.get(), CallPoint.kind(service, operation, path), 0);
        CallPoint point = new CallPoint(kind.function(), kind.call(), counts.merge(kind, 1, Integer::sum));
        seen.add(point);
        Fault fault = plan.on(point, accessKey);
        sprung |= !(fault instanceof Fault.None);
        return fault;
    }

    /** The function whose key it is; keys of processes that have ended are remembered. */
    synchronized Optional<String> function(String accessKey) {
        Optional<String> known = Optional.ofNullable(functions.get(accessKey));
        if (known.isPresent()) {
            return known;
        }
        Optional<String> found = keys.flatMap(k -> k.find(accessKey))
                .map(identity -> FUNCTION.matcher(identity.arn()))
                .filter(Matcher::matches)
                .map(matcher -> matcher.group(1));
        found.ifPresent(name -> functions.put(accessKey, name));
        return found;
    }

    /** The keys of all processes that ever made a call. */
    synchronized List<String> accessKeys() {
        return List.copyOf(functions.keySet());
    }

    /** Whether anything has gone wrong yet. */
    synchronized boolean isSprung() {
        return sprung;
    }

    /** The functions' calls in the order in which they came. */
    synchronized List<CallPoint> seen() {
        return List.copyOf(seen);
    }
}
