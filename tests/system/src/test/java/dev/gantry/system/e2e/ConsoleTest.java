package dev.gantry.system.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.cli.console.Browser;
import dev.gantry.sandbox.ec2.Script;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;

/**
 * {@code gantry console} as a process of its own over a running sandbox, in a real Chromium. The browser starts beside the
 * sandbox, and one launch is on its way to its abandonment while another is watched.
 */
@Tag("browser")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ConsoleTest {
    private static final String TASK = "rtsp_server : Prove that every stream can be played";

    /** Longer than a page waits before it says that the console hangs. */
    private static final Duration LONG = Duration.ofSeconds(10);

    private static Browser browser;
    private static Deployment gantry;
    private static GantryCommand command;
    private static GantryCommand.Console console;
    private static String origin;
    private static Fleet broken;
    private static String abandoned;

    @BeforeAll
    static void start(@TempDir Path state) throws IOException {
        Browser.assumeIsThere();
        CompletableFuture<Browser> opened = CompletableFuture.supplyAsync(Browser::open);
        try {
            gantry = Deployment.start();
            command = new GantryCommand(gantry, state);
            console = command.console();
            broken = Fleet.ready(gantry, "broken");
            gantry.playbooks.play(broken.name(), (isFirst, nth) -> failure());
            abandoned = broken.launchOne();
            // Nothing is launched in its place, so that the numbers no longer change.
            gantry.autoScaling.suspendProcesses(
                    request -> request.autoScalingGroupName(broken.name()).scalingProcesses("Launch"));
        } finally {
            browser = opened.join();
        }
        origin = console.origin();
        browser.go(console.address());
    }

    private static Script.Outcome failure() {
        return Script.Outcome.failure(Duration.ofSeconds(1), TASK, "stream one: nothing listens on the server's port");
    }

    @AfterAll
    static void end() {
        if (browser != null) {
            browser.close();
        }
        if (console != null) {
            console.close();
        }
        if (gantry != null) {
            gantry.close();
        }
    }

    /** First, because the other launches go on meanwhile. */
    @Test
    @Order(1)
    void aLaunchIsWatchedFromHeldToInService() {
        // However long the page takes to show it.
        CountDownLatch isShown = new CountDownLatch(1);
        gantry.playbooks.play("watched", (isFirst, nth) -> endingAfter(isShown));
        // The page is open before its fleet is there, and is loaded once.
        browser.go(origin + "/fleets/watched");
        browser.untilTextHas("Group watched is no fleet of this deployment");
        browser.script("window.isTheSamePage = true;");
        Fleet fleet = Fleet.ready(gantry, "watched");
        browser.untilTextHas("No launch is under way.");
        String instance = fleet.launchOne();
        browser.untilTextHas(instance);
        browser.until("it is held", () -> !browser.all(".bars .run.open, .bars .held.open")
                .isEmpty());
        browser.until(
                "its run is under way", () -> !browser.all(".bars .run.open").isEmpty());
        isShown.countDown();
        browser.until("it has ended well", () -> !browser.all("#launch-" + instance + " .mood.good")
                .isEmpty());
        browser.untilTextHas("No launch is under way.");

        assertEquals(true, browser.script("return window.isTheSamePage;"), "it changed without being loaded again");
        browser.driver.findElement(By.linkText(instance)).click();
        browser.untilTextHas("It was let into service.");
        assertTrue(browser.text().contains("What run 1 printed"), browser.text());
        assertEquals(List.of(), browser.complaints());
    }

    private static Script.Outcome endingAfter(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
        return Playbooks.success();
    }

    @Test
    void anAbandonmentShowsItsTask() {
        browser.go(origin + "/instances/" + abandoned);
        browser.untilTextHas("It was abandoned");

        browser.until(
                "the output is there", () -> !browser.all("details.bad[open]").isEmpty());
        assertTrue(browser.find("details.bad summary").getText().contains(TASK), browser.text());
        assertTrue(browser.find("details.bad pre").getText().contains("nothing listens"), browser.text());
    }

    @Test
    void ifTheConsoleHangsThePageSaysSoAndGoesOnWithIt() throws Exception {
        browser.go(origin + "/");
        browser.untilTextHas("Live");
        signal("STOP");
        try {
            browser.passTime(LONG);
            browser.untilTextHas("The console has not answered since");
        } finally {
            signal("CONT");
        }
        browser.until("it goes on", () -> !browser.text().contains("has not answered"));
    }

    private static void signal(String name) throws IOException, InterruptedException {
        String id = String.valueOf(console.process().pid());
        assertEquals(0, new ProcessBuilder("kill", "-" + name, id).start().waitFor());
    }

    @Test
    void theJsonIsWhatTheCommandPrints() {
        Await.until(
                "the abandoned instance is gone", () -> broken.state(abandoned).equals("gone"));
        browser.until("the twin is what the command prints", () -> twin("/fleets.json")
                .equals(printed("fleets", "--json")));
        assertFalse(twin("/fleets.json").path("fleets").isEmpty());
    }

    private static JsonNode twin(String path) {
        browser.go(origin + path);
        return withoutTime(browser.text());
    }

    private static JsonNode printed(String... arguments) {
        try {
            return withoutTime(command.run(arguments));
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode withoutTime(String form) {
        return ((ObjectNode) Deployment.parse(form)).without("at");
    }
}
