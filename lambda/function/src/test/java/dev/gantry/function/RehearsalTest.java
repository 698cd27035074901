package dev.gantry.function;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.function.rehearsal.Rehearsal;
import dev.gantry.function.rehearsal.RehearsedAws;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class RehearsalTest {
    private static final FunctionConfig CONFIG = new FunctionConfig(
            "gantry-rehearsal",
            "http://127.0.0.1:9/launches",
            "http://127.0.0.1:9/dlq",
            Optional.empty(),
            Optional.empty(),
            "eu-central-1",
            Optional.empty(),
            Duration.ofMinutes(1));

    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(log, true, StandardCharsets.UTF_8);

    private List<String> lines(String type) {
        return log.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.contains("\"log_type\":\"" + type + "\""))
                .toList();
    }

    @Test
    void playsLaunchesThroughFromTheEventToTheHooksCompletion() {
        Wiring.rehearse(CONFIG, out);

        assertTrue(lines("run_sent").size() > 1, log.toString(StandardCharsets.UTF_8));
        assertEquals(lines("run_sent").size(), lines("proceeded").size());
        assertEquals(List.of(), lines("look_failed"));
        assertEquals(List.of(), lines("defect"));
    }

    /** A wave of requests is answered only once all of them have arrived, so none of them waits for another's answer. */
    private static final class Waves {
        private static final List<Set<String>> BEFORE_THE_COMMAND = List.of(
                Set.of("DescribeAutoScalingInstances", "GET settings.json", "GET release.json"),
                Set.of("HEAD bundle.zip", "GET record.json", "DescribeInstanceInformation"),
                Set.of("PUT record.json"));

        private final Map<Set<String>, CountDownLatch> missing = BEFORE_THE_COMMAND.stream()
                .collect(Collectors.toMap(wave -> wave, wave -> new CountDownLatch(wave.size())));
        private final Set<String> asked = ConcurrentHashMap.newKeySet();
        private final Set<String> waitedInVain = ConcurrentHashMap.newKeySet();

        void asked(String operation) {
            String name = operation
                    .replaceAll("[0-9a-f]{64}\\.zip", "bundle.zip")
                    .replaceAll("i-[0-9a-f]+\\.json", "record.json");
            boolean isNew = asked.add(name);
            BEFORE_THE_COMMAND.stream()
                    .filter(wave -> isNew && wave.contains(name))
                    .forEach(wave -> await(name, missing.get(wave)));
        }

        private void await(String name, CountDownLatch wave) {
            wave.countDown();
            try {
                if (!wave.await(10, TimeUnit.SECONDS)) {
                    waitedInVain.add(name);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Test
    void aLaunchTakesSevenCallsToItsCommandOfWhichThreeComeOneAfterTheOther() throws IOException {
        Waves waves = new Waves();
        Set<String> before = new TreeSet<>();
        try (RehearsedAws aws = new RehearsedAws(CONFIG.bucket(), operation -> {
            waves.asked(operation);
            if (operation.equals("SendCommand")) {
                before.addAll(waves.asked);
            }
        })) {
            LaunchQueue queue = Wiring.rehearsing(CONFIG, aws.endpoint(), out).launchQueue();

            assertEquals(
                    List.of(), queue.handle(List.of(new LaunchQueue.Message("1", "1", Rehearsal.launching(), "", 1))));
        }

        assertEquals(Set.of(), waves.waitedInVain);
        before.remove("SendCommand");
        assertEquals(7, before.size(), before.toString());
        assertEquals(1, lines("run_sent").size());
    }
}
