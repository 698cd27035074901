package dev.gantry.cli.account;

/** What lists need beside the keys themselves. */
final class Keys {
    private Keys() {}

    /** The prefix that a key shares with its neighbours, slash included. */
    static String folderOf(String key) {
        return key.substring(0, key.lastIndexOf('/') + 1);
    }
}
