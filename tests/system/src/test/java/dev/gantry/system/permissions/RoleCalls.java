package dev.gantry.system.permissions;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.sandbox.Cloud;
import dev.gantry.sandbox.wire.AccessKeys.Identity;
import dev.gantry.sandbox.wire.Journal;
import java.nio.file.Path;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Writes down which calls functions and instances make, for the judge of tests/iam (scripts/lib/terraform/recorded_calls.py): for
 * each kind of call one JSON line {@code caller, service, operation, request, names}, as in the sandbox's journal. What differs
 * from run to run (ids, digests, ports) is replaced, so that each kind stands there once. A refused call is recorded too: it
 * still needs its permission.
 */
public final class RoleCalls implements Journal, Cloud.Part {
    private static final String ROLE = ":assumed-role/gantry-";
    private static final SharedLines LINES = new SharedLines("function-calls");

    private final Journal inner;
    private volatile Optional<Cloud> cloud = Optional.empty();

    /** Records every call, and passes it on. */
    public RoleCalls(Journal inner) {
        this.inner = inner;
    }

    @Override
    public void build(Cloud built) {
        cloud = Optional.of(built);
    }

    @Override
    public void record(Entry entry) {
        cloud.flatMap(c -> c.keys().find(entry.accessKey()))
                .map(Identity::arn)
                .filter(arn -> arn.contains(ROLE))
                .ifPresent(arn -> LINES.add(line(arn, entry)));
        inner.record(entry);
    }

    static String line(String caller, Entry entry) {
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        line.put("caller", alike(caller));
        line.put("service", entry.service());
        line.put("operation", entry.operation());
        line.put("request", alike(entry.request().line()));
        ObjectNode names = line.putObject("names");
        new TreeMap<>(entry.request().names()).forEach((name, value) -> names.put(name, alike(value)));
        return line.toString();
    }

    /** The text of another run: what is drawn or counted in a run is the same in all. */
    static String alike(String text) {
        return text.replaceAll("i-[0-9a-f]{17}", "i-0123456789abcdef0")
                .replaceAll("i-0123456789abcdef0(,i-0123456789abcdef0)+", "i-0123456789abcdef0")
                .replaceAll("[0-9a-f]{64}", "ab".repeat(32))
                .replaceAll("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "0a1b2c3d-0000-1111-2222-333344445555")
                .replaceAll("run-[0-9a-z]{8,40}", "run-0a1b2c3d")
                .replaceAll("^\"[0-9a-f]+\"$", "\"0\"")
                .replaceAll("-\\d+\\.json", "-1.json")
                .replaceAll("\\d{8}T\\d{9}Z", "20260101T000000000Z")
                .replaceAll("127\\.0\\.0\\.1:\\d+", "127.0.0.1")
                .replaceAll("(continuation-token|NextToken)=[^&]*", "$1=");
    }

    /** Writes what was heard so far in this process. */
    public static void write(Path zip) {
        LINES.write(zip);
    }
}
