package dev.gantry.function;

/** Sends pages to people. Without a pager, a page is only a log line. */
interface Pager {
    /** For a deployment without a pager queue. */
    Pager NONE = page -> {};

    /**
     * Sends one page, which is a JSON object.
     *
     * @throws dev.gantry.launch.error.GantryException if it was not accepted
     */
    void send(String page);
}
