package dev.gantry.stored;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.launch.fleet.FleetName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class FleetAliasTest {
    /** As terraform/modules/fleet names them. */
    @Test
    void aliasesAreTheOnesOfTerraform() throws IOException {
        for (String line : Files.readAllLines(Path.of("../../tests/fleet-names.tsv"))) {
            String[] columns = line.split("\t", -1);
            String alias = FleetAlias.of(new FleetName(columns[0]));
            assertEquals(columns[2], alias);
            assertTrue(alias.matches("[A-Za-z0-9_-]{1,128}"), alias);
        }
    }
}
