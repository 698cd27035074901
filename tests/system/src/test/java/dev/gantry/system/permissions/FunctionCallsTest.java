package dev.gantry.system.permissions;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** How an S3 key becomes the kind that policies speak of. */
class FunctionCallsTest {

    @Test
    void aRecordIsKnownByItsPrefix() {
        assertEquals("launches/*", FunctionCalls.kind("/gantry-sandbox/launches/web/i-0123456789abcdef0.json"));
        assertEquals(
                "bastion/answers/*",
                FunctionCalls.kind("/gantry-sandbox/bastion/answers/run-0a1b/i-0123456789abcdef0.json"));
        assertEquals("failures/*", FunctionCalls.kind("/gantry-sandbox/failures/web/0a1b/i-0123456789abcdef0-1.json"));
    }

    @Test
    void settingsAndReleaseAreToldApart() {
        assertEquals("fleets/*/settings.json", FunctionCalls.kind("/gantry-sandbox/fleets/web%252Fblue/settings.json"));
        assertEquals("fleets/*/release.json", FunctionCalls.kind("/gantry-sandbox/fleets/web/release.json"));
    }

    @Test
    void aBucketHasNoKind() {
        assertEquals("", FunctionCalls.kind("/gantry-sandbox"));
        assertEquals("", FunctionCalls.kind("/gantry-sandbox/"));
    }
}
