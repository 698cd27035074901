package dev.gantry.operator;

import dev.gantry.launch.id.BundleId;
import dev.gantry.launch.release.Release;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** From a release and the uploads to the lines of a list of bundles, the newest on top. */
public final class BundleLines {
    private BundleLines() {}

    /**
     * The lines.
     *
     * @param uploads each object's time
     */
    public static List<BundleLine> of(Release release, Map<BundleId, Instant> uploads) {
        Set<BundleId> all = new TreeSet<>(uploads.keySet());
        release.current().ifPresent(all::add);
        release.lastGood().ifPresent(all::add);
        all.addAll(release.quarantined().keySet());
        return all.stream()
                .map(bundle -> new BundleLine(
                        bundle,
                        Optional.ofNullable(uploads.get(bundle)),
                        state(release, bundle),
                        release.countFrom(bundle),
                        release.quarantined().getOrDefault(bundle, "")))
                .sorted(Comparator.comparing(
                                (BundleLine line) -> line.uploadedAt().orElse(Instant.MIN))
                        .reversed())
                .toList();
    }

    private static String state(Release release, BundleId bundle) {
        List<String> states = new ArrayList<>();
        if (release.current().equals(Optional.of(bundle))) {
            states.add("current");
        }
        if (release.lastGood().equals(Optional.of(bundle))) {
            states.add("last good");
        }
        if (release.isQuarantined(bundle)) {
            states.add("quarantined");
        }
        return states.isEmpty() ? "published" : String.join(", ", states);
    }
}
