package dev.gantry.bastion;

/**
 * How to log in to machines: the users that {@code modules/bastion_fallback} makes on them, and OpenSSH's port.
 *
 * @param bastionUser may jump, and has no shell
 * @param instanceUser gets the forced command, whatever it asks for
 */
record SshLogins(String bastionUser, int bastionPort, String instanceUser, int instancePort) {
    static final SshLogins STANDARD = new SshLogins("jump", 22, "gantry", 22);
}
