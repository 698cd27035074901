package dev.gantry.cli.console;

import dev.gantry.cli.base.Problem;
import dev.gantry.cli.base.Recent;
import dev.gantry.cli.console.page.Doctored;
import dev.gantry.cli.console.page.FleetSeen;
import dev.gantry.cli.console.page.Hits;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Which page is at which path, and what all readers of a page share. */
final class Site implements AutoCloseable {
    /** Pages that are remembered, of fleets and of instances each. */
    private static final int MOST = 200;

    private static final String FLEET = "/fleets/";
    private static final String INSTANCE = "/instances/";

    private final Source source;
    private final Setting setting;
    private final Pages pages;
    private final Pace pace;
    private final InstantSource clock;
    private final ExecutorService threads;
    private final Shared<Read<List<FleetLine>>> fleets;
    private final Shared<Read<Doctored>> doctor;
    private final Map<FleetName, Shared<Read<Optional<FleetSeen>>>> launches = Recent.map(MOST);
    private final Map<InstanceId, Shared<Read<InstanceSeen>>> instances = Recent.map(MOST);

    Site(Source source, Pace pace, InstantSource clock) {
        this.source = source;
        this.setting = source.setting();
        this.pages = new Pages(setting);
        this.pace = pace;
        this.clock = clock;
        this.threads = Executors.newCachedThreadPool(work -> {
            Thread thread = new Thread(work, "asking");
            thread.setDaemon(true);
            return thread;
        });
        this.fleets = shared(source::fleets, lines -> pages.fleets(lines, clock.instant()), pace.fleets());
        this.doctor = shared(source::doctor, pages::doctor, pace.doctor());
    }

    /** An answer and its page, which is made once for all who look. */
    private record Read<T>(T value, Page page) {}

    private <T> Shared<Read<T>> shared(Supplier<T> reader, Function<T, Page> maker, Duration kept) {
        return new Shared<>(
                () -> {
                    T value = reader.get();
                    return new Read<>(value, maker.apply(value));
                },
                kept,
                clock);
    }

    /** Where the deployment is. */
    Setting setting() {
        return setting;
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

    /** For one page, which waits only so long for all its answers together. */
    private final class Soon implements Reading {
        private final long end = System.nanoTime() + pace.patience().toNanos();

        @Override
        public <T> Shared.Seen<T> of(Shared<T> shared) {
            return shared.getWithin(Duration.ofNanos(Math.max(0, end - System.nanoTime())), threads);
        }
    }

    /** The page at a path of {@link Paths#SERVED}, however long AWS takes. */
    Found find(String path) {
        return find(path, whole);
    }

    /** The same at once: where AWS takes longer, the page as it was last, or one that says that AWS is being asked. */
    Found findSoon(String path) {
        return find(path, new Soon());
    }

    private Found find(String path, Reading reading) {
        if (path.equals("/") || path.equals("/fleets")) {
            return found("Fleets", reading.of(fleets), Found.THERE);
        } else if (path.equals("/doctor")) {
            return found("Doctor", reading.of(doctor), Found.THERE);
        } else if (path.startsWith(FLEET)) {
            return fleet(path.substring(FLEET.length()), reading);
        } else if (path.startsWith(INSTANCE) && InstanceId.isOne(path.substring(INSTANCE.length()))) {
            InstanceId id = new InstanceId(path.substring(INSTANCE.length()));
            return found(id.value(), reading.of(instance(id)), Found.THERE);
        }
        return missing();
    }

    private Found fleet(String slug, Reading reading) {
        FleetName name;
        try {
            name = Paths.fleetOf(slug);
        } catch (IllegalArgumentException notAName) {
            return missing();
        }
        Shared.Seen<Read<Optional<FleetSeen>>> seen = reading.of(fleet(name));
        boolean isNone = seen.value().filter(read -> read.value().isEmpty()).isPresent();
        return found(name.value(), seen, isNone ? Found.MISSING : Found.THERE);
    }

    private Shared<Read<Optional<FleetSeen>>> fleet(FleetName name) {
        return launches.computeIfAbsent(
                name,
                fleet -> shared(
                        () -> source.fleet(fleet),
                        seen -> seen.map(one -> pages.fleet(one, clock.instant()))
                                .orElseGet(() -> pages.noFleet(fleet)),
                        pace.launches()));
    }

    private Shared<Read<InstanceSeen>> instance(InstanceId id) {
        return instances.computeIfAbsent(
                id, one -> shared(() -> source.instance(one), pages::instance, pace.instance()));
    }

    private static <T> Found found(String title, Shared.Seen<Read<T>> seen, int status) {
        return seen.value()
                .map(read -> new Found(status, read.page(), seen.at(), seen.error(), true))
                .orElseGet(() -> unread(title, seen.at(), seen.error()));
    }

    private static Found unread(String title, Instant at, Optional<String> error) {
        Page page = error.map(words -> Pages.message("AWS was not read", words, Optional.empty()))
                .orElseGet(() -> Pages.message(
                        "One moment", "AWS is being asked; this page goes on by itself.", Optional.empty()));
        int status = error.isPresent() ? Found.UNREAD : Found.AWAITED;
        return new Found(status, page.titled(title), at, Optional.empty(), true);
    }

    private Found missing() {
        Page page = Pages.message("There is no such page", "Nothing is at this path.", Optional.empty());
        return new Found(Found.MISSING, page, clock.instant(), Optional.empty(), false);
    }

    /** Every fleet; where they cannot be read, why. */
    List<FleetLine> fleets() {
        Shared.Seen<Read<List<FleetLine>>> seen = fleets.get();
        return seen.value()
                .map(Read::value)
                .orElseThrow(() -> new Problem(Problem.AWS, seen.error().orElse("AWS gave no answer")));
    }

    /** A fleet's launches. */
    List<LaunchLine> launches(FleetName name) {
        return launches(fleet(name).get());
    }

    private static List<LaunchLine> launches(Shared.Seen<Read<Optional<FleetSeen>>> seen) {
        return seen.value().flatMap(Read::value).map(FleetSeen::launches).orElse(List.of());
    }

    /**
     * Fleets whose name has the words in it, and instances whose id has, among the launches that wait or ended lately; however
     * long AWS takes.
     */
    Found search(String words) {
        return search(words, whole);
    }

    /** The same at once: it says of how many fleets the launches are still being read. */
    Found searchSoon(String words) {
        return search(words, new Soon());
    }

    private Found search(String words, Reading reading) {
        Shared.Seen<Read<List<FleetLine>>> seen = reading.of(fleets);
        if (seen.value().isEmpty()) {
            return unread("Search", seen.at(), seen.error()).still();
        }
        Search search = new Search(words);
        Stream.of(seen.error()).flatMap(Optional::stream).forEach(search::note);
        seen.value().get().value().stream().map(FleetLine::fleet).forEach(search::add);
        for (FleetName name : search.wanted()) {
            Shared.Seen<Read<Optional<FleetSeen>>> fleet = reading.of(fleet(name));
            fleet.error().ifPresent(search::note);
            search.add(
                    launches(fleet), fleet.value().isPresent() || fleet.error().isPresent());
        }
        Hits hits = search.hits();
        int status = hits.awaited() == 0 ? Found.THERE : Found.AWAITED;
        return new Found(status, Pages.search(hits), clock.instant(), Optional.empty(), false);
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
