package dev.gantry.sandbox.ec2;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * What the instances of killed sandboxes have left on this machine. Real instances leave containers, network namespaces, links,
 * mounts and cgroups, which only root can remove. Local instances leave processes. Each start of a sandbox removes them,
 * whatever kind its own instances are.
 */
public final class Leftovers {
    private Leftovers() {}

    /**
     * Removes what sandboxes whose process is gone have left. Running ones are not touched.
     *
     * @return the folders of the sandboxes that were cleared
     * @throws IOException where something could not be removed; the next start tries again
     */
    public static List<Path> clear() throws IOException {
        return RunFolder.clearLeftovers();
    }

    /**
     * Ends the processes of local instances whose folders lie below this one.
     *
     * @throws IOException where one outlives it
     */
    public static void endLocalBelow(Path folder) throws IOException {
        LocalProcesses.endBelow(folder);
    }
}
