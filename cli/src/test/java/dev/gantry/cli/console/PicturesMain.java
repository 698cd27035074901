package dev.gantry.cli.console;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes the pictures of docs/console.md: every page, light and dark, and one as narrow as a telephone. */
public final class PicturesMain {
    private static final int WIDTH = 1180;
    private static final int NARROW = 360;
    private static final int TALLEST = 3400;

    private PicturesMain() {}

    /** Writes them to the folder that is named. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createDirectories(Path.of(arguments[0]));
        byte[] key = "pictures need no secret at all...".getBytes(StandardCharsets.UTF_8);
        Map<String, String> pages = new LinkedHashMap<>();
        pages.put("fleets", "/");
        pages.put("fleet", "/fleets/web");
        pages.put("instance", "/instances/" + SampleWorld.id(46));
        pages.put("doctor", "/doctor");
        pages.put("search", "/search?q=3");
        try (ConsoleServer console = ConsoleServer.start(
                        new SampleSource(new SampleWorld()), key, 0, () -> SampleWorld.NOW, PicturesMain::fail);
                Browser browser = Browser.open()) {
            browser.go(console.address());
            for (String scheme : List.of("light", "dark")) {
                browser.prefer(scheme, true);
                for (Map.Entry<String, String> page : pages.entrySet()) {
                    shoot(
                            browser,
                            console.origin() + page.getValue(),
                            WIDTH,
                            folder.resolve(page.getKey() + "-" + scheme + ".png"));
                }
            }
            browser.prefer("light", true);
            shoot(browser, console.origin() + "/fleets/web", NARROW, folder.resolve("fleet-narrow.png"));
            shoot(
                    browser,
                    console.origin() + "/instances/" + SampleWorld.id(46),
                    NARROW,
                    folder.resolve("instance-narrow.png"));
        }
    }

    private static void fail(String defect) {
        throw new IllegalStateException(defect);
    }

    private static void shoot(Browser browser, String address, int width, Path file) throws IOException {
        browser.size(width, 800).goToPage(address);
        long height = (Long) browser.script("return document.documentElement.scrollHeight;");
        browser.size(width, (int) Math.min(height, TALLEST));
        SmallPng.write(browser.picture(), file);
    }
}
