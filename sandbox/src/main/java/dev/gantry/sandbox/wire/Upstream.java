package dev.gantry.sandbox.wire;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Another stand-in for AWS, behind the sandbox. It gets each request as it came: method, path, query, body, and the headers that
 * are not about the connection. It finds the service as the sandbox does, by the credential scope, so the signature has to come
 * along; neither stand-in verifies it.
 */
public final class Upstream implements Protocol {
    /** Not passed on, either because they are about one connection or because the client of the JDK sets them itself. */
    private static final Set<String> OF_THE_CONNECTION = Set.of(
            "host", "connection", "content-length", "expect", "upgrade", "transfer-encoding", "http2-settings", "date");

    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    private final URI endpoint;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();

    /**
     * @param endpoint for example {@code http://127.0.0.1:5000}
     */
    public Upstream(URI endpoint) {
        this.endpoint = endpoint;
    }

    @Override
    public Call parse(WireRequest request, Caller caller, String requestId) {
        byte[] body = bytes(request);
        return Protocol.call(operation(request, body), () -> forward(request, body));
    }

    /** For the journal: the target's operation, the form's action, or what a REST service is asked. */
    private static String operation(WireRequest request, byte[] body) {
        boolean isForm = request.header("content-type")
                .filter(type -> type.startsWith("application/x-www-form-urlencoded"))
                .isPresent();
        return request.header("x-amz-target")
                .map(target -> target.substring(target.indexOf('.') + 1))
                .orElseGet(() -> isForm
                        ? WireRequest.form(new String(body, StandardCharsets.UTF_8))
                                .getOrDefault("Action", "")
                        : request.method() + " " + request.rawPath());
    }

    static byte[] bytes(WireRequest request) {
        try {
            return request.body().readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("the client's body ended early", e);
        }
    }

    /** Asks on behalf of the client. */
    WireResponse forward(WireRequest request, byte[] body) {
        String query = request.rawQuery().isEmpty() ? "" : "?" + request.rawQuery();
        HttpRequest.Builder asked = HttpRequest.newBuilder(URI.create(endpoint + request.rawPath() + query))
                .timeout(TIMEOUT)
                .method(request.method(), HttpRequest.BodyPublishers.ofByteArray(body));
        request.headers().forEach((name, value) -> {
            if (!OF_THE_CONNECTION.contains(name)) {
                asked.header(name, value);
            }
        });
        HttpResponse<byte[]> answer = send(asked.build());
        Map<String, String> headers = new LinkedHashMap<>();
        answer.headers().map().forEach((name, values) -> {
            if (!OF_THE_CONNECTION.contains(name.toLowerCase(Locale.ROOT))) {
                headers.put(name, String.join(",", values));
            }
        });
        InputStream content = new ByteArrayInputStream(answer.body());
        WireResponse response = WireResponse.stream(answer.statusCode(), headers, content, answer.body().length);
        return answer.statusCode() < 400 ? response : response.failing("Upstream" + answer.statusCode());
    }

    /**
     * Asks on behalf of the sandbox itself.
     *
     * @param service the signing name
     * @param path with the query string
     * @param headers for example the target of a JSON service
     * @throws AwsError where the answer is no success
     */
    public String ask(
            String service, String region, String method, String path, Map<String, String> headers, String body) {
        HttpRequest.Builder asked = HttpRequest.newBuilder(URI.create(endpoint + path))
                .timeout(TIMEOUT)
                .header(
                        "authorization",
                        "AWS4-HMAC-SHA256 Credential=sandbox/20260101/" + region + "/" + service
                                + "/aws4_request, SignedHeaders=host, Signature=0")
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        headers.forEach(asked::header);
        HttpResponse<byte[]> answer = send(asked.build());
        String text = new String(answer.body(), StandardCharsets.UTF_8);
        if (answer.statusCode() >= 300) {
            throw new AwsError(
                    502,
                    "UpstreamFailed",
                    service + " of " + endpoint + " answered " + method + " " + path + " with " + answer.statusCode()
                            + ": " + text);
        }
        return text;
    }

    private HttpResponse<byte[]> send(HttpRequest request) {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new AwsError(502, "UpstreamFailed", endpoint + " does not answer: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AwsError(502, "UpstreamFailed", "interrupted while asking " + endpoint);
        }
    }

    @Override
    public WireResponse error(AwsError error, String requestId) {
        String text = "<ErrorResponse><Error><Type>Receiver</Type>" + Xml.element("Code", error.code())
                + Xml.element("Message", error.getMessage()) + "</Error></ErrorResponse>";
        return WireResponse.text(error.status(), "text/xml", text).failing(error.code());
    }
}
