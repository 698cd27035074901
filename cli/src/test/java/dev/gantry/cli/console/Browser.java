package dev.gantry.cli.console;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.WebDriverWait;

/** A real Chromium without a screen, as Debian has it. Nothing is downloaded: both programs are named. */
public final class Browser implements AutoCloseable {
    /** For a busy machine; most waits end within a second. */
    private static final Duration PATIENCE = Duration.ofMinutes(20);

    private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");

    /** Selenium warns about each Chromium that is newer than itself. */
    private static final java.util.logging.Logger SELENIUM = java.util.logging.Logger.getLogger("org.openqa.selenium");

    static {
        SELENIUM.setLevel(java.util.logging.Level.SEVERE);
    }

    public final ChromeDriver driver;

    private Browser(ChromeDriver driver) {
        this.driver = driver;
    }

    /** Skips the test, visibly, if there is no Chromium. */
    public static void assumeIsThere() {
        assumeTrue(
                Files.isExecutable(DRIVER) && Files.isExecutable(CHROMIUM),
                "chromium and chromium-driver are not installed");
    }

    /** A new one; skips the test, visibly, if there is no Chromium. */
    public static Browser open() {
        assumeIsThere();
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(DRIVER.toFile())
                .withLogOutput(OutputSink.NONE)
                .build();
        ChromeOptions options = new ChromeOptions();
        options.setBinary(CHROMIUM.toFile());
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--disable-extensions",
                "--hide-scrollbars",
                "--force-color-profile=srgb",
                "--window-size=1280,900");
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, java.util.logging.Level.ALL);
        options.setCapability(ChromeOptions.LOGGING_PREFS, logs);
        ChromeDriver driver = new ChromeDriver(service, options);
        driver.manage().timeouts().scriptTimeout(PATIENCE);
        return new Browser(driver);
    }

    /** Keeps Chromium's own output out of the tests' output. */
    private static final class OutputSink {
        static final java.io.OutputStream NONE = java.io.OutputStream.nullOutputStream();
    }

    /** Opens an address. */
    public Browser go(String address) {
        driver.get(address);
        return this;
    }

    /** Opens a page of a console, and waits for its first answer. */
    public Browser goToPage(String address) {
        go(address);
        until("the page is there", () -> !text().contains("One moment"));
        return this;
    }

    /** The page's text, from Chromium itself, which takes a tenth of WebDriver's time. */
    public String text() {
        return String.valueOf(script("return document.body.innerText;"));
    }

    /** The first element that this selects. */
    public WebElement find(String css) {
        return driver.findElement(By.cssSelector(css));
    }

    /** Every element that this selects. */
    public List<WebElement> all(String css) {
        return driver.findElements(By.cssSelector(css));
    }

    /** Runs a script in the page. */
    public Object script(String code, Object... arguments) {
        return driver.executeScript(code, arguments);
    }

    /** Sets the page's clock forward, as if this time had passed. */
    public void passTime(Duration time) {
        script("const by = arguments[0], before = Date.now; Date.now = () => before() + by;", time.toMillis());
    }

    /** Waits until it is so. */
    public void until(String what, BooleanSupplier isSo) {
        new WebDriverWait(driver, PATIENCE, Duration.ofMillis(50))
                .withMessage(() -> what + ": " + text())
                .ignoring(org.openqa.selenium.StaleElementReferenceException.class)
                .until(ignored -> isSo.getAsBoolean());
    }

    /** Waits until the page shows these words. */
    public void untilTextHas(String words) {
        until("the page shows '" + words + "'", () -> text().contains(words));
    }

    /** The window's inside. */
    public Browser size(int width, int height) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
        driver.manage().window().setSize(new Dimension(Math.max(width, 500), height));
        return this;
    }

    /** What the system says to prefer: "light" or "dark", and whether motion is to be reduced. */
    public Browser prefer(String scheme, boolean reducedMotion) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of(
                        "features",
                        List.of(
                                Map.of("name", "prefers-color-scheme", "value", scheme),
                                Map.of(
                                        "name",
                                        "prefers-reduced-motion",
                                        "value",
                                        reducedMotion ? "reduce" : "no-preference"))));
        return this;
    }

    /** The page's errors: of its scripts, and whatever its policy refused. Warnings are the browser's own advice. */
    public List<String> complaints() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(entry -> entry.getLevel().equals(Level.SEVERE))
                .map(LogEntry::getMessage)
                .filter(message -> !message.contains("favicon"))
                .toList();
    }

    /** The findings of axe-core that it calls serious or critical. */
    public List<String> seriousFindings() throws IOException {
        return seriousFindings("{resultTypes: ['violations']}");
    }

    /** The findings that depend on colours. */
    public List<String> seriousFindingsOfColours() throws IOException {
        return seriousFindings("{resultTypes: ['violations'], runOnly: ['color-contrast', 'link-in-text-block']}");
    }

    @SuppressWarnings("unchecked")
    private List<String> seriousFindings(String options) throws IOException {
        if (!Boolean.TRUE.equals(script("return Boolean(window.axe);"))) {
            script(axe());
        }
        List<Map<String, Object>> violations =
                (List<Map<String, Object>>) driver.executeAsyncScript("const done = arguments[arguments.length - 1];"
                        + " axe.run(" + options
                        + ").then(found => done(found.violations.map(v => ({id: v.id, impact: v.impact,"
                        + " nodes: v.nodes.map(n => n.html + ' ' + n.failureSummary).slice(0, 3)}))));");
        return violations.stream()
                .filter(found -> List.of("serious", "critical").contains(String.valueOf(found.get("impact"))))
                .map(found -> found.get("id") + ": " + found.get("nodes"))
                .toList();
    }

    private static String axe() throws IOException {
        try (InputStream script = Browser.class.getResourceAsStream("/axe.min.js")) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** What the window shows, as a PNG. */
    public byte[] picture() {
        Map<String, Object> taken = driver.executeCdpCommand("Page.captureScreenshot", Map.of("format", "png"));
        return java.util.Base64.getDecoder().decode(String.valueOf(taken.get("data")));
    }

    /** Whether the page is wider than its window. */
    public boolean overflows() {
        return Boolean.TRUE.equals(
                script("return document.documentElement.scrollWidth > document.documentElement.clientWidth;"));
    }

    @Override
    public void close() {
        driver.quit();
    }
}
