package dev.gantry.sandbox.ec2;

import java.io.File;
import java.io.IOException;
import java.util.List;

/**
 * A machine's network namespace: an interface on the bridge, and the metadata service's address on its own loopback,
 * where a small relay (systemd's socket proxy) hands connections to the sandbox. The host's own 169.254.169.254 is
 * never touched: the host may be an EC2 instance itself.
 */
final class NspawnNetwork {
    private final NspawnMachine.Site site;
    private final String instanceId;

    NspawnNetwork(NspawnMachine.Site site, String instanceId) {
        this.site = site;
        this.instanceId = instanceId;
    }

    String namespace() {
        return site.run().namespace(instanceId);
    }

    void make() throws IOException {
        String link = site.run().link(site.number());
        String namespace = namespace();
        Host.must("ip", "netns", "add", namespace);
        Host.must("ip", "link", "add", link, "type", "veth", "peer", "name", "eth0", "netns", namespace);
        Host.must("ip", "link", "set", link, "master", site.run().bridge(), "up");
        String address = site.subnet().address(site.number()) + "/24";
        Host.must("ip", "-n", namespace, "addr", "add", address, "dev", "eth0");
        Host.must("ip", "-n", namespace, "addr", "add", "169.254.169.254/32", "dev", "lo");
        Host.must("ip", "-n", namespace, "link", "set", "lo", "up");
        Host.must("ip", "-n", namespace, "link", "set", "eth0", "up");
        relay(namespace);
    }

    private void relay(String namespace) throws IOException {
        new ProcessBuilder(
                        "nsenter",
                        "--net=/run/netns/" + namespace,
                        "systemd-socket-activate",
                        "-l",
                        "169.254.169.254:80",
                        NspawnFactory.SOCKET_PROXY.toString(),
                        site.subnet().host() + ":" + site.services().metadataPort())
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** The link before the namespace: a namespace's end is asynchronous, and would hold the link's name. */
    void remove() throws IOException {
        String namespace = namespace();
        Host.run(List.of("ip", "netns", "pids", namespace))
                .output()
                .lines()
                .filter(line -> line.strip().matches("[0-9]+"))
                .forEach(line ->
                        ProcessHandle.of(Long.parseLong(line.strip())).ifPresent(ProcessHandle::destroyForcibly));
        Host.quietly("ip", "link", "del", site.run().link(site.number()));
        Host.quietly("ip", "netns", "del", namespace);
    }
}
