package dev.gantry.cli.console;

import dev.gantry.cli.console.page.Hits;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.operator.LaunchLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Finds instances and fleets by a part of their names. */
final class Search {
    private static final int MOST = 50;

    private final String words;
    private final String wanted;
    private final List<FleetName> names = new ArrayList<>();
    private final List<LaunchLine> launches = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private int awaited;

    Search(String words) {
        this.words = words;
        this.wanted = words.toLowerCase(Locale.ROOT);
    }

    /** Whole ids are looked up wherever they are; parts of one among the launches that are known. */
    static Optional<InstanceId> whole(String words) {
        return InstanceId.isOne(words) ? Optional.of(new InstanceId(words)) : Optional.empty();
    }

    /** A fleet to look at. */
    void add(FleetName name) {
        names.add(name);
    }

    /** The fleets whose launches are needed: none where nothing is looked for. */
    List<FleetName> wanted() {
        return wanted.isEmpty() ? List.of() : names;
    }

    /** A fleet's launches; where they are not there yet, it is counted. */
    void add(List<LaunchLine> lines, boolean areThere) {
        launches.addAll(lines);
        awaited += areThere ? 0 : 1;
    }

    /** What could not be read. */
    void note(String words) {
        notes.add(words);
    }

    Hits hits() {
        return new Hits(
                words,
                wanted().stream()
                        .filter(name -> name.value().toLowerCase(Locale.ROOT).contains(wanted))
                        .limit(MOST)
                        .toList(),
                launches.stream()
                        .filter(line -> line.instance().value().contains(wanted))
                        .limit(MOST)
                        .toList(),
                awaited,
                notes.stream().distinct().toList());
    }
}
