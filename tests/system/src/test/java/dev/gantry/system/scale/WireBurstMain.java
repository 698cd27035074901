package dev.gantry.system.scale;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gantry.aws.scale.Burst;
import dev.gantry.aws.scale.Outcome;
import dev.gantry.aws.scale.Quotas;
import dev.gantry.sandbox.ExampleFleet;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Prints a line of JSON for one burst over the wire; scripts/dev/scale reads it. Options are {@code name=value}, all of them needed:
 * who, zip, patience-seconds, and those of {@link Burst} and {@link Quotas}.
 */
public final class WireBurstMain {
    private static final ObjectMapper JSON = new ObjectMapper();

    private WireBurstMain() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Map<String, String> options = new TreeMap<>();
        List.of(arguments).forEach(a -> options.put(a.substring(0, a.indexOf('=')), a.substring(a.indexOf('=') + 1)));
        Quotas quotas = Quotas.of(options);
        Burst burst = Burst.of(options);
        Duration patience = Duration.ofSeconds(Integer.parseInt(options.get("patience-seconds")));
        Outcome outcome = options.get("who").equals("gantry")
                ? WireBurst.gantry(burst, quotas, patience, Path.of(options.get("zip")), ExampleFleet.Tempo.STANDARD)
                        .outcome()
                : WireBurst.baseline(burst, quotas, patience).outcome();
        System.out.println(JSON.writeValueAsString(outcome.json()));
        System.exit(0);
    }
}
