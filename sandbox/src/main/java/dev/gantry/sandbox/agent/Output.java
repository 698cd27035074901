package dev.gantry.sandbox.agent;

import dev.gantry.sandbox.ec2.Bytes;

/**
 * The two streams of a step, and how the agent cuts them: each to 24,000 bytes (pluginutil.StringPrefix), and both together to
 * the 2,500 bytes that lists show (iohandler.TruncateOutput). The beginnings stay, the ends are lost; bytes count, not
 * characters.
 */
record Output(Bytes stdout, Bytes stderr) {
    private static final int MAX_STREAM = 24_000;
    private static final String STREAM_CUT = "--output truncated--";
    private static final int MAX_COMBINED = 2_500;
    private static final String ERROR_TITLE = "\n----------ERROR-------\n";
    private static final String OUTPUT_CUT = "\n---Output truncated---";
    private static final String ERROR_CUT = "\n---Error truncated----";

    /** One stream as it is reported. The agent cuts what is exactly as long as the limit, too. */
    static Bytes cut(Bytes stream) {
        return stream.size() < MAX_STREAM
                ? stream
                : stream.first(MAX_STREAM - STREAM_CUT.length()).plus(STREAM_CUT);
    }

    String combined() {
        String title = stderr.isEmpty() ? "" : ERROR_TITLE;
        int space = MAX_COMBINED - title.length();
        if (stdout.size() + stderr.size() < space) {
            return stdout.plus(title).plus(stderr).text();
        }
        if (stdout.size() > space / 2 && stderr.size() > space / 2) {
            int each = (space - ERROR_CUT.length() - OUTPUT_CUT.length()) / 2;
            return stdout.first(each)
                    .plus(OUTPUT_CUT + title)
                    .plus(stderr.first(each))
                    .plus(ERROR_CUT)
                    .text();
        }
        if (stdout.size() <= space / 2) {
            int rest = space - ERROR_CUT.length() - stdout.size();
            return stdout.plus(title).plus(stderr.first(rest)).plus(ERROR_CUT).text();
        }
        int rest = space - OUTPUT_CUT.length() - stderr.size();
        return stdout.first(rest).plus(OUTPUT_CUT + title).plus(stderr).text();
    }
}
