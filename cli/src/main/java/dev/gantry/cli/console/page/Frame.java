package dev.gantry.cli.console.page;

import java.time.Instant;
import java.util.Optional;

/**
 * What stands around a page.
 *
 * @param setting empty where the reader was not let in
 * @param path of this page, which is told to the server that keeps it live
 * @param twin where the same is as JSON; empty where it is nowhere
 * @param news how the page is
 */
public record Frame(String title, Paths paths, Optional<Setting> setting, String path, String twin, News news) {
    /**
     * How new a page is.
     *
     * @param at when it was read
     * @param error why it could not be read anew
     * @param isLive whether it changes as things happen
     * @param isAwaited whether AWS has not answered yet
     * @param calls how many calls this console has made to AWS so far, for all its pages
     */
    public record News(Instant at, Optional<String> error, boolean isLive, boolean isAwaited, long calls) {}
}
