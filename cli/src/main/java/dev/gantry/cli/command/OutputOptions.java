package dev.gantry.cli.command;

import picocli.CommandLine.Option;

/** How every command answers. */
final class OutputOptions {
    @Option(names = "--json", description = "print the documented JSON form instead of a screen")
    private boolean json;

    /** Read where errors are told, off the command line itself. */
    @SuppressWarnings("UnusedVariable")
    @Option(names = "--debug", description = "print stack traces and the SDK's warnings")
    private boolean debug;

    /** Picocli's own. */
    @SuppressWarnings("UnusedVariable")
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "show this help")
    private boolean help;

    boolean isJson() {
        return json;
    }
}
