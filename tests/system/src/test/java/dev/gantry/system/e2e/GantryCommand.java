package dev.gantry.system.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.sandbox.Sandbox;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The operator's command as processes of their own, over a deployment of a test. */
final class GantryCommand {
    private static final int SECONDS = 120;

    private final Deployment gantry;
    private final Path state;

    /** {@code state} is where it may keep its key. */
    GantryCommand(Deployment gantry, Path state) {
        this.gantry = gantry;
        this.state = state;
    }

    /** What it prints. */
    String run(String... arguments) throws IOException, InterruptedException {
        Process process = start(arguments);
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(SECONDS, TimeUnit.SECONDS), "gantry does not end");
        assertEquals(0, process.exitValue(), said);
        return said;
    }

    /** A console at a free port; it is still starting. */
    Console console() throws IOException {
        return new Console(start("console", "--json", "--port", "0"));
    }

    private Process start(String... arguments) throws IOException {
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "dev.gantry.cli.Gantry"));
        line.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("AWS_") || name.startsWith("GANTRY_"));
        environment.put("AWS_ENDPOINT_URL", gantry.sandbox.endpoint().toString());
        environment.put("AWS_REGION", gantry.sandbox.cloud().region());
        environment.put("AWS_ACCESS_KEY_ID", Sandbox.ACCESS_KEY);
        environment.put("AWS_SECRET_ACCESS_KEY", Sandbox.SECRET_KEY);
        environment.put("XDG_STATE_HOME", state.toString());
        return builder.start();
    }

    /** A console that runs. */
    static final class Console implements AutoCloseable {
        private final Process process;
        private String address = "";

        private Console(Process process) {
            this.process = process;
        }

        Process process() {
            return process;
        }

        /** What it prints first; waits until it has started. */
        String address() throws IOException {
            if (address.isEmpty()) {
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
                String first = String.valueOf(lines.readLine());
                assertTrue(first.startsWith("{"), first);
                address = Deployment.parse(first).path("address").asText();
            }
            return address;
        }

        String origin() throws IOException {
            return address().substring(0, address().indexOf("/?"));
        }

        @Override
        public void close() {
            process.destroy();
        }
    }
}
