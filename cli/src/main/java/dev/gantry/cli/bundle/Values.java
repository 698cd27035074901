package dev.gantry.cli.bundle;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Checks the values of an environment before they are packed: what Terraform or an instance would refuse or ignore is
 * refused here, by name and on every level.
 *
 * <p>Known are the section "terraform" (the type of variable "config" of modules/environment) and, for each role of the tree that
 * has an argument_specs.yml, the variables that begin with the role's name. Other variables are the plays' own.
 */
final class Values {
    private static final String SECTION = "terraform";

    /** The providers' own, which the environments read and the module does not. */
    private static final List<String> BESIDE_CONFIG = List.of("region", "account", "assume_role");

    private Values() {}

    /** Refuses with all that is wrong. */
    static void check(Path path, byte[] content, Path tree) {
        Object values = parsed(path, content);
        if (values == null) {
            return;
        } else if (!(values instanceof Map<?, ?> named)) {
            throw PlaybookTree.refused(path + ": is " + kind(values)
                    + ", and not names with values: each line is a name, a colon and a value");
        } else {
            List<String> found = new ArrayList<>();
            unknown(SECTION, named.get(SECTION), ofTerraform(), found);
            RoleNames.of(tree).forEach((role, names) -> {
                Map<String, Object> own = new LinkedHashMap<>();
                named.forEach((name, value) -> {
                    if (name.toString().startsWith(role + "_")) {
                        own.put(name.toString(), value);
                    }
                });
                unknown("", own, names, found);
            });
            if (!found.isEmpty()) {
                throw PlaybookTree.refused(path + ": " + String.join("; ", found));
            }
        }
    }

    /** What a file says, in maps with names, lists and single values; null where it says nothing. */
    static Object parsed(Path path, byte[] content) {
        try {
            return plain(AnsibleYaml.read(content).orElse(null), Collections.newSetFromMap(new IdentityHashMap<>()));
        } catch (AnsibleYaml.NoYaml e) {
            throw PlaybookTree.refused(path + ": is no YAML: " + e.getMessage());
        }
    }

    private static Object plain(Object value, Set<Object> around) throws AnsibleYaml.NoYaml {
        if (!(value instanceof Map<?, ?>) && !(value instanceof List<?>)) {
            return value;
        } else if (!around.add(value)) {
            throw new AnsibleYaml.NoYaml("an alias to what it stands in");
        }
        Object plain;
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> named = new LinkedHashMap<>();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                named.put(String.valueOf(entry.getKey()), plain(entry.getValue(), around));
            }
            plain = named;
        } else {
            List<Object> list = new ArrayList<>();
            for (Object one : (List<?>) value) {
                list.add(plain(one, around));
            }
            plain = list;
        }
        around.remove(value);
        return plain;
    }

    /** The build puts the file that declares the type beside this class. */
    private static Names ofTerraform() {
        try (InputStream declared = Values.class.getResourceAsStream("variables.tf")) {
            Names config = TerraformType.of(new String(declared.readAllBytes(), StandardCharsets.UTF_8), "config");
            Map<String, Names> known = new TreeMap<>(config.below());
            BESIDE_CONFIG.forEach(name -> known.put(name, Names.ANYTHING));
            return new Names(known);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Finds names that neither Terraform nor a role knows. */
    private static void unknown(String where, Object values, Names known, List<String> found) {
        for (Object one : values instanceof List<?> list ? list : Collections.singletonList(values)) {
            if (one instanceof Map<?, ?> named) {
                named.forEach((key, value) -> unknown(where, key.toString(), value, known, found));
            } else if (one != null) {
                found.add(where + " must be names with values ("
                        + String.join(", ", known.below().keySet()) + "), and is " + kind(one));
            }
        }
    }

    private static void unknown(String where, String name, Object value, Names known, List<String> found) {
        String path = where.isEmpty() ? name : where + "." + name;
        Names below = known.below().get(name);
        if (below == null) {
            found.add(path + " is not used"
                    + CloseNames.closest(name, known.below().keySet())
                            .map(close -> ": is " + close + " meant?")
                            .orElse(""));
        } else if (!below.isAnything()) {
            unknown(path, value, below, found);
        }
    }

    private static String kind(Object value) {
        if (value instanceof List<?>) {
            return "a list";
        } else if (value instanceof Boolean) {
            return "true or false";
        }
        return value instanceof Number ? "a number" : "a text";
    }
}
