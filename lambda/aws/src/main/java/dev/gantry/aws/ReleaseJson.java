package dev.gantry.aws;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.launch.BundleId;
import dev.gantry.launch.Release;
import java.util.Map;
import java.util.TreeMap;

/**
 * A release as it stands in {@code fleets/<fleet>/release.json}. Fields that this version does not know are passed over when
 * read; quarantined bundles stand in the order of their names, so equal releases are equal bytes.
 */
final class ReleaseJson {
    private ReleaseJson() {}

    static byte[] write(Release release) {
        ObjectNode json = Json.object();
        release.current().ifPresent(bundle -> json.put("current", bundle.sha256()));
        release.lastGood().ifPresent(bundle -> json.put("lastGood", bundle.sha256()));
        ObjectNode quarantined = json.putObject("quarantined");
        release.quarantined()
                .forEach((bundle, reason) ->
                        quarantined.putObject(bundle.sha256()).put("reason", reason));
        json.put("launchSuspended", release.launchSuspended());
        return Json.bytes(json);
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @param name the object's name, for errors
     * @throws dev.gantry.launch.GantryException.Misconfigured naming the object and the field that does not fit
     */
    static Release read(String name, byte[] bytes) {
        Fields fields = Json.fields(name, bytes);
        Map<BundleId, String> quarantined = new TreeMap<>();
        fields.optionalObject("quarantined").ifPresent(bundles -> bundles.entries()
                .forEach((sha256, entry) ->
                        quarantined.put(bundles.checked(sha256, () -> new BundleId(sha256)), entry.text("reason"))));
        return new Release(
                fields.optionalValue("current", BundleId::new),
                fields.optionalValue("lastGood", BundleId::new),
                quarantined,
                fields.flag("launchSuspended", false));
    }
}
