package dev.gantry.sandbox.lambda;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Makes a deployment package of {@link ProbeHandler}, as small as one can be. */
public final class ProbeZip {
    private ProbeZip() {}

    public static Path in(Path directory) throws IOException {
        Path zip = directory.resolve("probe.zip");
        String entry = ProbeHandler.class.getName().replace('.', '/') + ".class";
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip));
                InputStream bytes = ProbeHandler.class.getResourceAsStream("/" + entry)) {
            out.putNextEntry(new ZipEntry(entry));
            bytes.transferTo(out);
        }
        return zip;
    }

    public static FunctionSpec function(Path zip, String name, Optional<Integer> concurrency) {
        return new FunctionSpec(
                name,
                ProbeHandler.class.getName() + "::handleRequest",
                zip,
                Duration.ofMinutes(1),
                512,
                Map.of("PROBE_VARIABLE", "set"),
                concurrency);
    }
}
