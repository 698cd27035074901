package dev.gantry.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gantry.cli.Problem;
import dev.gantry.launch.id.BundleId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes bundles by scripts/bundle, whose bytes are the same on every machine. */
final class Bundler {
    /** The repository, as the launcher says. */
    private static final String HOME = "gantry.home";

    /** A bundle on this machine. */
    record Bundle(BundleId id, Path path) {}

    Bundle make(Optional<String> tree, Optional<String> environment) throws IOException, InterruptedException {
        String home = Optional.ofNullable(System.getProperty(HOME))
                .orElseThrow(() -> new Problem(
                        Problem.USAGE,
                        "bundles are made by scripts/bundle of the repository: start gantry by scripts/gantry"));
        List<String> command = new ArrayList<>(List.of(home + "/scripts/bundle", "--json"));
        tree.ifPresent(folder -> command.addAll(List.of("--tree", folder)));
        environment.ifPresent(name -> command.addAll(List.of("--env", name)));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new Problem(Problem.REFUSED, "the tree is no bundle; scripts/bundle says why above");
        }
        JsonNode made = new ObjectMapper().readTree(answer);
        return new Bundle(
                new BundleId(made.path("sha256").asText()),
                Path.of(made.path("path").asText()));
    }
}
