package dev.gantry.sandbox.ec2;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * A script to run on a machine.
 *
 * @param step the name of the document's step, so that a simulated machine knows what it is asked
 * @param file where the script is kept on the machine, absolute
 * @param text its lines
 * @param workingDirectory absolute
 * @param fallbackDirectory where the script runs if {@code workingDirectory} does not exist, absolute and always there; without
 *     it such a script is not started
 * @param environment added to the machine's own
 * @param timeout after which the script and all it has started is killed
 */
public record ShellScript(
        String step,
        String file,
        String text,
        String workingDirectory,
        Optional<String> fallbackDirectory,
        Map<String, String> environment,
        Duration timeout) {}
