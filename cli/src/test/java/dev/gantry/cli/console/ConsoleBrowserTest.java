package dev.gantry.cli.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.launch.fleet.FleetName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.WindowType;

/** How the console's pages follow what happens, in a real Chromium, over a deployment that the test makes up. */
@Tag("browser")
class ConsoleBrowserTest {
    private static final byte[] KEY = "a key of thirty-two bytes, or more".getBytes(StandardCharsets.UTF_8);

    /** Ten times as fast as usual. */
    private static final Pace QUICK = new Pace(
            Duration.ofMillis(500),
            Duration.ofMillis(500),
            Duration.ofMillis(300),
            Duration.ofSeconds(3),
            Duration.ofMillis(100),
            Duration.ofMillis(50));

    private static Browser browser;

    private final SampleWorld world = new SampleWorld();
    private final SampleSource source = new SampleSource(world);
    private ConsoleServer console;

    @BeforeAll
    static void open() {
        browser = Browser.open();
    }

    @AfterAll
    static void close() {
        if (browser != null) {
            browser.close();
        }
    }

    @BeforeEach
    void start() throws IOException {
        console = start(0);
        browser.size(1280, 900).prefer("light", true);
        browser.go(console.address());
        browser.complaints();
    }

    @AfterEach
    void stop() {
        browser.go("about:blank");
        console.close();
    }

    private ConsoleServer start(int port) throws IOException {
        return ConsoleServer.start(source, QUICK, KEY, port, Clock.systemUTC(), ConsoleBrowserTest::fail);
    }

    private static void fail(String defect) {
        throw new AssertionError(defect);
    }

    private void goTo(String path) {
        browser.goToPage(console.origin() + path);
    }

    @Test
    void hostileNamesDoNothing() {
        String bad = "<img src=x onerror=alert(1)>\"'`<script>document.title='owned'</script>";
        world.add(Hostile.fleet(bad), Hostile.launch(bad), Hostile.output(bad));
        goTo("/");
        browser.untilTextHas(bad);
        goTo("/fleets/" + dev.gantry.cli.console.page.Paths.slug(new FleetName(bad)));
        assertTrue(browser.text().contains(bad), browser.text());
        goTo("/instances/" + Hostile.ID);
        assertTrue(browser.text().contains("onerror=alert(1)"), browser.text());
        assertTrue(browser.find("details.bad pre").getText().contains(bad));
        goTo("/search?q=" + java.net.URLEncoder.encode(bad, StandardCharsets.UTF_8));

        assertEquals("Search · Gantry", browser.driver.getTitle());
        assertEquals(List.of(), browser.all("img, iframe, main script"));
        assertEquals(List.of(), browser.complaints());
    }

    @Test
    void aPageChangesAsThingsHappenAndKeepsWhatItsReaderOpened() {
        goTo("/instances/" + SampleWorld.id(46));
        browser.untilTextHas("Live");
        WebElement folded = browser.find("details:not([open]) summary");
        folded.click();
        String opened = browser.find("details#part-1").getDomAttribute("open");
        long before = source.asked.get();
        browser.until("it was read again", () -> source.asked.get() > before + 1);

        assertTrue(opened != null && browser.find("details#part-1").getDomAttribute("open") != null);
        goTo("/");
        browser.untilTextHas("4 launches wait");
        world.add(Hostile.fleet("new-fleet"), Hostile.launch("x"), Hostile.output("x"));
        browser.untilTextHas("new-fleet");
    }

    @Test
    void thePageOfAMissingFleetShowsTheFleetAndItsFirstLaunchOnceTheyAreThere() {
        goTo("/fleets/new-fleet");
        browser.untilTextHas("Group new-fleet is no fleet of this deployment");
        browser.script("window.isTheSamePage = true;");
        world.add(Hostile.fleet("new-fleet"), Hostile.launch("another"), Hostile.output("x"));
        browser.untilTextHas("No launch has ended lately.");
        world.add(Hostile.fleet("another"), Hostile.launch("new-fleet"), Hostile.output("x"));
        browser.untilTextHas(Hostile.ID.value());

        assertEquals(true, browser.script("return window.isTheSamePage;"), "it changed without being loaded again");
        assertEquals("new-fleet · Gantry", browser.driver.getTitle());
    }

    @Test
    void aSecondTabCostsNoMoreCalls() {
        goTo("/fleets/web");
        browser.untilTextHas("Live");
        String first = browser.driver.getWindowHandle();
        browser.driver.switchTo().newWindow(WindowType.WINDOW);
        goTo("/fleets/web");
        browser.untilTextHas("Live");
        long begin = System.nanoTime();
        long before = source.asked.get();
        browser.until("four more looks", () -> source.asked.get() >= before + 4);
        double seconds = (System.nanoTime() - begin) / 1e9;

        // One look in half a second, however many pages are open: two that asked by themselves would need half of the
        // time.
        assertTrue(seconds > 1.4, seconds + " s for four looks");
        browser.driver.close();
        browser.driver.switchTo().window(first);
    }

    @Test
    void aPageOnWhichNothingHappensHearsThatTheConsoleIsThere() {
        Object heard = browser.driver.executeAsyncScript("const done = arguments[arguments.length - 1];"
                + "const stream = new EventSource('/events?path=/doctor'); let times = 0;"
                + "stream.addEventListener('here', () => { if (++times === 3) { stream.close(); done(times); } });");

        assertEquals(3L, heard);
    }

    @Test
    void aPageThatIsNotVisibleMakesNoCalls() {
        browser.untilTextHas("Live");
        browser.go("about:blank");
        browser.until("no page listens", () -> console.open() == 0);
    }

    @Test
    void ifTheConsoleDiesThePageSaysSoAndGoesOnWhenItIsBack() throws IOException {
        browser.untilTextHas("4 launches wait");
        int port = Integer.parseInt(console.origin().substring(console.origin().lastIndexOf(':') + 1));
        console.close();
        browser.untilTextHas("The console has not answered since");
        assertTrue(browser.text().contains("gantry console --port " + port), browser.text());
        assertTrue(browser.text().contains("4 launches wait"), "what was seen last stays");

        console = start(port);
        world.add(Hostile.fleet("after-the-restart"), Hostile.launch("x"), Hostile.output("x"));
        browser.untilTextHas("after-the-restart");
        assertFalse(browser.text().contains("has not answered"), browser.text());
    }

    @Test
    void ifAwsDoesNotAnswerThePageSaysSoKeepsItsContentAndGoesOn() {
        browser.untilTextHas("4 launches wait");
        source.beDown(true);
        browser.untilTextHas("AWS was not read anew.");
        assertTrue(browser.text().contains("4 launches wait"), browser.text());
        source.beDown(false);
        browser.until("it goes on", () -> !browser.text().contains("AWS was not read anew."));
    }
}
