package dev.gantry.jmh;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gantry.launch.fleet.Fleet;
import dev.gantry.launch.release.Release;
import dev.gantry.launch.stay.Stay;
import dev.gantry.stored.ReleaseJson;
import dev.gantry.stored.Samples;
import dev.gantry.stored.SettingsJson;
import dev.gantry.stored.StayJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The JSON forms; settings also as Jackson's mapper binds records, for docs/decisions/0026. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FormsBenchmark {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Stay stay = Samples.claimedStay("owner");
    private final byte[] stored = StayJson.write(stay);
    private final byte[] settings = SettingsJson.write(Samples.fleet());
    private final byte[] release = "{\"current\": \"%1$s\", \"lastGood\": \"%1$s\", \"quarantined\": {}}"
            .formatted(Samples.BUNDLE.sha256())
            .getBytes(StandardCharsets.UTF_8);

    /** As much of settings as a look reads, for the mapper. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Bound(String fleet, String hook, String mode, Document document, Map<String, Integer> breaker) {
        /** The document's. */
        @JsonIgnoreProperties(ignoreUnknown = true)
        public record Document(String name, String version, String hash) {}
    }

    @Benchmark
    public Stay readStay() {
        return StayJson.read("record", stored);
    }

    @Benchmark
    public byte[] writeStay() {
        return StayJson.write(stay);
    }

    @Benchmark
    public Fleet readSettings() {
        return SettingsJson.read("settings", Samples.WEB, settings);
    }

    @Benchmark
    public Bound readSettingsByTheMapper() throws IOException {
        return MAPPER.readValue(settings, Bound.class);
    }

    @Benchmark
    public Release readRelease() {
        return ReleaseJson.read("release", release);
    }
}
