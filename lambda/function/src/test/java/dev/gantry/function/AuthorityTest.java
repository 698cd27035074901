package dev.gantry.function;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.launch.fleet.FleetName;
import dev.gantry.stored.FleetAlias;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuthorityTest {
    private static final String FUNCTION = "arn:aws:lambda:eu-central-1:111122223333:function:gantry-operator";
    private static final FleetName WEB = new FleetName("web");
    private static final FleetName OTHER = new FleetName("other");

    @ParameterizedTest
    @ValueSource(strings = {"", ":live", ":$LATEST", ":7"})
    void aCallerOfTheFunctionItselfMayActForEveryFleet(String qualifier) {
        Authority authority = Authority.of(FUNCTION + qualifier);

        assertTrue(authority.covers(WEB));
        assertTrue(authority.covers(OTHER));
    }

    @Test
    void aCallerOfAFleetsAliasMayActForThatFleetOnly() {
        Authority authority = Authority.of(FUNCTION + ":" + FleetAlias.of(WEB));

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
    void anArnThatIsNoFunctionsIsRefused(String arn) {
        assertThrows(IllegalArgumentException.class, () -> Authority.of(arn));
    }
}
