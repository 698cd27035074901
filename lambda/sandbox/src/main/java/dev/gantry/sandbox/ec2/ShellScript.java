package dev.gantry.sandbox.ec2;

import java.time.Duration;
import java.util.Map;

/**
 * A script to run on a machine.
 *
 * @param step the name of the document's step, so that a simulated machine knows what it is asked
 * @param file where the script is kept on the machine, absolute
 * @param text its lines
 * @param workingDirectory absolute; where it does not exist the machine runs the script in {@code fallbackDirectory}
 * @param fallbackDirectory absolute and always there
 * @param environment added to the machine's own
 * @param timeout after which the script and all it has started is killed
 */
public record ShellScript(
        String step,
        String file,
        String text,
        String workingDirectory,
        String fallbackDirectory,
        Map<String, String> environment,
        Duration timeout) {}
