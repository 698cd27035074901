package dev.gantry.function;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.launch.fleet.FleetName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuthorityTest {
    private static final String FUNCTION = "arn:aws:lambda:eu-central-1:111122223333:function:gantry-operator";
    private static final FleetName WEB = new FleetName("web");
    private static final FleetName OTHER = new FleetName("other");

    @ParameterizedTest
    @ValueSource(strings = {"", ":live", ":$LATEST", ":7"})
    void whoeverMayInvokeTheFunctionItselfMayActForEveryFleet(String qualifier) {
        Authority authority = Authority.of(FUNCTION + qualifier);

        assertTrue(authority.covers(WEB));
        assertTrue(authority.covers(OTHER));
    }

    @Test
    void whoeverMayInvokeOneFleetsAliasMayActForItAlone() {
        Authority authority = Authority.of(FUNCTION + ":" + Authority.aliasOf(WEB));

        assertTrue(authority.covers(WEB));
        assertFalse(authority.covers(OTHER));
    }

    @Test
    void anAliasOfNoFleetMayActForNone() {
        assertFalse(Authority.of(FUNCTION + ":fleet-web").covers(WEB));
        assertFalse(Authority.of(FUNCTION + ":fleet-").covers(new FleetName("-")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "gantry-operator", "arn:aws:sqs:eu-central-1:111122223333:queue:a:b", FUNCTION + ":a:b"})
    void whatIsNoFunctionsArnIsRefused(String arn) {
        assertThrows(IllegalArgumentException.class, () -> Authority.of(arn));
    }

    /** As scripts/lib/publish.py and terraform/modules/fleet name them. */
    @Test
    void aliasesAreTheOnesOfEveryLanguage() throws IOException {
        for (String line : Files.readAllLines(Path.of("../../tests/fleet-names.tsv"))) {
            String[] columns = line.split("\t", -1);
            String alias = Authority.aliasOf(new FleetName(columns[0]));
            assertEquals(columns[2], alias);
            assertTrue(alias.matches("[A-Za-z0-9_-]{1,128}"), alias);
        }
    }
}
