package dev.gantry.cli.console;

import dev.gantry.cli.console.page.Page;
import java.time.Instant;
import java.util.Optional;

/**
 * What is at a path.
 *
 * @param status of HTTP
 * @param at when it was read
 * @param error why it could not be read anew
 * @param isLive whether its page changes by itself as things happen
 */
record Found(int status, Page page, Instant at, Optional<String> error, boolean isLive) {
    static final int THERE = 200;
    /** AWS has not answered yet. */
    static final int AWAITED = 202;

    static final int MISSING = 404;
    static final int UNREAD = 502;

    boolean isAwaited() {
        return status == AWAITED;
    }

    /** The same on a page that does not change by itself. */
    Found still() {
        return new Found(status, page, at, error, false);
    }
}
