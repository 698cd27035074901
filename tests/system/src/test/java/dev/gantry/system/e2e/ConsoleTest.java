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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;

/** {@code gantry console} as a process of its own over a running sandbox, in a real Chromium. */
@Tag("browser")
class ConsoleTest {
    private static final String TASK = "rtsp_server : Prove that every stream can be played";

    private static Browser browser;
    private static Deployment gantry;
    private static GantryCommand command;
    private static GantryCommand.Console console;

    @BeforeAll
    static void start(@TempDir Path state) throws IOException {
        browser = Browser.open();
        gantry = Deployment.start();
        command = new GantryCommand(gantry, state);
        console = command.console();
        browser.go(console.address());
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

    @Test
    void aLaunchIsWatchedFromHeldToInService() {
        gantry.playbooks.play("watched", (isFirst, nth) -> Script.Outcome.success(Duration.ofSeconds(4)));
        Fleet fleet = Fleet.ready(gantry, "watched");
        // The list of fleets may be a few seconds old, and a page of no fleet does not change by itself.
        browser.go(console.origin() + "/");
        browser.untilTextHas("watched");
        browser.go(console.origin() + "/fleets/watched");
        browser.untilTextHas("No launch is under way.");
        String instance = fleet.launchOne();
        browser.untilTextHas(instance);
        // From here on: a page that still waited for AWS's first answer loads itself once.
        browser.script("window.isTheSamePage = true;");
        browser.until("it is held", () -> !browser.all(".bars .run.open, .bars .held.open")
                .isEmpty());
        browser.until(
                "its run is under way", () -> !browser.all(".bars .run.open").isEmpty());
        browser.until("it has ended well", () -> !browser.all("#launch-" + instance + " .mood.good")
                .isEmpty());
        browser.untilTextHas("No launch is under way.");

        assertEquals(true, browser.script("return window.isTheSamePage;"), "it changed without being loaded again");
        browser.driver.findElement(By.linkText(instance)).click();
        browser.untilTextHas("It was let into service.");
        assertTrue(browser.text().contains("What run 1 printed"), browser.text());
        assertTrue(browser.complaints().isEmpty());
    }

    @Test
    void anAbandonmentShowsItsTask() {
        gantry.playbooks.play(
                "broken",
                (isFirst, nth) -> Script.Outcome.failure(
                        Duration.ofSeconds(1), TASK, "stream one: nothing listens on the server's port"));
        Fleet fleet = Fleet.ready(gantry, "broken");
        String instance = fleet.launchOne();
        browser.go(console.origin() + "/instances/" + instance);
        browser.untilTextHas("It was abandoned");

        browser.until(
                "the output is there", () -> !browser.all("details.bad[open]").isEmpty());
        assertTrue(browser.find("details.bad summary").getText().contains(TASK), browser.text());
        assertTrue(browser.find("details.bad pre").getText().contains("nothing listens"), browser.text());
        fleet.desire(0);
    }

    @Test
    void aTwinIsWhatTheCommandPrints() throws Exception {
        browser.go(console.origin() + "/fleets.json");
        JsonNode twin = withoutTime(Deployment.parse(browser.text()));

        JsonNode printed = withoutTime(Deployment.parse(command.run("fleets", "--json")));

        assertFalse(twin.path("fleets").isEmpty());
        assertEquals(printed.path("form"), twin.path("form"));
        assertEquals(printed.path("fleets").get(0).fieldNames().next(), "fleet");
        assertEquals(
                printed.path("fleets").findValuesAsText("fleet"),
                twin.path("fleets").findValuesAsText("fleet"));
    }

    private static JsonNode withoutTime(JsonNode form) {
        return ((ObjectNode) form).without("at");
    }

    @Test
    void anExportHasTheSamePages(@TempDir Path folder) throws Exception {
        String said = command.run("console", "--export", folder.toString());

        assertTrue(said.contains("Open " + folder), said);
        browser.go(folder.resolve("index.html").toUri().toString());
        browser.driver.findElement(By.linkText("web")).click();
        browser.untilTextHas("Releases");
        browser.go(console.address());
    }
}
