package dev.gantry.sandbox.s3;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gantry.sandbox.wire.AwsError;
import dev.gantry.sandbox.wire.WireRequest;
import dev.gantry.sandbox.wire.WireResponse;
import dev.gantry.sandbox.wire.Xml;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One page of ListObjectsV2: 1,000 keys and common prefixes at most, whatever was asked for. */
final class Listing {
    private static final int PAGE = 1000;

    private final WireRequest request;
    private final String prefix;
    private final String delimiter;
    private final int max;
    private final List<StoredObject> contents = new ArrayList<>();
    private final Set<String> commonPrefixes = new LinkedHashSet<>();
    private Optional<String> next = Optional.empty();

    private Listing(WireRequest request) {
        this.request = request;
        this.prefix = request.query("prefix").orElse("");
        this.delimiter = request.query("delimiter").orElse("");
        this.max = maxKeys(request);
    }

    static WireResponse of(Bucket bucket, WireRequest request) {
        Listing listing = new Listing(request);
        listing.collect(bucket);
        return listing.render(bucket.name());
    }

    /**
     * One page of ListObjectVersions: each object once, under the id that those of a bucket without versions have
     * (API_ListObjectVersions).
     */
    static WireResponse ofVersions(Bucket bucket, WireRequest request) {
        Listing listing = new Listing(request);
        List<StoredObject> found = bucket.after(request.query("key-marker").orElse("")).values().stream()
                .filter(object -> object.key().startsWith(listing.prefix))
                .limit(listing.max + 1L)
                .toList();
        List<StoredObject> page = found.subList(0, Math.min(found.size(), listing.max));
        boolean more = found.size() > page.size();
        StringBuilder xml = new StringBuilder(Xml.element("Name", bucket.name()))
                .append(Xml.element("MaxKeys", String.valueOf(listing.max)))
                .append(Xml.element("IsTruncated", String.valueOf(more)));
        if (more && !page.isEmpty()) {
            xml.append(Xml.element(
                            "NextKeyMarker",
                            listing.encoded(page.get(page.size() - 1).key())))
                    .append(Xml.element("NextVersionIdMarker", "null"));
        }
        page.forEach(object -> xml.append("<Version>")
                .append(listing.described(object))
                .append(Xml.element("VersionId", "null"))
                .append(Xml.element("IsLatest", "true"))
                .append("</Version>"));
        return S3Xml.answer("ListVersionsResult", xml.toString());
    }

    private String described(StoredObject object) {
        return Xml.element("Key", encoded(object.key()))
                + Xml.element("LastModified", object.modified().toString())
                + Xml.element("ETag", object.etag())
                + Xml.element("Size", String.valueOf(object.blob().length()))
                + Xml.element("StorageClass", "STANDARD");
    }

    private static int maxKeys(WireRequest request) {
        String text = request.query("max-keys").orElse(String.valueOf(PAGE));
        try {
            int wanted = Integer.parseInt(text);
            if (wanted >= 0) {
                return Math.min(wanted, PAGE);
            }
        } catch (NumberFormatException e) {
            throw AwsError.badRequest("InvalidArgument", "Provided max-keys not an integer: " + text);
        }
        throw AwsError.badRequest("InvalidArgument", "Argument maxKeys must be an integer between 0 and 2147483647");
    }

    private void collect(Bucket bucket) {
        Optional<String> token = request.query("continuation-token").map(Listing::decoded);
        String start = token.or(() -> request.query("start-after")).orElse("");
        String last = "";
        for (StoredObject object : bucket.after(start).values()) {
            String key = object.key();
            if (!key.startsWith(prefix)) {
                continue;
            }
            Optional<String> common = commonPrefix(key);
            boolean seen = common.filter(text -> commonPrefixes.contains(text)
                            || token.filter(done -> done.startsWith(text)).isPresent())
                    .isPresent();
            if (!seen) {
                if (contents.size() + commonPrefixes.size() == max) {
                    next = max == 0 ? Optional.empty() : Optional.of(last);
                    return;
                }
                common.ifPresentOrElse(commonPrefixes::add, () -> contents.add(object));
            }
            last = key;
        }
    }

    private Optional<String> commonPrefix(String key) {
        int end = delimiter.isEmpty() ? -1 : key.indexOf(delimiter, prefix.length());
        return end < 0 ? Optional.empty() : Optional.of(key.substring(0, end + delimiter.length()));
    }

    private WireResponse render(String bucket) {
        StringBuilder xml = new StringBuilder();
        xml.append(Xml.element("Name", bucket)).append(Xml.element("Prefix", encoded(prefix)));
        request.query("delimiter").ifPresent(text -> xml.append(Xml.element("Delimiter", encoded(text))));
        request.query("start-after").ifPresent(text -> xml.append(Xml.element("StartAfter", encoded(text))));
        request.query("encoding-type").ifPresent(text -> xml.append(Xml.element("EncodingType", text)));
        request.query("continuation-token").ifPresent(text -> xml.append(Xml.element("ContinuationToken", text)));
        xml.append(Xml.element("KeyCount", String.valueOf(contents.size() + commonPrefixes.size())));
        xml.append(Xml.element("MaxKeys", String.valueOf(max)));
        xml.append(Xml.element("IsTruncated", String.valueOf(next.isPresent())));
        next.ifPresent(key -> xml.append(
                Xml.element("NextContinuationToken", Base64.getUrlEncoder().encodeToString(key.getBytes(UTF_8)))));
        for (StoredObject object : contents) {
            xml.append("<Contents>").append(described(object)).append("</Contents>");
        }
        commonPrefixes.forEach(common -> xml.append("<CommonPrefixes>")
                .append(Xml.element("Prefix", encoded(common)))
                .append("</CommonPrefixes>"));
        return S3Xml.answer("ListBucketResult", xml.toString());
    }

    private String encoded(String text) {
        boolean url = request.query("encoding-type").filter("url"::equals).isPresent();
        return url ? URLEncoder.encode(text, UTF_8).replace("%2F", "/") : text;
    }

    private static String decoded(String token) {
        try {
            return new String(Base64.getUrlDecoder().decode(token), UTF_8);
        } catch (IllegalArgumentException e) {
            throw AwsError.badRequest("InvalidArgument", "The continuation token provided is incorrect");
        }
    }
}
