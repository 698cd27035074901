package dev.gantry.system.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.sandbox.ExampleFleet;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Configuration errors: the launch waits, a page names the wrong object or field, and the repair saves the instance.
 *
 * <p>A function keeps what it has read of a fleet for up to a minute. So that no test waits for that, each repair is followed
 * by an operator's look, whose function has not read the error.
 */
@Tag("e2e")
@ExtendWith(SharedDeployment.class)
class MisconfigurationTest {
    private final Deployment gantry;

    MisconfigurationTest(Deployment gantry) {
        this.gantry = gantry;
    }

    @Scenario
    void aGroupWithGantrysHookAndNoSettingsIsKeptWaitingUntilItHasSome() {
        Fleet fleet = Fleet.named(gantry, "unsettled");
        fleet.withGroup(fleet.hook("gantry", 300));
        String instance = launchMistaken(fleet, "fleets/unsettled/settings.json");
        fleet.withSettings().publish("the first bundle");
        lookUntilInService(fleet, instance);
    }

    @Scenario
    void settingsThatCannotBeReadAreNamedWithTheirField() {
        Fleet fleet = Fleet.ready(gantry, "misspelt");
        ObjectNode misspelt = fleet.settings.deepCopy();
        misspelt.put("launchDeadlineSecond", 5);
        fleet.withSettings(misspelt.toString());
        String instance = launchMistaken(fleet, "fleets/misspelt/settings.json", "launchDeadlineSecond");
        fleet.withSettings();
        lookUntilInService(fleet, instance);
    }

    @Scenario
    void aBundleThatIsNotThereIsNamedWithItsKey() {
        Fleet fleet = Fleet.ready(gantry, "bundleless");
        String key = fleet.bundleKey(Fleet.sha256("the first bundle"));
        gantry.sandbox.cloud().s3().remove(ExampleFleet.BUCKET, key);
        String instance = launchMistaken(fleet, key);
        fleet.putBundle(Fleet.sha256("the first bundle"), "the first bundle");
        lookUntilInService(fleet, instance);
    }

    @Scenario
    void aBundleThatWasWrittenOverIsNotRunAndNamed() {
        Fleet fleet = Fleet.ready(gantry, "overwritten");
        String bundle = Fleet.sha256("the first bundle");
        fleet.putBundle(bundle, "evil");
        String instance = launchMistaken(fleet, fleet.bundleKey(bundle), "written over", Fleet.sha256("evil"));
        assertEquals("refused", fleet.propose(bundle).path("status").asText());
        fleet.putBundle(bundle, "the first bundle");
        lookUntilInService(fleet, instance);
    }

    @Scenario
    void aFleetWithoutABundleWaitsForItsFirst() {
        Fleet fleet = Fleet.named(gantry, "unpublished").withSettings();
        fleet.withGroup(fleet.hook("gantry", 300));
        String instance = launchMistaken(fleet, "publish one");
        fleet.publish("the first bundle");
        lookUntilInService(fleet, instance);
    }

    @Scenario
    void aDocumentThatDoesNotExistIsNamed() {
        documentIsRepaired("undocumented", "No-Such-Document", "1");
    }

    @Scenario
    void aVersionThatTheDocumentDoesNotHaveIsNamed() {
        documentIsRepaired("misversioned", "AWS-ApplyAnsiblePlaybooks", "99");
    }

    private void documentIsRepaired(String name, String document, String version) {
        Fleet fleet = Fleet.ready(gantry, name);
        ObjectNode wrong = fleet.settings.deepCopy();
        wrong.putObject("document").put("name", document).put("version", version);
        fleet.withSettings(wrong.toString());
        String instance = launchMistaken(fleet, document + ":" + version);
        fleet.withSettings();
        lookUntilInService(fleet, instance);
    }

    /** Launches; a page names each of these words, and the instance goes on waiting without a command. */
    private String launchMistaken(Fleet fleet, String... words) {
        String instance = fleet.launchOne();
        JsonNode page = gantry.logs.await("misconfigured", instance);
        assertTrue(page.path("page").asBoolean(), page.toString());
        assertEquals(fleet.name(), page.path("fleet").asText());
        for (String word : words) {
            assertTrue(page.path("text").asText().contains(word), page.toString());
        }
        assertEquals("Pending:Wait", fleet.state(instance));
        assertEquals(List.of(), fleet.commands(instance));
        return instance;
    }

    private void lookUntilInService(Fleet fleet, String instance) {
        Await.stepping(
                instance + " of " + fleet.name() + " was saved by the repair",
                () -> gantry.look(instance),
                () -> fleet.state(instance).equals("InService"));
        assertEquals(1, fleet.commands(instance).size());
        assertEquals(
                "provisioned",
                fleet.closed(instance).path("closing").path("kind").asText());
    }
}
