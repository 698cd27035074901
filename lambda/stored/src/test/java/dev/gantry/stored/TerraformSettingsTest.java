package dev.gantry.stored;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gantry.launch.fleet.BreakerLimits;
import dev.gantry.launch.fleet.Fleet;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.fleet.Policy;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What terraform/modules/fleet renders is what the function reads: that module's tests compare with the same files. */
class TerraformSettingsTest {

    private static Fleet read(String file, String fleet) throws IOException {
        try (InputStream in = TerraformSettingsTest.class.getResourceAsStream("/terraform/" + file)) {
            byte[] bytes = Objects.requireNonNull(in, file).readAllBytes();
            return SettingsJson.read("s3://gantry-sandbox/settings.json", new FleetName(fleet), bytes);
        }
    }

    @Test
    void theModulesDefaultsAreThePolicysDefaults() throws IOException {
        Fleet fleet = read("settings.json", "web");

        assertEquals(Policy.DEFAULT, fleet.policy());
        assertEquals(Fleet.DEFAULT_HOOK, fleet.hook());
        assertEquals(SettingsJson.DEFAULT_PLAYBOOK, fleet.playbook());
        assertEquals(SettingsJson.DEFAULT_EXTRA_VARIABLES, fleet.extraVariables());
        assertEquals(SettingsJson.DEFAULT_VERBOSE, fleet.verbose());
    }

    @Test
    void everySettingThatTheModuleCanWriteIsRead() throws IOException {
        Fleet fleet = read("settings-in-full.json", "my~group/of+things*");

        assertEquals(Policy.Mode.OBSERVE, fleet.policy().mode());
        assertEquals(Duration.ofMinutes(30), fleet.policy().hold());
        assertEquals(new BreakerLimits(5, 50), fleet.policy().breaker());
        assertEquals("3", fleet.document().version());
    }

    @Test
    void theKeyIsTheOneThatTheModuleWrites() {
        assertEquals(
                "fleets/my%7Egroup%2Fof%2Bthings%2A/settings.json",
                ObjectKeys.settings(new FleetName("my~group/of+things*")));
    }
}
