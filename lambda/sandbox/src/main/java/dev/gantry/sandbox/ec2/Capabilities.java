package dev.gantry.sandbox.ec2;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Whether this machine can run real instances. */
public final class Capabilities {
    private static final List<String> TOOLS =
            List.of("systemd-nspawn", "systemd-socket-activate", "mmdebstrap", "ip", "nsenter", "mount", "umount");

    private Capabilities() {}

    /** In one sentence why real instances cannot run here; empty where they can. */
    public static Optional<String> whyNoRealInstances() {
        if (!"Linux".equals(System.getProperty("os.name"))) {
            return Optional.of("Real instances need Linux; this is " + System.getProperty("os.name") + ".");
        }
        if (!isRoot()) {
            return Optional.of("Real instances need root, for namespaces and mounts.");
        }
        Optional<String> missing =
                TOOLS.stream().filter(tool -> onPath(tool).isEmpty()).findFirst();
        if (missing.isPresent()) {
            return Optional.of("Real instances need " + missing.get()
                    + ", which is missing: apt-get install systemd-container mmdebstrap iproute2 util-linux.");
        }
        if (!Files.exists(NspawnFactory.SOCKET_PROXY)) {
            return Optional.of("Real instances need " + NspawnFactory.SOCKET_PROXY + " for their metadata service.");
        }
        if (!hasOverlay()) {
            return Optional.of("Real instances need the kernel's overlay file system, which cannot be mounted here.");
        }
        return canMakeNamespaces()
                ? Optional.empty()
                : Optional.of("Real instances need network namespaces, which cannot be made here.");
    }

    private static boolean isRoot() {
        try {
            return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    private static Optional<Path> onPath(String tool) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Stream.of(path.split(":"))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, tool))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static boolean hasOverlay() {
        return succeeds(
                "unshare",
                "-m",
                "sh",
                "-c",
                "mount -t tmpfs t /mnt && mkdir /mnt/l /mnt/u /mnt/w /mnt/m"
                        + " && mount -t overlay o -o lowerdir=/mnt/l,upperdir=/mnt/u,workdir=/mnt/w /mnt/m");
    }

    private static boolean canMakeNamespaces() {
        return succeeds("unshare", "-n", "ip", "link", "add", "gantry-try", "type", "bridge");
    }

    private static boolean succeeds(String... command) {
        try {
            return Host.run(List.of(command)).code() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
