package dev.gantry.stored;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.launch.id.BundleId;
import dev.gantry.launch.release.BreakerState;
import dev.gantry.launch.release.Change;
import dev.gantry.launch.release.Release;
import dev.gantry.launch.release.Suspension;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A release as it is stored in {@code fleets/<fleet>/release.json}. Unknown fields are ignored when read; bundles are in the
 * order of their names, so equal releases are equal bytes. {@code launchSuspended} is a short form of {@code suspension}, for
 * people and for the version before.
 */
public final class ReleaseJson {
    private static final Map<String, Suspension> SUSPENSIONS = Map.of(
            "none", Suspension.NONE,
            "intended", Suspension.INTENDED,
            "suspended", Suspension.SUSPENDED);

    private static final Map<String, Change.Kind> CHANGES = Arrays.stream(Change.Kind.values())
            .collect(Collectors.toUnmodifiableMap(kind -> kind.name().toLowerCase(Locale.ROOT), kind -> kind));

    private ReleaseJson() {}

    public static byte[] write(Release release) {
        BreakerState breaker = release.breaker();
        ObjectNode json = Json.object();
        release.current().ifPresent(bundle -> json.put("current", bundle.sha256()));
        release.lastGood().ifPresent(bundle -> json.put("lastGood", bundle.sha256()));
        ObjectNode quarantined = json.putObject("quarantined");
        release.quarantined().forEach((bundle, reason) -> {
            ObjectNode entry = quarantined.putObject(bundle.sha256()).put("reason", reason);
            if (breaker.unannounced().contains(bundle)) {
                entry.put("told", false);
            }
        });
        json.put("launchSuspended", breaker.suspension() != Suspension.NONE);
        json.put("suspension", word(breaker.suspension()));
        breaker.suspendedFor().ifPresent(why -> json.put("suspendedFor", why));
        breaker.liftedAt().ifPresent(at -> json.put("liftedAt", at.toString()));
        ObjectNode countFrom = json.putObject("countFrom");
        breaker.countFrom()
                .forEach((bundle, at) -> countFrom.putObject(bundle.sha256()).put("at", at.toString()));
        if (!release.changes().isEmpty()) {
            ArrayNode changes = json.putArray("changes");
            release.changes().forEach(change -> write(change, changes.addObject()));
        }
        return Json.bytes(json);
    }

    private static void write(Change change, ObjectNode entry) {
        entry.put("at", change.at().toString());
        entry.put("what", change.kind().name().toLowerCase(Locale.ROOT));
        change.bundle().ifPresent(bundle -> entry.put("bundle", bundle.sha256()));
        entry.put("by", change.by());
    }

    private static String word(Suspension suspension) {
        return SUSPENSIONS.entrySet().stream()
                .filter(entry -> entry.getValue() == suspension)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @param name the object's name, for errors
     * @throws dev.gantry.launch.error.GantryException.Misconfigured naming the object and the field that does not fit
     */
    public static Release read(String name, byte[] bytes) {
        Fields fields = Json.fields(name, bytes);
        Map<BundleId, String> quarantined = new TreeMap<>();
        Set<BundleId> unannounced = new TreeSet<>();
        bundles(fields, "quarantined").forEach((bundle, entry) -> {
            quarantined.put(bundle, entry.text("reason"));
            if (!entry.flag("told", true)) {
                unannounced.add(bundle);
            }
        });
        Map<BundleId, Instant> countFrom = new TreeMap<>();
        bundles(fields, "countFrom").forEach((bundle, entry) -> countFrom.put(bundle, entry.time("at")));
        return new Release(
                fields.optionalValue("current", BundleId::new),
                fields.optionalValue("lastGood", BundleId::new),
                quarantined,
                new BreakerState(
                        suspension(fields),
                        fields.optionalText("suspendedFor"),
                        countFrom,
                        fields.optionalTime("liftedAt"),
                        unannounced),
                changes(fields));
    }

    /** For people alone: a kind of a newer version is passed over. */
    private static List<Change> changes(Fields fields) {
        List<Change> changes = new ArrayList<>();
        for (Fields entry : fields.objects("changes")) {
            Optional.ofNullable(CHANGES.get(entry.text("what")))
                    .ifPresent(kind -> changes.add(new Change(
                            entry.time("at"), kind, entry.optionalValue("bundle", BundleId::new), entry.text("by"))));
        }
        return changes;
    }

    /** Releases of the earlier version say only whether launches are suspended. */
    private static Suspension suspension(Fields fields) {
        boolean suspended = fields.flag("launchSuspended", false);
        Optional<String> word = fields.optionalText("suspension");
        return word.map(w -> fields.choice("suspension", SUSPENSIONS))
                .orElse(suspended ? Suspension.SUSPENDED : Suspension.NONE);
    }

    private static Map<BundleId, Fields> bundles(Fields fields, String field) {
        Map<BundleId, Fields> bundles = new TreeMap<>();
        fields.optionalObject(field).ifPresent(object -> object.entries()
                .forEach((sha256, entry) -> bundles.put(object.checked(sha256, () -> new BundleId(sha256)), entry)));
        return bundles;
    }
}
