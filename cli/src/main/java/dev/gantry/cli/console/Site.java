package dev.gantry.cli.console;

import dev.gantry.cli.Problem;
import dev.gantry.cli.console.page.Doctored;
import dev.gantry.cli.console.page.FleetSeen;
import dev.gantry.cli.console.page.InstanceSeen;
import dev.gantry.cli.console.page.Page;
import dev.gantry.cli.console.page.Pages;
import dev.gantry.cli.console.page.Paths;
import dev.gantry.cli.console.page.Setting;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.operator.FleetLine;
import dev.gantry.operator.LaunchLine;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.Supplier;

/** Which page is at which path, and what all readers of a page share. */
final class Site implements AutoCloseable {
    private static final Duration FLEETS_KEPT = Duration.ofSeconds(5);
    private static final Duration LAUNCHES_KEPT = Duration.ofSeconds(2);
    private static final Duration INSTANCE_KEPT = Duration.ofSeconds(3);
    private static final Duration DOCTOR_KEPT = Duration.ofSeconds(30);
    private static final Duration SETTING_KEPT = Duration.ofMinutes(10);
    /** Pages that are remembered, of fleets and of instances each. */
    private static final int MOST = 200;

    /** Longer than an answer that is on its way; a reader does not notice it. */
    private static final Duration SOON = Duration.ofMillis(100);

    private static final int FOUND = 200;
    /** Accepted, and not there yet. */
    static final int ASKED = 202;

    private static final int NOT_FOUND = 404;
    private static final int UNREAD = 502;

    private final Source source;
    private final InstantSource clock;
    private final ExecutorService threads;
    private final Shared<Setting> setting;
    private final Shared<List<FleetLine>> fleets;
    private final Shared<Doctored> doctor;
    private final Map<FleetName, Shared<Optional<FleetSeen>>> launches = remembered();
    private final Map<InstanceId, Shared<InstanceSeen>> instances = remembered();

    Site(Source source, InstantSource clock) {
        this.source = source;
        this.clock = clock;
        this.threads = Executors.newCachedThreadPool(work -> {
            Thread thread = new Thread(work, "asking");
            thread.setDaemon(true);
            return thread;
        });
        this.setting = shared(source::setting, SETTING_KEPT);
        this.fleets = shared(source::fleets, FLEETS_KEPT);
        this.doctor = shared(source::doctor, DOCTOR_KEPT);
    }

    /**
     * What is at a path.
     *
     * @param at when it was read
     * @param error why it could not be read anew
     */
    record Found(int status, Page page, Instant at, Optional<String> error) {}

    private <T> Shared<T> shared(Supplier<T> reader, Duration kept) {
        return new Shared<>(reader, kept, clock);
    }

    private static <K, V> Map<K, V> remembered() {
        return new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > MOST;
            }
        };
    }

    /** Where the deployment is; empty while that could not be found out. */
    Optional<Setting> setting() {
        return setting.get().value();
    }

    /** How many calls were made to AWS so far. */
    long calls() {
        return source.calls();
    }

    /** How an answer is had of what is shared. */
    private interface Reading {
        <T> Shared.Seen<T> of(Shared<T> shared);
    }

    private final Reading whole = new Reading() {
        @Override
        public <T> Shared.Seen<T> of(Shared<T> shared) {
            return shared.get();
        }
    };

    private final Reading soon = new Reading() {
        @Override
        public <T> Shared.Seen<T> of(Shared<T> shared) {
            return shared.getWithin(SOON, threads);
        }
    };

    /** The page at a path of {@link Paths#SERVED}, however long AWS takes. */
    Found find(String path) {
        return find(path, whole);
    }

    /** The same at once: where AWS takes longer, the page as it was last, or one that says that AWS is being asked. */
    Found findSoon(String path) {
        return find(path, soon);
    }

    private Found find(String path, Reading reading) {
        Shared.Seen<Setting> where = reading.of(setting);
        if (where.value().isEmpty()) {
            return unread(where);
        }
        Pages pages = new Pages(where.value().get());
        if (path.equals("/") || path.equals("/fleets")) {
            return found(reading.of(fleets), (lines, at) -> pages.fleets(lines, at));
        } else if (path.equals("/doctor")) {
            return found(reading.of(doctor), (found, at) -> pages.doctor(found));
        } else if (path.startsWith("/fleets/")) {
            return fleet(pages, path.substring("/fleets/".length()), reading);
        } else if (path.startsWith("/instances/") && InstanceId.isOne(path.substring("/instances/".length()))) {
            InstanceId id = new InstanceId(path.substring("/instances/".length()));
            return found(reading.of(instance(id)), (seen, at) -> pages.instance(seen));
        }
        return missing();
    }

    private Found fleet(Pages pages, String slug, Reading reading) {
        FleetName name;
        try {
            name = Paths.fleetOf(slug);
        } catch (IllegalArgumentException notAName) {
            return missing();
        }
        Shared.Seen<Optional<FleetSeen>> seen = reading.of(shared(name));
        boolean isNone = seen.value().filter(Optional::isEmpty).isPresent();
        return isNone
                ? new Found(NOT_FOUND, Pages.noFleet(name), seen.at(), seen.error())
                : found(seen, (fleet, at) -> pages.fleet(fleet.orElseThrow(), at));
    }

    private Shared<Optional<FleetSeen>> shared(FleetName name) {
        synchronized (launches) {
            return launches.computeIfAbsent(name, fleet -> shared(() -> source.fleet(fleet), LAUNCHES_KEPT));
        }
    }

    private Shared<InstanceSeen> instance(InstanceId id) {
        synchronized (instances) {
            return instances.computeIfAbsent(id, one -> shared(() -> source.instance(one), INSTANCE_KEPT));
        }
    }

    private interface Maker<T> {
        Page of(T value, Instant at);
    }

    private static <T> Found found(Shared.Seen<T> seen, Maker<T> maker) {
        return seen.value()
                .map(value -> new Found(FOUND, maker.of(value, seen.at()), seen.at(), seen.error()))
                .orElseGet(() -> unread(seen));
    }

    private static Found unread(Shared.Seen<?> seen) {
        if (seen.error().isEmpty()) {
            return new Found(
                    ASKED,
                    Pages.message("One moment", "AWS is being asked; this page goes on by itself.", Optional.empty()),
                    seen.at(),
                    Optional.empty());
        }
        return new Found(
                UNREAD,
                Pages.message("AWS was not read", seen.error().get(), Optional.empty()),
                seen.at(),
                Optional.empty());
    }

    private Found missing() {
        return new Found(
                NOT_FOUND,
                Pages.message("There is no such page", "Nothing is at this path.", Optional.empty()),
                clock.instant(),
                Optional.empty());
    }

    /** Every fleet; where they cannot be read, why. */
    List<FleetLine> fleets() {
        Shared.Seen<List<FleetLine>> seen = fleets.get();
        return seen.value()
                .orElseThrow(() -> new Problem(Problem.AWS, seen.error().orElse("AWS gave no answer")));
    }

    /** A fleet's launches. */
    List<LaunchLine> launches(FleetName name) {
        return seen(name).map(FleetSeen::launches).orElse(List.of());
    }

    /** What a search finds: fleets whose name has the words in it, and instances of known launches whose id has. */
    Search.Hits search(String words) {
        List<FleetName> names = fleets.get().value().orElse(List.of()).stream()
                .map(FleetLine::fleet)
                .toList();
        return Search.of(words, names, this::seen);
    }

    private Optional<FleetSeen> seen(FleetName name) {
        return shared(name).get().value().flatMap(Function.identity());
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
