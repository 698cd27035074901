package dev.gantry.cli.console;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;

/** Asks a console as a program does, without a browser. */
final class Visitor {
    private final HttpClient client = HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .version(HttpClient.Version.HTTP_1_1)
            .build();
    private final String origin;
    private Optional<String> cookie = Optional.empty();

    Visitor(String origin) {
        this.origin = origin;
    }

    /** A visitor who has opened the printed address. */
    static Visitor in(ConsoleServer console) throws IOException, InterruptedException {
        Visitor visitor = new Visitor(console.origin());
        String set = visitor.get(console.address().substring(console.origin().length()))
                .headers()
                .firstValue("Set-Cookie")
                .orElseThrow();
        visitor.cookie = Optional.of(set.substring(0, set.indexOf(';')));
        return visitor;
    }

    /** The page at this path; empty text if the console does not have it. */
    String cookie() {
        return cookie.orElse("");
    }

    HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
        return send("GET", path, headers);
    }

    HttpResponse<String> send(String method, String path, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(origin + path)).method(method, HttpRequest.BodyPublishers.noBody());
        cookie.ifPresent(value -> request.header("Cookie", value));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    String body(String path) throws IOException, InterruptedException {
        return get(path).body();
    }
}
