package dev.gantry.stored;

import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.BundleId;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The https addresses of bundles, as {@code aws:downloadContent} takes them: path-style, with the Region in the host, because
 * a host without one means us-east-1. A fleet's name is percent-encoded in the key already, and the agent decodes the path
 * once, so the key's {@code %} is written as {@code %25} here.
 */
public final class BundleUrls {
    private final String host;
    private final String bucket;
    private final Pattern ours;

    /**
     * @param dnsSuffix of the Region's partition: {@code amazonaws.com}, or {@code amazonaws.com.cn} in China
     */
    public BundleUrls(String region, String dnsSuffix, String bucket) {
        this.host = "s3." + region + "." + dnsSuffix;
        this.bucket = bucket;
        this.ours = Pattern.compile("https://(?:" + Pattern.quote(host + "/" + bucket) + "|"
                + Pattern.quote(bucket + "." + host) + ")/bundles/[A-Za-z0-9\\-_.%]+/([0-9a-f]{64})\\.zip");
    }

    public String of(FleetName fleet, BundleId bundle) {
        return "https://" + host + "/" + bucket + "/"
                + ObjectKeys.bundle(fleet, bundle).replace("%", "%25");
    }

    /** The folder for diagnostics of a fleet's failed runs; each instance writes below its own id. */
    public String diagnostics(FleetName fleet) {
        return "https://" + host + "/" + bucket + "/"
                + ObjectKeys.diagnostics(fleet).replace("%", "%25");
    }

    /** The bundle at this address; empty for an address that is not one of a bundle in this bucket. */
    public Optional<BundleId> bundleAt(String url) {
        Matcher matcher = ours.matcher(url);
        return matcher.matches() ? Optional.of(new BundleId(matcher.group(1))) : Optional.empty();
    }
}
