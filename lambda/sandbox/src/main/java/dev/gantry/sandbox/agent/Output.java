package dev.gantry.sandbox.agent;

/**
 * The two streams of a step and how the agent joins them into the 2,500 characters that lists show: the beginnings
 * stay, the ends are cut (aws/amazon-ssm-agent, its tests of TruncateOutput).
 */
record Output(String stdout, String stderr) {
    private static final int MAX_COMBINED = 2_500;
    private static final String ERROR_TITLE = "\n----------ERROR-------\n";
    private static final String OUTPUT_CUT = "\n---Output truncated---";
    private static final String ERROR_CUT = "\n---Error truncated----";

    String combined() {
        String title = stderr.isEmpty() ? "" : ERROR_TITLE;
        int space = MAX_COMBINED - title.length();
        if (stdout.length() + stderr.length() < space) {
            return stdout + title + stderr;
        }
        if (stdout.length() < space / 2) {
            return stdout + title + cut(stderr, space - stdout.length(), ERROR_CUT);
        }
        if (stderr.length() < space / 2) {
            return cut(stdout, space - stderr.length(), OUTPUT_CUT) + title + stderr;
        }
        return cut(stdout, space / 2, OUTPUT_CUT) + title + cut(stderr, space / 2, ERROR_CUT);
    }

    private static String cut(String text, int length, String suffix) {
        return text.length() < length ? text : text.substring(0, length - suffix.length()) + suffix;
    }
}
