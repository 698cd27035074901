package dev.gantry.sandbox;

/**
 * User data in the form that the sandbox's instances run, which have no cloud-init: a script that does what the
 * {@code write_files} and {@code runcmd} of Terraform's cloud-config say.
 */
final class UserData {
    private static final String END = "END_OF_FILE";

    private final StringBuilder script = new StringBuilder("#!/bin/sh\nset -e\n");

    /**
     * Writes a file and its folders.
     *
     * @param mode as in {@code 0755}
     */
    UserData file(String path, String mode, String content) {
        if (!content.endsWith("\n") || content.contains("\n" + END + "\n")) {
            throw new IllegalArgumentException("Not a text that user data can carry: " + path);
        }
        script.append("install -D -m " + mode + " /dev/stdin " + path + " <<'" + END + "'\n")
                .append(content)
                .append(END + "\n");
        return this;
    }

    UserData run(String command) {
        script.append(command).append('\n');
        return this;
    }

    String text() {
        return script.toString();
    }
}
