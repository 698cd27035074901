package dev.gantry.bastion;

/**
 * How machines are reached: the users that {@code modules/bastion_fallback} makes on them, and OpenSSH's port.
 *
 * @param bastionUser may jump, and has no shell
 * @param instanceUser gets the forced command, whatever it asks for
 */
record Way(String bastionUser, int bastionPort, String instanceUser, int instancePort) {
    static final Way STANDARD = new Way("jump", 22, "gantry", 22);
}
