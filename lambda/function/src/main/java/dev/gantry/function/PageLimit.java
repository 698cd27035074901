package dev.gantry.function;

import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.port.EventType;
import dev.gantry.launch.port.Journal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/**
 * Lets one page through for each kind of trouble, sender and window, and counts the rest. An outside sender decides how many
 * messages it sends; it must not decide how many pages are sent.
 *
 * <p>A window is one hour of UTC, or what the constructor says. An execution environment remembers what it paged.
 * Environments agree through {@link PageMarks}, by one conditional write for each kind, sender and window. If the mark cannot
 * be written, the page is sent anyway: too many pages are better than none. See docs/decisions/0019.
 */
final class PageLimit {
    static final Duration WINDOW = Duration.ofHours(1);

    /** More senders than this in one window count as one: a sender that invents new names must not get a page for each. */
    static final int SENDERS = 10;

    /** Environments live for hours; only this many senders are remembered, the latest ones. */
    private static final int REMEMBERED = 1_000;

    private static final String MANY = "many senders";

    private final PageMarks marks;
    private final Journal journal;
    private final InstantSource clock;
    private final Duration length;
    private final int most;
    private final Map<Key, Kept> known = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Kept> eldest) {
            return size() > REMEMBERED;
        }
    };
    private final Map<String, Set<String>> paged = new LinkedHashMap<>();
    private Instant window = Instant.EPOCH;

    PageLimit(PageMarks marks, Journal journal, InstantSource clock) {
        this(marks, journal, clock, WINDOW, SENDERS);
    }

    /** @param most the maximum number of senders in a window; without a limit if the senders' names are our own */
    PageLimit(PageMarks marks, Journal journal, InstantSource clock, Duration length, int most) {
        this.length = length;
        this.most = most;
        this.marks = marks;
        this.journal = journal;
        this.clock = clock;
    }

    private record Key(String kind, String sender) {}

    /** What is remembered about a key: the last window, and how many pages were suppressed since its last page. */
    private record Kept(Instant window, long keptBack) {}

    /**
     * Whether to page about this now.
     *
     * @param kind one of a few words, never foreign text
     * @param sender what caused it
     * @param count how many there are now
     * @return empty for "not now"; otherwise how many were suppressed since the page before
     */
    synchronized OptionalLong page(String kind, String sender, int count) {
        begin(now());
        Key key = key(kind, sender);
        Kept before = known.get(key);
        if (before != null && before.window().equals(window)) {
            known.put(key, new Kept(window, before.keptBack() + count));
            return OptionalLong.empty();
        }
        long keptBack = before == null ? 0 : before.keptBack();
        if (isFirst(key)) {
            known.put(key, new Kept(window, 0));
            return OptionalLong.of(keptBack);
        }
        known.put(key, new Kept(window, keptBack + count));
        return OptionalLong.empty();
    }

    private Instant now() {
        long seconds = clock.instant().getEpochSecond();
        return Instant.ofEpochSecond(seconds - Math.floorMod(seconds, length.toSeconds()));
    }

    private void begin(Instant now) {
        if (!now.equals(window)) {
            window = now;
            paged.clear();
        }
    }

    private Key key(String kind, String sender) {
        Set<String> senders = paged.computeIfAbsent(kind, k -> new TreeSet<>());
        if (senders.contains(sender) || senders.size() < most) {
            senders.add(sender);
            return new Key(kind, sender);
        }
        return new Key(kind, MANY);
    }

    private boolean isFirst(Key key) {
        try {
            return marks.isFirst(key.kind() + " " + key.sender(), window);
        } catch (GantryException e) {
            journal.log(
                    EventType.PAGE_MARK_NOT_WRITTEN,
                    Map.of("kind", key.kind(), "error", String.valueOf(e.getMessage())));
            return true;
        }
    }
}
