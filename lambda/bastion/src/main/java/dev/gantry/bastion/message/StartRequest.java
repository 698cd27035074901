package dev.gantry.bastion.message;

import dev.gantry.launch.id.InstanceId;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The content of a start: the hardened document's parameters by name, and the bundle's key in the bucket.
 *
 * <p>No name or value has a line break: each becomes one line of the program's input. What else a value may be is checked by
 * the program itself ({@code ssm-documents/gantry_apply/options.py}), which must not trust this channel either. Values are
 * never logged, so {@link #toString()} leaves them out.
 */
public record StartRequest(SortedMap<String, String> options, String bundleKey) {

    public StartRequest(Map<String, String> options, String bundleKey) {
        this(new TreeMap<>(options), bundleKey);
    }

    /**
     * The program's standard input: the bundle, the instance, the options as {@code NAME=value} lines, and a last line that marks
     * the end. If a connection is cut, the program also sees the end of its input, and half of the options would be another
     * run.
     */
    public byte[] lines(String bucket, InstanceId instance) {
        StringBuilder lines = new StringBuilder();
        line(lines, "Source", "s3://" + bucket + "/" + bundleKey);
        line(lines, "Instance", instance.value());
        options.forEach((name, value) -> line(lines, name, value));
        line(lines, "End", options.get("RunId"));
        return lines.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void line(StringBuilder lines, String name, String value) {
        lines.append(name).append('=').append(value).append('\n');
    }

    @Override
    public String toString() {
        return "options " + options.keySet() + " of " + bundleKey;
    }
}
