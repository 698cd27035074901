package dev.gantry.cli.bundle;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The variables of a tree's roles: those of argument_specs.yml, with their options, and those of defaults and vars. */
final class RoleNames {
    private static final String SPECS = "meta/argument_specs.yml";

    private RoleNames() {}

    /** For each role with argument specs, what it reads. */
    static Map<String, Names> of(Path tree) {
        Map<String, Names> roles = new TreeMap<>();
        for (Path role : matching(tree.resolve("roles"), "*")) {
            if (Files.isRegularFile(role.resolve(SPECS))) {
                Map<String, Names> known = new TreeMap<>();
                for (String folder : List.of("defaults", "vars")) {
                    for (Path file : matching(role.resolve(folder), "main.y*ml")) {
                        map(Values.parsed(file, Bundles.read(file)))
                                .keySet()
                                .forEach(name -> known.put(name, Names.ANYTHING));
                    }
                }
                known.putAll(options(role.resolve(SPECS)));
                roles.put(role.getFileName().toString(), new Names(known));
            }
        }
        return roles;
    }

    private static Map<String, Names> options(Path specs) {
        Map<String, Names> options = new TreeMap<>();
        map(map(Values.parsed(specs, Bundles.read(specs))).get("argument_specs"))
                .values()
                .forEach(point ->
                        map(map(point).get("options")).forEach((name, option) -> options.put(name, below(option))));
        return options;
    }

    private static Names below(Object option) {
        Map<String, Names> below = new TreeMap<>();
        map(map(option).get("options")).forEach((name, one) -> below.put(name, below(one)));
        return new Names(below);
    }

    @SuppressWarnings("unchecked") // Values.plain made it.
    private static Map<String, Object> map(Object value) {
        return value instanceof Map<?, ?> ? (Map<String, Object>) value : Map.of();
    }

    private static List<Path> matching(Path folder, String glob) {
        List<Path> found = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, glob)) {
                entries.forEach(found::add);
            } catch (IOException e) {
                throw PlaybookTree.unreadable(folder, e);
            }
        }
        found.sort(null);
        return found;
    }
}
