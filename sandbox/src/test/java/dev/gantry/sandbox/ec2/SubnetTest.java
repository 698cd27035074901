package dev.gantry.sandbox.ec2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class SubnetTest {

    @Test
    void firstCandidateIsTakenIfNothingUsesIt() throws IOException {
        assertEquals(
                "10.77.0.1",
                Subnet.free("default via 192.0.2.1 dev eth0\n192.0.2.0/24 dev eth0\n")
                        .host());
    }

    @Test
    void addressesAndRoutesThatOverlapAreAvoided() throws IOException {
        assertEquals(
                "10.79.0",
                Subnet.free("10.77.0.9/32 dev x\n10.78.0.0/16 dev y\n").prefix());
    }

    @Test
    void defaultRouteWrittenAsANetworkOverlapsNothing() throws IOException {
        assertEquals("10.77.0", Subnet.free("0.0.0.0/0 via 192.0.2.1\n").prefix());
    }

    @Test
    void machineWhoseRoutesCoverEverythingIsRefusedWithThatReason() {
        assertThrows(IOException.class, () -> Subnet.free("10.0.0.0/8 via 192.0.2.1\n"));
    }
}
