package dev.gantry.function;

/** Takes pages to people. Where there is none, a page is a line of the log. */
interface Pager {
    /** For a deployment without a pager queue. */
    Pager NONE = page -> {};

    /**
     * Sends one page, which is a JSON object.
     *
     * @throws dev.gantry.launch.error.GantryException where it was not taken
     */
    void send(String page);
}
