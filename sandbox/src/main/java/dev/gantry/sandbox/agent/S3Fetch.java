package dev.gantry.sandbox.agent;

import dev.gantry.sandbox.ec2.RoleCredentials;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lists and fetches objects from the sandbox's S3, signed with the credentials of the instance role; whatever S3 host a
 * path names, this endpoint is asked. Blocks; an answer other than 200 is an IOException with S3's own code and
 * message.
 */
public final class S3Fetch {
    private static final Duration TIMEOUT = Duration.ofMinutes(5);
    private static final Pattern KEY = Pattern.compile("<Key>([^<]*)</Key>");

    private final URI endpoint;
    private final String region;
    private final Supplier<RoleCredentials> credentials;
    private final InstantSource clock;
    private final HttpClient http;

    /**
     * @param endpoint for example {@code http://127.0.0.1:4566}
     * @param clock the wall clock that the signature carries
     */
    public S3Fetch(URI endpoint, String region, Supplier<RoleCredentials> credentials, InstantSource clock) {
        this(
                endpoint,
                region,
                credentials,
                clock,
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(Duration.ofSeconds(10))
                        .build());
    }

    private S3Fetch(
            URI endpoint, String region, Supplier<RoleCredentials> credentials, InstantSource clock, HttpClient http) {
        this.endpoint = endpoint;
        this.region = region;
        this.credentials = credentials;
        this.clock = clock;
        this.http = http;
    }

    /** The same endpoint, asked as another role. */
    public S3Fetch as(Supplier<RoleCredentials> other) {
        return new S3Fetch(endpoint, region, other, clock, http);
    }

    /** Every key with the prefix, however many pages that takes. */
    List<String> list(String bucket, String prefix) throws IOException {
        List<String> keys = new ArrayList<>();
        Optional<String> token = Optional.empty();
        do {
            String query = token.map(value -> "continuation-token=" + encode(value) + "&")
                            .orElse("") + "list-type=2&prefix=" + encode(prefix);
            String page = new String(get("/" + bucket + "?" + query).readAllBytes(), StandardCharsets.UTF_8);
            Matcher key = KEY.matcher(page);
            while (key.find()) {
                keys.add(unescape(key.group(1)));
            }
            token = element(page, "NextContinuationToken");
        } while (token.isPresent());
        return keys;
    }

    InputStream open(String bucket, String key) throws IOException {
        return get("/" + bucket + "/" + encode(key).replace("%2F", "/"));
    }

    private InputStream get(String pathAndQuery) throws IOException {
        URI uri = endpoint.resolve(pathAndQuery);
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(TIMEOUT);
        Map<String, String> headers = AwsSignature.headers(uri, region, "s3", credentials.get(), clock.instant());
        headers.forEach(request::header);
        try {
            HttpResponse<InputStream> response = http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            if (response.statusCode() == 200) {
                return response.body();
            }
            throw refused(response);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while fetching " + uri.getPath(), e);
        }
    }

    /** In the form in which the AWS SDK for Go prints errors. */
    private static IOException refused(HttpResponse<InputStream> response) throws IOException {
        String body = new String(response.body().readAllBytes(), StandardCharsets.UTF_8);
        String code = element(body, "Code").orElse("Unknown");
        String message = element(body, "Message").orElse("S3 gave no message");
        return new IOException(code + ": " + message + "\n\tstatus code: " + response.statusCode());
    }

    private static Optional<String> element(String xml, String name) {
        Matcher matcher =
                Pattern.compile("<" + name + ">([^<]*)</" + name + ">").matcher(xml);
        return matcher.find() ? Optional.of(unescape(matcher.group(1))) : Optional.empty();
    }

    private static String unescape(String text) {
        return text.replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&apos;", "'")
                .replace("&#39;", "'")
                .replace("&amp;", "&");
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A")
                .replace("%7E", "~");
    }
}
