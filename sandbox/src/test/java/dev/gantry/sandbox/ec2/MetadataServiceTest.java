package dev.gantry.sandbox.ec2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.sandbox.testing.HandTimers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MetadataServiceTest {
    private static final String ID = "i-0123456789abcdef0";

    private final HandTimers timers = new HandTimers();
    private final HttpClient http = HttpClient.newHttpClient();
    private Optional<Ec2.Instance> instance = Optional.of(new Ec2.Instance(
            ID, new Ec2.LaunchSpec(Map.of("Name", "n"), "t3.small", "eu-central-1a", ""), "running", "127.0.0.1"));
    private MetadataService service;

    @BeforeEach
    void serve() throws IOException {
        RoleCredentials role = new RoleCredentials("the-role", "AKIA", "secret", "token", Instant.EPOCH);
        service = new MetadataService(
                InetAddress.getLoopbackAddress(),
                address -> instance.filter(candidate -> candidate.privateIp().equals(address)),
                new MetadataTree("111122223333", "eu-central-1", "the-profile", (id, spec) -> role),
                timers);
    }

    @AfterEach
    void close() {
        service.close();
    }

    private HttpResponse<String> send(String method, String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + service.port() + "/latest/" + path))
                .method(method, HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private String token(String seconds) throws Exception {
        return send("PUT", "api/token", "X-aws-ec2-metadata-token-ttl-seconds", seconds)
                .body();
    }

    private HttpResponse<String> get(String path, String token) throws Exception {
        return send("GET", path, "X-aws-ec2-metadata-token", token);
    }

    @Test
    void nothingIsAnsweredWithoutAToken() throws Exception {
        assertEquals(401, send("GET", "meta-data/instance-id").statusCode());
        assertEquals(401, get("meta-data/instance-id", "made-up").statusCode());
    }

    @Test
    void tokenHasToNameItsLifeOf1To21600Seconds() throws Exception {
        assertEquals(400, send("PUT", "api/token").statusCode());
        for (String seconds : new String[] {"0", "21601", "long"}) {
            assertEquals(
                    400,
                    send("PUT", "api/token", "X-aws-ec2-metadata-token-ttl-seconds", seconds)
                            .statusCode());
        }
    }

    @Test
    void tokenExpires() throws Exception {
        String token = token("60");
        assertEquals(ID, get("meta-data/instance-id", token).body());
        timers.advance(Duration.ofSeconds(61));
        assertEquals(401, get("meta-data/instance-id", token).statusCode());
    }

    @Test
    void proxiesGetNoToken() throws Exception {
        HttpResponse<String> answer =
                send("PUT", "api/token", "X-aws-ec2-metadata-token-ttl-seconds", "60", "X-Forwarded-For", "192.0.2.9");
        assertEquals(403, answer.statusCode());
    }

    @Test
    void foldersAreListedAndTagsAreNotAmongThem() throws Exception {
        String token = token("60");
        String listing = get("meta-data/", token).body();
        assertTrue(listing.contains("placement/\n") || listing.contains("placement/"), listing);
        assertEquals(
                "the-role", get("meta-data/iam/security-credentials/", token).body());
        assertEquals(404, get("meta-data/tags/instance", token).statusCode());
        assertTrue(get("meta-data/iam/info", token).body().contains("instance-profile/the-profile"));
    }

    @Test
    void otherMachinesGetNoAnswer() throws Exception {
        instance = Optional.empty();
        assertEquals(
                404,
                send("PUT", "api/token", "X-aws-ec2-metadata-token-ttl-seconds", "60")
                        .statusCode());
    }
}
