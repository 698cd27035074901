package dev.gantry.bastion.hosts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SubnetsTest {
    private final Subnets subnets = Subnets.of("10.0.1.0/24, 10.0.2.16/28,192.168.7.7/32");

    @ParameterizedTest
    @CsvSource({
        "10.0.1.0, true",
        "10.0.1.255, true",
        "10.0.0.255, false",
        "10.0.2.0, false",
        "10.0.2.16, true",
        "10.0.2.31, true",
        "10.0.2.32, false",
        "192.168.7.7, true",
        "192.168.7.8, false",
        "169.254.169.254, false",
        "127.0.0.1, false",
    })
    void anAddressLiesInASubnetOrNot(String address, boolean expected) {
        assertEquals(expected, subnets.contain(address));
    }

    /** Forms that other parsers take for 10.0.1.5, or that would be looked up as names. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "010.0.1.5", "10.0.1.05", "10.1.5", "167772421", "0x0a.0.1.5", "10.0.1.5 ", " 10.0.1.5", "10.0.1.5.",
                "10.0.1.256", "10.0.1.-5", "10.0.1.5\n", "10.0.1.5;reboot", "$(id)", "::ffff:10.0.1.5", "localhost", "",
                "10.0.1.5/24", "١٠.0.1.5", "10.0.1.99999999999"
            })
    void otherFormsOfAnAddressAreRefused(String address) {
        assertEquals(false, subnets.contain(address));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "10.0.1.0",
                "10.0.1.0/",
                "10.0.1.0/33",
                "10.0.1.1/24",
                "0.0.0.0/0",
                "10.0.1.0/24,",
                "fd00::/64",
                "10.0.1.0/24;10.0.2.0/24",
                "10.0.1/24"
            })
    void textThatIsNoSubnetIsRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> Subnets.of(text));
    }

    @Test
    void theLargestSubnetIsOfEightBits() {
        assertEquals(true, Subnets.of("10.0.0.0/8").contain("10.255.255.255"));
        assertThrows(IllegalArgumentException.class, () -> Subnets.of("10.0.0.0/7"));
    }

    @Test
    void theRefusalNamesTheAddress() {
        assertEquals(
                "not a subnet: '10.0.1.1/24' has bits behind its prefix",
                assertThrows(IllegalArgumentException.class, () -> Subnets.of("10.0.0.0/24,10.0.1.1/24"))
                        .getMessage());
    }
}
