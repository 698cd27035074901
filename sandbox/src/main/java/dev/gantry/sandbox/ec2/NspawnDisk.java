package dev.gantry.sandbox.ec2;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A machine's disk: an overlay over the common image whose changes live in memory (a tmpfs), so that it survives a stop
 * and a reboot and costs nothing on the host's own disk.
 */
final class NspawnDisk {
    private final Path image;
    private final Path folder;

    NspawnDisk(Path image, Path folder) {
        this.image = image;
        this.folder = folder;
    }

    Path root() {
        return folder.resolve("root");
    }

    void make(String instanceId, String privateIp, Map<String, String> environment) throws IOException {
        Path disk = folder.resolve("disk");
        Files.createDirectories(disk);
        Files.createDirectories(root());
        Host.must("mount", "-t", "tmpfs", "-o", "mode=0755", "gantry", disk.toString());
        Path upper = Files.createDirectories(disk.resolve("upper"));
        Path work = Files.createDirectories(disk.resolve("work"));
        String options = "lowerdir=" + image + ",upperdir=" + upper + ",workdir=" + work;
        Host.must("mount", "-t", "overlay", "-o", options, "gantry", root().toString());
        String name = "ip-" + privateIp.replace('.', '-');
        write("etc/hostname", name + "\n");
        write("etc/hosts", "127.0.0.1 localhost\n" + privateIp + " " + name + "\n");
        write("etc/machine-id", machineId(instanceId) + "\n");
        write(
                "etc/environment",
                environment.entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue() + "\n")
                        .sorted()
                        .collect(Collectors.joining()));
    }

    private void write(String path, String text) throws IOException {
        Files.writeString(root().resolve(path), text);
    }

    /** 32 hex digits, its own for each machine, known before the first boot. */
    private static String machineId(String instanceId) {
        String digits = instanceId.replaceAll("[^0-9a-f]", "");
        return "0".repeat(32 - digits.length()) + digits;
    }
}
