package dev.gantry.aws.fuzz;

/**
 * Jazzer calls this for each input of any target. Jazzer finds both methods by their names
 * (github.com/CodeIntelligenceTesting/jazzer, docs/advanced.md); {@code --target_args} are the targets' class and the name.
 */
public final class JazzerEntry {
    private static final boolean COUNTS_LINES = Boolean.getBoolean("gantry.fuzz.lines");

    private static FuzzTarget.Body body = input -> {
        throw new IllegalStateException("Jazzer did not initialise");
    };

    private JazzerEntry() {}

    public static void fuzzerInitialize(String[] arguments) {
        body = FuzzTargets.named(arguments[0]).stream()
                .filter(target -> target.name().equals(arguments[1]))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no target " + arguments[1]))
                .body();
    }

    public static void fuzzerTestOneInput(byte[] input) {
        body.take(input);
        if (COUNTS_LINES) {
            countLines();
        }
    }

    /**
     * Jazzer 0.24.0 takes the covered lines from libFuzzer, which knows the first 512 edges only: what is loaded later counts as
     * never reached. Instead, Jazzer's recorder is informed after each input what that input covered. This is too slow for
     * fuzzing, but not for one pass through a corpus.
     */
    private static void countLines() {
        try {
            Class.forName("com.code_intelligence.jazzer.instrumentor.CoverageRecorder")
                    .getMethod("updateCoveredIdsWithCoverageMap")
                    .invoke(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this version of Jazzer counts lines differently", e);
        }
    }

    /** Prints a line for each target of these classes: class, name, input, source files of the parsers. */
    public static void main(String[] classNames) {
        for (String className : classNames) {
            for (FuzzTarget target : FuzzTargets.named(className)) {
                String files = String.join(
                        ",",
                        target.parsers().stream()
                                .map(parser -> parser.getSimpleName() + ".java")
                                .toList());
                System.out.println(String.join("\t", className, target.name(), target.what(), files));
            }
        }
    }
}
