package dev.gantry.cli.console.page;

import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.InstanceId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;

/**
 * Where pages are: the same on every machine, without a token, and as names of files where they are exported.
 *
 * @param root what leads to the top: a slash for a server, {@code ../} and the like for files
 * @param suffix of pages: none for a server, {@code .html} for files
 * @param instances those that have a page; empty for all
 */
public record Paths(String root, String suffix, Optional<Set<InstanceId>> instances) {
    private static final String JSON = ".json";

    /** Characters of a file's name that come from the fleet's. */
    private static final int LONGEST = 200;

    private static final int HASHED = 8;

    /** The paths on a server. */
    public static final Paths SERVED = new Paths("/", "", Optional.empty());

    /** The paths between files, as seen from a file that is this many folders below the top. */
    public static Paths ofFiles(int depth, Set<InstanceId> instances) {
        return new Paths("../".repeat(depth), ".html", Optional.of(instances));
    }

    /** Whether there is no server behind the pages. */
    public boolean areFiles() {
        return !suffix.isEmpty();
    }

    /** All fleets. */
    public String fleets() {
        return areFiles() ? root + "index.html" : root;
    }

    /** A fleet. */
    public String fleet(FleetName fleet) {
        return root + "fleets/" + (areFiles() ? file(fleet) : slug(fleet)) + suffix;
    }

    /**
     * The name of its files, without their endings. File systems take 255 bytes, and some know no case: a long name, and one with
     * capitals, ends with a part of its hash.
     */
    public static String file(FleetName fleet) {
        String slug = slug(fleet);
        boolean isPlain = slug.length() <= LONGEST && fleet.value().chars().noneMatch(Character::isUpperCase);
        return isPlain ? slug : slug.substring(0, Math.min(LONGEST, slug.length())) + "~" + hash(fleet.value());
    }

    private static String hash(String name) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, HASHED);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }

    /** An instance; where it has no page, its place in the list that it is in. */
    public String instance(InstanceId instance) {
        boolean hasNone = instances.filter(those -> !those.contains(instance)).isPresent();
        return hasNone ? "#launch-" + instance.value() : root + "instances/" + instance.value() + suffix;
    }

    /** The doctor's findings. */
    public String doctor() {
        return root + "doctor" + suffix;
    }

    /** A file that pages use. */
    public String asset(String name) {
        return root + "assets/" + name;
    }

    /**
     * The name as a part of a path and of a file's name. It is the name's encoding in S3 keys with {@code ~} for {@code %}: servers
     * and browsers decode percent signs at places of their own, and take {@code %2E%2E} for the folder above. A name that ends
     * like a page's twin has its last dot encoded.
     */
    public static String slug(FleetName fleet) {
        String encoded = fleet.encoded().replace('%', '~');
        boolean isLikeATwin = encoded.endsWith(JSON) || encoded.endsWith(".html");
        int dot = encoded.lastIndexOf('.');
        return isLikeATwin ? encoded.substring(0, dot) + "~2E" + encoded.substring(dot + 1) : encoded;
    }

    /** The inverse of {@link #slug}; refuses what is no name with an {@link IllegalArgumentException}. */
    public static FleetName fleetOf(String slug) {
        return FleetName.decoded(slug.replace("%", "%25").replace('~', '%'));
    }
}
