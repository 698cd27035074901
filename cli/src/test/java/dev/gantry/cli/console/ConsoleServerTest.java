package dev.gantry.cli.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gantry.cli.screen.Forms;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConsoleServerTest {
    private static final byte[] KEY = "a key of thirty-two bytes, or more".getBytes(StandardCharsets.UTF_8);

    private final SampleWorld world = new SampleWorld();
    private final SampleSource source = new SampleSource(world);
    private ConsoleServer console;

    /** Its pages wait for their answers, however slow the machine is. */
    @BeforeEach
    void start() throws IOException {
        start(Duration.ofMinutes(20));
    }

    private void start(Duration patience) throws IOException {
        Pace usual = Pace.USUAL;
        Pace pace =
                new Pace(usual.fleets(), usual.launches(), usual.instance(), usual.doctor(), patience, usual.look());
        console = ConsoleServer.start(source, pace, KEY, 0, () -> SampleWorld.NOW, defect -> {
            throw new AssertionError(defect);
        });
    }

    /** Another one, whose pages wait as long as they usually do. */
    private void startUsual() throws IOException {
        console.close();
        start(Pace.USUAL.patience());
    }

    @AfterEach
    void stop() {
        console.close();
    }

    @Test
    void itListensAtOneAddressOnly() {
        int port = URI.create(console.origin()).getPort();

        assertEquals("127.0.0.1", URI.create(console.origin()).getHost());
        // Every address of 127.0.0.0/8 leads to this machine, so a server at all its addresses would answer here.
        assertThrows(ConnectException.class, () -> new Socket("127.0.0.2", port).close());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/fleets/web",
                "/fleets.json",
                "/doctor",
                "/events?path=/",
                "/search?q=web",
                "/?token=no",
                "/nothing",
                "/assets/nothing",
                "/assets/../fleets.json"
            })
    void nothingIsShownWithoutTheToken(String path) throws Exception {
        HttpResponse<String> answer = new Visitor(console.origin()).get(path);

        assertEquals(401, answer.statusCode());
        assertFalse(answer.body().contains("gantry-sample"), answer.body());
        assertFalse(answer.body().contains("encoder"), answer.body());
        assertEquals(0, source.asked.get());
    }

    @Test
    void theTokenIsExchangedForACookieThatNoScriptAndNoOtherSiteCanUse() throws Exception {
        HttpResponse<String> answer = new Visitor(console.origin())
                .get("/fleets/web"
                        + console.address().substring(console.address().indexOf('?')));

        assertEquals(303, answer.statusCode());
        assertEquals("/fleets/web", answer.headers().firstValue("Location").orElseThrow());
        String cookie = answer.headers().firstValue("Set-Cookie").orElseThrow();
        assertTrue(cookie.endsWith("; Path=/; HttpOnly; SameSite=Strict"), cookie);
        assertFalse(
                cookie.contains(console.address().substring(console.address().indexOf('=') + 1)), cookie);
    }

    @Test
    void theExchangeLeadsToNoOtherHost() throws Exception {
        HttpResponse<String> answer = new Visitor(console.origin())
                .get("//elsewhere.example/"
                        + console.address().substring(console.address().indexOf('?')));

        assertEquals("/", answer.headers().firstValue("Location").orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(strings = {"rebound.example", "127.0.0.1", "127.0.0.1:1", "[::1]:4680"})
    void anotherSitesNameForThisAddressIsRefused(String host) throws Exception {
        HttpResponse<String> answer = Visitor.in(console).get("/", "Host", host);

        assertEquals(421, answer.statusCode());
        assertEquals(0, source.asked.get());
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "OPTIONS"})
    void itChangesNothing(String method) throws Exception {
        HttpResponse<String> answer = Visitor.in(console).send(method, "/");

        assertEquals(405, answer.statusCode());
        assertEquals(List.of("GET, HEAD"), answer.headers().allValues("Allow"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/", "/fleets/web", "/fleets.json", "/nothing", "/assets/console.js", "/events?path=/", "/search"
            })
    void aHeadHasTheStatusOfItsPageAndNoBody(String path) throws Exception {
        HttpResponse<String> answer = Visitor.in(console).send("HEAD", path);

        assertEquals(path.equals("/nothing") ? 404 : 200, answer.statusCode());
        assertEquals("", answer.body());
        assertTrue(answer.headers().firstValue("Content-Type").isPresent());
        assertEquals(0, console.open(), "it is no page that is kept live");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/fleets/web",
                "/fleets/web.json",
                "/doctor",
                "/nothing",
                "/search?q=i",
                "/assets/console.js"
            })
    void noPageHasTheTokenOrTheCookie(String path) throws Exception {
        Visitor visitor = Visitor.in(console);
        String token = console.address().substring(console.address().indexOf('=') + 1);

        for (String body : List.of(visitor.body(path), new Visitor(console.origin()).body(path))) {
            assertFalse(body.contains(token), body);
            assertFalse(body.contains(visitor.cookie().replaceFirst(".*=", "")), body);
        }
    }

    @Test
    void aLinkFromAnotherSiteIsOfferedOnceMoreBecauseBrowsersDoNotSendTheCookieWithIt() throws Exception {
        Visitor stranger = new Visitor(console.origin());

        assertTrue(stranger.body("/fleets/a~26b").contains("<a href=\"/fleets/a~26b\">"), "the same path");
        assertTrue(stranger.body("/search?q=i-0%22%3E").contains("<a href=\"/search?q=i-0%22%3E\">"), "its query, too");
        assertTrue(stranger.body("/fleets/web?token=no").contains("<a href=\"/fleets/web\">"), "no token");
        assertTrue(stranger.body("//elsewhere.example/x").contains("<a href=\"/x\">"), "on this server");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/fleets/web", "/fleets/web.json", "/nothing", "/assets/console.js", "/doctor"})
    void noPageRunsForeignCode(String path) throws Exception {
        HttpResponse<String> answer = Visitor.in(console).get(path);

        String policy = answer.headers().firstValue("Content-Security-Policy").orElseThrow();
        assertTrue(policy.startsWith("default-src 'none'; script-src 'self'; style-src 'self';"), policy);
        assertFalse(policy.contains("unsafe"), policy);
        assertEquals(List.of("nosniff"), answer.headers().allValues("X-Content-Type-Options"));
        assertEquals(List.of("no-referrer"), answer.headers().allValues("Referrer-Policy"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/fleets/web", "/fleets/encoder-eu", "/doctor"})
    void nothingInAPageIsInline(String path) throws Exception {
        String html = Visitor.in(console).body(path);

        assertFalse(html.contains(" style="), html);
        assertFalse(html.contains("<style"), html);
        assertFalse(html.matches("(?s).*<[^>]* on[a-z]+=.*"), html);
        assertFalse(
                html.matches("(?s).*(?:src|href)=\"(?:https?:)?//(?!console\\.aws|[a-z0-9-]+\\.console\\.aws).*"),
                html);
    }

    @Test
    void theJsonOfAPageIsWhatTheCommandPrints() throws Exception {
        Visitor visitor = Visitor.in(console);

        assertEquals(
                Forms.fleets(world.fleets(), SampleWorld.NOW),
                visitor.body("/fleets.json").strip());
        assertEquals(
                Forms.launches(world.fleet(SampleWorld.WEB).orElseThrow().launches(), List.of(), SampleWorld.NOW),
                visitor.body("/fleets/web.json").strip());
        assertEquals(
                Forms.explanation(world.instance(SampleWorld.id(2)).told()),
                visitor.body("/instances/" + SampleWorld.id(2) + ".json").strip());
    }

    @Test
    void besideEachActionIsItsCommand() throws Exception {
        Visitor visitor = Visitor.in(console);
        String waiting = SampleWorld.id(2).value();

        assertTrue(visitor.body("/fleets/web").contains(">gantry apply web --check<"));
        assertTrue(visitor.body("/fleets/web").contains(">gantry publish web<"));
        assertTrue(visitor.body("/fleets/encoder-eu").contains(">gantry lift encoder-eu<"));
        String page = visitor.body("/instances/" + waiting);
        for (String command : List.of("look", "hold", "retry", "diagnostics", "explain")) {
            assertTrue(page.contains(">gantry " + command + " " + waiting), command);
        }
        assertFalse(visitor.body("/instances/" + SampleWorld.id(46)).contains("gantry hold"), "it does not wait");
    }

    @Test
    void requestsWithinTheTimeShareOneAnswer() throws Exception {
        Visitor one = Visitor.in(console);
        Visitor other = Visitor.in(console);
        one.body("/fleets/web");
        long once = source.asked.get();

        other.body("/fleets/web");
        one.body("/fleets/web.json");

        assertEquals(1, once);
        assertEquals(once, source.asked.get());
    }

    @Test
    void ifAwsDoesNotAnswerThePageSaysSo() throws Exception {
        source.beDown(true);

        HttpResponse<String> answer = Visitor.in(console).get("/");

        assertEquals(502, answer.statusCode());
        assertTrue(answer.body().contains("the endpoint did not answer"), answer.body());
    }

    @Test
    void aNameThatIsNoFleetAndAnUnknownPathAreNamed() throws Exception {
        Visitor visitor = Visitor.in(console);

        assertEquals(404, visitor.get("/fleets/nosuch").statusCode());
        assertEquals(404, visitor.get("/instances/web").statusCode());
        assertEquals(404, visitor.get("/fleets/~zz").statusCode());
        assertEquals(404, visitor.get("/instances/i-0.json").statusCode());
        assertTrue(visitor.body("/nothing").contains("<body data-live=\"\">"), "nothing will ever be there");
        assertEquals(404, visitor.get("/assets/..%2fversion.txt").statusCode());
    }

    @Test
    void aWholeIdIsFoundWhereverItIs() throws Exception {
        HttpResponse<String> answer = Visitor.in(console).get("/search?q=+i-0123456789abcdef0+");

        assertEquals(303, answer.statusCode());
        assertEquals(
                "/instances/i-0123456789abcdef0",
                answer.headers().firstValue("Location").orElseThrow());
    }

    @Test
    void aPartOfAnIdIsFoundAmongTheLaunches() throws Exception {
        String part = SampleWorld.id(3).value().substring(10);

        assertTrue(Visitor.in(console).body("/search?q=" + part).contains("/instances/" + SampleWorld.id(3)));
    }

    @Test
    void thePageOfANameThatIsNoFleetWaitsForIt() throws Exception {
        Visitor visitor = Visitor.in(console);

        assertTrue(visitor.body("/fleets/nosuch").contains("<body data-live=\"/fleets/nosuch\">"));
        assertTrue(visitor.body("/fleets/nosuch").contains("<title>nosuch · Gantry</title>"));
        assertTrue(visitor.body("/fleets/nosuch.json").contains("is no fleet of this deployment"));
    }

    @Test
    void theJsonOfASearchHasItsHits() throws Exception {
        Visitor visitor = Visitor.in(console);

        JsonNode hits = new ObjectMapper().readTree(visitor.body("/search.json?q=WEB"));
        assertEquals("gantry.search/1", hits.path("form").asText());
        assertEquals("web", hits.path("fleets").path(0).asText());
        String part = SampleWorld.id(3).value().substring(10);
        assertEquals(
                SampleWorld.id(3).value(),
                new ObjectMapper()
                        .readTree(visitor.body("/search.json?q=" + part))
                        .path("launches")
                        .path(0)
                        .path("instance")
                        .asText());
        assertTrue(visitor.body("/search?q=a+b").contains("href=\"/search.json?q=a+b\""));
    }

    @Test
    void aSearchSaysAtOnceWhatIsStillBeingReadAndWhatCouldNotBe() throws Exception {
        startUsual();
        Visitor visitor = Visitor.in(console);
        visitor.body("/fleets.json");
        CountDownLatch answered = new CountDownLatch(1);
        source.answerAfter(answered);

        HttpResponse<String> first = visitor.get("/search?q=i-0");
        source.beDown(true);
        answered.countDown();
        String twin = visitor.body("/search.json?q=i-0");

        assertEquals(202, first.statusCode());
        assertEquals(Optional.of("1"), first.headers().firstValue("Refresh"));
        assertTrue(first.body().contains("The launches of 5 fleets are still being read"), first.body());
        assertTrue(twin.contains("the endpoint did not answer"), twin);
    }

    @Test
    void aPageThatAwsIsSlowToAnswerSaysSoAtOnceAndIsThereLater() throws Exception {
        startUsual();
        CountDownLatch answered = new CountDownLatch(1);
        source.answerAfter(answered);
        Visitor visitor = Visitor.in(console);

        HttpResponse<String> first = visitor.get("/");
        answered.countDown();
        String twin = visitor.body("/fleets.json");

        assertEquals(202, first.statusCode());
        assertTrue(first.body().contains("AWS is being asked"), first.body());
        assertTrue(first.body().contains("<noscript><meta http-equiv=\"refresh\""), first.body());
        assertTrue(first.body().contains("<title>Fleets · Gantry</title>"), first.body());
        assertTrue(twin.contains("\"form\":\"gantry.fleets/1\""), twin);
        assertEquals(200, visitor.get("/").statusCode());
    }
}
