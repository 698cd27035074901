package dev.gantry.function.scale;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Prints a line of JSON for each outcome; scripts/scale reads them. Options are {@code name=value}, all of them needed. */
public final class ScaleMain {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ScaleMain() {}

    public static void main(String[] arguments) throws JsonProcessingException {
        Map<String, String> options = new TreeMap<>();
        List.of(arguments).forEach(a -> options.put(a.substring(0, a.indexOf('=')), a.substring(a.indexOf('=') + 1)));
        Quotas quotas = new Quotas(
                Double.parseDouble(options.get("asg-tps")),
                Double.parseDouble(options.get("asg-burst")),
                Double.parseDouble(options.get("ssm-tps")),
                Double.parseDouble(options.get("ssm-burst")));
        Burst burst = new Burst(
                number(options, "instances"),
                number(options, "launch-seconds"),
                number(options, "agent-seconds"),
                number(options, "run-seconds"),
                Boolean.parseBoolean(options.get("announced")),
                number(options, "seed"));
        Outcome outcome = options.get("who").equals("gantry")
                ? Scale.gantry(burst, quotas, number(options, "concurrency"))
                : Scale.baseline(burst, quotas);
        System.out.println(JSON.writeValueAsString(outcome.json()));
        // Processes that still wait have threads of their own.
        System.exit(0);
    }

    private static int number(Map<String, String> options, String name) {
        return Integer.parseInt(options.get(name));
    }
}
