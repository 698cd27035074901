package dev.gantry.cli.console;

import dev.gantry.cli.console.page.Frame;
import dev.gantry.cli.console.page.Paths;
import dev.gantry.cli.console.page.Renderer;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.operator.FleetLine;
import dev.gantry.operator.LaunchLine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Writes the console's pages as files that need no server, for a post-mortem or a bucket: every fleet, its launches, the
 * doctor's findings, and each page's twin as JSON.
 */
public final class Export {
    /** Each is several calls: those that wait and those that were abandoned come first. */
    private static final int MOST_INSTANCES = 300;

    private static final int SIDE_BY_SIDE = 8;

    private final Site site;
    private final Path folder;
    private final Renderer renderer = new Renderer();

    private Export(Source source, Path folder, InstantSource clock) {
        this.site = new Site(source, Pace.USUAL, clock);
        this.folder = folder;
    }

    /**
     * What was written.
     *
     * @param left launches that are in the lists and have no page of their own
     */
    public record Written(int pages, int left) {}

    /** Writes everything below the folder, which is made where it is missing. */
    public static Written write(Source source, Path folder, InstantSource clock) throws IOException {
        Export export = new Export(source, folder, clock);
        try {
            return export.write();
        } finally {
            export.site.close();
        }
    }

    private Written write() throws IOException {
        List<FleetLine> fleets = site.fleets();
        List<LaunchLine> launches = launches(fleets);
        Set<InstanceId> shown = new LinkedHashSet<>();
        launches.stream().limit(MOST_INSTANCES).map(LaunchLine::instance).forEach(shown::add);
        for (String name : Reply.assets()) {
            put("assets/" + name, Reply.bytesOf(name).orElseThrow());
        }
        Paths top = Paths.ofFiles(0, shown);
        Paths below = Paths.ofFiles(1, shown);
        page("/", "index", "fleets", top);
        page("/doctor", "doctor", "doctor", top);
        for (FleetLine fleet : fleets) {
            String name = "fleets/" + Paths.file(fleet.fleet());
            page(Paths.SERVED.fleet(fleet.fleet()), name, name, below);
        }
        instances(shown, below);
        return new Written(2 + fleets.size() + shown.size(), launches.size() - shown.size());
    }

    private List<LaunchLine> launches(List<FleetLine> fleets) {
        List<LaunchLine> launches = new ArrayList<>();
        fleets.forEach(fleet -> site.launches(fleet.fleet()).forEach(launches::add));
        launches.sort(Comparator.comparing((LaunchLine line) -> !line.isOpen())
                .thenComparing(line -> !line.step().equals("abandoned"))
                .thenComparing(line -> line.endedAt().orElse(Instant.MAX), Comparator.reverseOrder()));
        return launches;
    }

    private void instances(Set<InstanceId> shown, Paths paths) throws IOException {
        ExecutorService threads = Executors.newFixedThreadPool(SIDE_BY_SIDE);
        try {
            CompletableFuture.allOf(shown.stream()
                            .map(id -> "instances/" + id.value())
                            .map(name -> CompletableFuture.runAsync(() -> checked("/" + name, name, paths), threads))
                            .toArray(CompletableFuture[]::new))
                    .join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof UncheckedIOException unwritten) {
                throw unwritten.getCause();
            }
            throw e;
        } finally {
            threads.shutdownNow();
        }
    }

    private void checked(String path, String name, Paths paths) {
        try {
            page(path, name, name, paths);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void page(String path, String name, String twin, Paths paths) throws IOException {
        Found found = site.find(path);
        Frame frame = new Frame(
                found.page().title(),
                paths,
                Optional.of(site.setting()),
                "",
                paths.root() + twin + ".json",
                new Frame.News(found.at(), found.error(), false, false, 0));
        put(
                name + ".html",
                renderer.whole(renderer.inside(found.page(), paths), frame).getBytes(StandardCharsets.UTF_8));
        put(twin + ".json", (found.page().json().get() + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private void put(String name, byte[] bytes) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, bytes);
    }
}
