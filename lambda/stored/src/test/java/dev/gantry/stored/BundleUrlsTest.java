package dev.gantry.stored;

import static dev.gantry.stored.Samples.BUNDLE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gantry.launch.fleet.FleetName;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BundleUrlsTest {
    private static final String ZIP = BUNDLE.sha256() + ".zip";
    private final BundleUrls urls = new BundleUrls("eu-central-1", "amazonaws.com", "gantry-sandbox");

    @Test
    void theEncodedNameIsEncodedOnceMoreBecauseTheAgentDecodesThePath() {
        assertEquals(
                "https://s3.eu-central-1.amazonaws.com/gantry-sandbox/bundles/web%252Feu%25201/" + ZIP,
                urls.of(new FleetName("web/eu 1"), BUNDLE));
    }

    @Test
    void diagnosticsHaveAFolderOfTheirFleet() {
        assertEquals(
                "https://s3.eu-central-1.amazonaws.com/gantry-sandbox/diagnostics/web%252Feu%25201",
                urls.diagnostics(new FleetName("web/eu 1")));
    }

    @Test
    void inChinaTheHostsEndDifferently() {
        assertEquals(
                "https://s3.cn-north-1.amazonaws.com.cn/b/bundles/web/" + ZIP,
                new BundleUrls("cn-north-1", "amazonaws.com.cn", "b").of(Samples.WEB, BUNDLE));
    }

    @Test
    void anAddressThatWasWrittenIsRecognised() {
        assertEquals(Optional.of(BUNDLE), urls.bundleAt(urls.of(new FleetName("web/eu 1"), BUNDLE)));
        assertEquals(
                Optional.of(BUNDLE),
                urls.bundleAt("https://gantry-sandbox.s3.eu-central-1.amazonaws.com/bundles/web/" + ZIP));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://s3.eu-central-1.amazonaws.com/other-bucket/bundles/web/ZIP",
                "https://s3.us-east-1.amazonaws.com/gantry-sandbox/bundles/web/ZIP",
                "https://example.com/s3.eu-central-1.amazonaws.com/gantry-sandbox/bundles/web/ZIP",
                "https://s3.eu-central-1.amazonaws.com/gantry-sandbox/bundles/web/latest.zip",
                "https://s3.eu-central-1.amazonaws.com/gantry-sandbox/other/web/ZIP",
                "https://s3.eu-central-1.amazonaws.com/gantry-sandbox/bundles/web/ZIP?versionId=1",
                "http://s3.eu-central-1.amazonaws.com/gantry-sandbox/bundles/web/ZIP",
                ""
            })
    void anythingElseIsNoBundleOfOurs(String url) {
        assertEquals(Optional.empty(), urls.bundleAt(url.replace("ZIP", ZIP)));
    }
}
