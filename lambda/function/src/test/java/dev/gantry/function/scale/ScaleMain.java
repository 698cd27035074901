package dev.gantry.function.scale;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gantry.aws.scale.Burst;
import dev.gantry.aws.scale.Outcome;
import dev.gantry.aws.scale.Quotas;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Prints a line of JSON for each outcome; scripts/dev/scale reads them. Options are {@code name=value}, all of them needed. */
public final class ScaleMain {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ScaleMain() {}

    public static void main(String[] arguments) throws JsonProcessingException {
        Map<String, String> options = new TreeMap<>();
        List.of(arguments).forEach(a -> options.put(a.substring(0, a.indexOf('=')), a.substring(a.indexOf('=') + 1)));
        Quotas quotas = Quotas.of(options);
        Burst burst = Burst.of(options);
        Outcome outcome = options.get("who").equals("gantry")
                ? Scale.gantry(burst, quotas, Integer.parseInt(options.get("concurrency")))
                : Scale.baseline(burst, quotas);
        System.out.println(JSON.writeValueAsString(outcome.json()));
        // Processes that still wait have threads of their own.
        System.exit(0);
    }
}
