package dev.gantry.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.launch.fleet.FleetName;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdoptionTest {
    private static final Adoption.Found FOUND = new Adoption.Found(
            List.of("theirs"), true, Optional.of("web-instances"), List.of("ssm:UpdateInstanceInformation"));

    private static Adoption of(String group, String modules) {
        return new Adoption(new FleetName(group), "eu-central-1", modules, "gantry-function.zip", "9", FOUND);
    }

    @Test
    void aFewLinesAdoptAGroupInObserveModeWithItsAlarms() {
        List<String> lines = of("web", "./modules").terraform();
        String text = String.join("\n", lines);

        assertEquals(17, lines.size());
        assertTrue(
                text.contains("fleets       = { \"web\" = { deadline = module.fleet.launch_deadline_seconds } }"),
                text);
        assertTrue(text.contains("mode            = \"observe\""), text);
        assertTrue(text.contains("group_name      = \"web\"") && text.contains("version = \"9\""), text);
        assertTrue(text.contains("source          = \"./modules/fleet\""), text);
    }

    @Test
    void aReleasesModulesAreNamedBeforeItsRevision() {
        String text = String.join(
                "\n",
                of("web", "git::https://example.com/g.git//terraform/modules?ref=v0.2.0")
                        .terraform());

        assertTrue(text.contains("\"git::https://example.com/g.git//terraform/modules/fleet?ref=v0.2.0\""), text);
    }

    @Test
    void modulesInAnAbsoluteFolderAreOnePackageBecauseTheyReferToEachOther() {
        String text =
                String.join("\n", of("web", "/opt/gantry/terraform/modules").terraform());

        assertTrue(text.contains("\"/opt/gantry/terraform/modules//fleet\""), text);
    }

    @ParameterizedTest
    @CsvSource({
        "web, gantry-web",
        "Web_Servers.EU, gantry-web-servers-eu",
        "a-group-whose-name-is-far-too-long, gantry-a-group-whose-name-is-far",
        "'web$$$', gantry-web",
    })
    void theDeploymentsNameHasTheCharactersThatNamesMayHave(String group, String name) {
        assertEquals(name, of(group, ".").name());
        assertTrue(name.matches("[a-z][a-z0-9-]{1,30}[a-z0-9]"));
    }

    @Test
    void noTemplateBeginsInAGroupsName() {
        String text = String.join("\n", of("a\"b\\c${d}%{e}", ".").terraform());

        assertTrue(text.contains("group_name      = \"a\\\"b\\\\c$${d}%%{e}\""), text);
    }

    @Test
    void theNotesSayWhatComesBeforeTheSecondApply() {
        String notes = String.join("\n", of("web", ".").notes());

        assertTrue(notes.contains("launch hook theirs"), notes);
        assertTrue(notes.contains("warm pool"), notes);
        assertTrue(notes.contains("web-instances"), notes);
        assertTrue(notes.contains("AmazonSSMManagedInstanceCore"), notes);
        assertTrue(notes.contains("gantry publish web --function gantry-web-operator"), notes);
    }
}
