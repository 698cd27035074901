package dev.gantry.cli.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** What the console's pages show, and how they can be read, in a real Chromium, over a deployment in which nothing happens. */
@Tag("browser")
class ConsolePagesTest {
    private static final byte[] KEY = "a key of thirty-two bytes, or more".getBytes(StandardCharsets.UTF_8);

    private static final SampleSource SOURCE = new SampleSource(new SampleWorld());
    private static Browser browser;
    private static ConsoleServer console;

    @BeforeAll
    static void open() throws IOException {
        browser = Browser.open();
        console = ConsoleServer.start(SOURCE, KEY, 0, () -> SampleWorld.NOW, defect -> {
            throw new AssertionError(defect);
        });
        browser.go(console.address());
    }

    @AfterAll
    static void close() {
        if (browser != null) {
            browser.close();
        }
        if (console != null) {
            console.close();
        }
    }

    @BeforeEach
    void prefer() {
        browser.size(1280, 900).prefer("light", true);
        browser.complaints();
    }

    private static void goTo(String path) {
        browser.goToPage(console.origin() + path);
    }

    private static String instance(int number) {
        return "/instances/" + SampleWorld.id(number);
    }

    @Test
    void thePrintedAddressLeadsToTheFleetsAndLeavesNoTokenInTheAddressBar() {
        browser.goToPage(console.address());
        assertEquals(console.origin() + "/", browser.driver.getCurrentUrl());
        assertTrue(browser.text().contains("5 fleets, 4 launches wait"), browser.text());
        browser.driver.findElement(By.linkText("web")).click();
        assertEquals(console.origin() + "/fleets/web", browser.driver.getCurrentUrl());
    }

    @Test
    void aLinkOnAnotherSiteLeadsToItsPageInTwoSteps() {
        browser.go("data:text/html,<a href='" + console.origin() + "/fleets/web'>what a colleague sent</a>");
        browser.driver.findElement(By.linkText("what a colleague sent")).click();
        browser.untilTextHas("This console does not know you");
        browser.driver.findElement(By.linkText("open this page once more")).click();
        browser.untilTextHas("Launch seconds");

        assertEquals(console.origin() + "/fleets/web", browser.driver.getCurrentUrl());
    }

    static Stream<String> pages() {
        return Stream.of(
                "/",
                "/fleets/web",
                "/fleets/encoder-eu",
                "/fleets/nosuch",
                "/doctor",
                "/search?q=i-0a",
                "/nothing",
                instance(3),
                instance(4),
                instance(46));
    }

    @ParameterizedTest
    @MethodSource("pages")
    void axeFindsNothingSeriousLightOrDarkAndATelephoneIsWideEnough(String path) throws IOException {
        goTo(path);
        assertEquals(List.of(), browser.seriousFindings());
        browser.prefer("dark", true);
        assertEquals(List.of(), browser.seriousFindingsOfColours());
        browser.size(360, 740);
        assertFalse(browser.overflows(), path + " is wider than 360 pixels");
    }

    @Test
    void anAbandonmentShowsItsTaskWithTheFailingOneFoldedOpen() {
        goTo(instance(46));

        List<WebElement> open = browser.all("details[open] summary");
        assertTrue(
                open.stream().anyMatch(part -> part.getText().contains("Prove that every stream can be played")),
                browser.text());
        assertTrue(browser.find("details.bad pre").getText().contains("nothing listens on port 8554"));
        assertFalse(browser.all("details:not([open])").isEmpty());
    }

    @Test
    void noPolicyIsBrokenAndNoScriptFails() {
        for (String path : List.of("/", "/fleets/web", instance(46), "/doctor")) {
            goTo(path);
            browser.untilTextHas("Live");
        }
        assertEquals(List.of(), browser.complaints());
    }

    @Test
    void everythingIsReachableByKeyboard() {
        goTo("/");
        WebElement body = browser.find("body");
        body.sendKeys(Keys.TAB);
        assertEquals("To the content", browser.driver.switchTo().activeElement().getText());
        body.sendKeys("/");
        assertEquals("q", browser.driver.switchTo().activeElement().getDomAttribute("id"));
        browser.driver.switchTo().activeElement().sendKeys(SampleWorld.id(46).value(), Keys.ENTER);
        browser.untilTextHas("It was abandoned.");
        assertEquals(console.origin() + instance(46), browser.driver.getCurrentUrl());
    }

    @Test
    void nothingMovesIfTheSystemSaysSo() {
        browser.prefer("light", false);
        goTo("/fleets/web");
        String running = "return getComputedStyle(document.querySelector('.bars .run.open')).animationName;";
        assertEquals("breathe", browser.script(running));
        browser.prefer("light", true);
        assertEquals("none", browser.script(running));
    }

    @Test
    void theFirstLoadIsSmallAndFromThisMachineOnly() {
        for (String path : List.of("/", "/fleets/web", instance(46))) {
            browser.script("performance.clearResourceTimings();");
            goTo(path);
            long bytes = (Long) browser.script("return performance.getEntriesByType('navigation').concat("
                    + "performance.getEntriesByType('resource')).filter(e => !e.name.includes('/events'))"
                    + ".reduce((sum, e) => sum + Math.max(e.transferSize, e.encodedBodySize), 0);");
            assertTrue(bytes > 2_000 && bytes <= 150_000, path + ": " + bytes + " bytes");
            Object elsewhere = browser.script("return performance.getEntriesByType('resource').map(e => e.name)"
                    + ".filter(name => !name.startsWith(location.origin)).length;");
            assertEquals(0L, elsewhere);
        }
    }

    @Test
    void anExportOpensFromDisk(@TempDir Path folder) throws IOException {
        Export.Written written = Export.write(SOURCE, folder, Clock.systemUTC());
        assertTrue(written.pages() > 60, written.toString());

        browser.go(folder.resolve("index.html").toUri().toString());
        assertEquals("rgb(246, 246, 243)", browser.script("return getComputedStyle(document.body).backgroundColor;"));
        browser.driver.findElement(By.linkText("web")).click();
        browser.untilTextHas("Launch seconds");
        browser.driver.findElement(By.linkText(SampleWorld.id(46).value())).click();
        browser.untilTextHas("It was abandoned.");
        browser.driver.findElement(By.linkText("JSON")).click();
        browser.untilTextHas("\"form\":\"gantry.explain/1\"");
        browser.go(folder.resolve("doctor.html").toUri().toString());
        browser.untilTextHas("finding stands");
    }
}
