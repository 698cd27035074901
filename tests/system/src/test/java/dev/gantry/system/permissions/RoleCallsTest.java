package dev.gantry.system.permissions;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gantry.sandbox.wire.Journal.Entry;
import dev.gantry.sandbox.wire.RecordedRequest;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What stays of a call, and what is the same for all calls of a kind. */
class RoleCallsTest {

    @Test
    void aCallKeepsItsResourcesAndConditionKeys() {
        RecordedRequest request = new RecordedRequest(
                "PUT /gantry-sandbox/launches/web/i-0fedcba9876543210.json", Map.of("if-none-match", "*"));
        assertEquals(
                "{\"caller\":\"arn:aws:sts::111122223333:assumed-role/gantry-sweep/gantry-sweep\",\"service\":\"s3\","
                        + "\"operation\":\"PutObject\","
                        + "\"request\":\"PUT /gantry-sandbox/launches/web/i-0123456789abcdef0.json\","
                        + "\"names\":{\"if-none-match\":\"*\"}}",
                RoleCalls.line(
                        "arn:aws:sts::111122223333:assumed-role/gantry-sweep/gantry-sweep",
                        new Entry(Instant.EPOCH, "s3", "PutObject", "key", 412, "PreconditionFailed", request)));
    }

    @Test
    void instancesOfOneCallAreOneKind() {
        assertEquals(
                "i-0123456789abcdef0", RoleCalls.alike("i-0fedcba9876543210,i-0fedcba9876543211,i-0fedcba9876543212"));
    }

    @Test
    void digestsStaysAndRunsAreOneKind() {
        assertEquals(
                "GET /gantry-sandbox/failures/web/" + "ab".repeat(32) + "/i-0123456789abcdef0-1.json",
                RoleCalls.alike(
                        "GET /gantry-sandbox/failures/web/" + "0f".repeat(32) + "/i-0fedcba9876543210-27.json"));
        assertEquals(
                "bastion/answers/run-0a1b2c3d/i-0123456789abcdef0.json",
                RoleCalls.alike("bastion/answers/run-7kq2mx09/i-0fedcba9876543210.json"));
    }

    @Test
    void timesOfAbandonmentsAreOneKind() {
        assertEquals(
                "PUT /gantry-sandbox/abandonments/web/20260101T000000000Z-i-0123456789abcdef0-1.json",
                RoleCalls.alike("PUT /gantry-sandbox/abandonments/web/20261201T033532650Z-i-0fedcba9876543210-3.json"));
    }

    @Test
    void anEtagIsOneKindAndAStarAnother() {
        assertEquals("\"0\"", RoleCalls.alike("\"9e107d9d372bb6826bd81d3542a419d6\""));
        assertEquals("*", RoleCalls.alike("*"));
    }
}
