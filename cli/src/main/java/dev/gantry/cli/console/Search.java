package dev.gantry.cli.console;

import dev.gantry.cli.console.page.FleetSeen;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.operator.LaunchLine;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** Finds instances and fleets by a part of their names. */
final class Search {
    private static final int MOST = 50;

    private Search() {}

    /** What was found. */
    record Hits(List<FleetName> fleets, List<LaunchLine> launches) {
        boolean isEmpty() {
            return fleets.isEmpty() && launches.isEmpty();
        }
    }

    /** Whole ids are looked up wherever they are; parts of one among the launches that are known. */
    static Optional<InstanceId> whole(String words) {
        return InstanceId.isOne(words) ? Optional.of(new InstanceId(words)) : Optional.empty();
    }

    static Hits of(String words, List<FleetName> names, Function<FleetName, Optional<FleetSeen>> seen) {
        String wanted = words.toLowerCase(Locale.ROOT);
        if (wanted.isEmpty()) {
            return new Hits(List.of(), List.of());
        }
        return new Hits(
                names.stream()
                        .filter(name -> name.value().toLowerCase(Locale.ROOT).contains(wanted))
                        .limit(MOST)
                        .toList(),
                names.stream()
                        .flatMap(name -> seen.apply(name).stream())
                        .flatMap(fleet -> fleet.launches().stream())
                        .filter(line -> line.instance().value().contains(wanted))
                        .limit(MOST)
                        .toList());
    }
}
