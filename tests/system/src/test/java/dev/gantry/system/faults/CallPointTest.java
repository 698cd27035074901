package dev.gantry.system.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class CallPointTest {
    @Test
    void aCallToS3IsNamedByTheKindOfItsObject() {
        assertEquals("PutObject launches", CallPoint.kind("s3", "PutObject", "/bucket/launches/web/i-1.json"));
        assertEquals("GetObject settings", CallPoint.kind("s3", "GetObject", "/bucket/fleets/web/settings.json"));
        assertEquals("GetObject release", CallPoint.kind("s3", "GetObject", "/bucket/fleets/w%2Fb/release.json"));
        assertEquals("PutObject failures", CallPoint.kind("s3", "PutObject", "/bucket/failures/web/ab/i-1-1.json"));
        assertEquals("HeadObject bundles", CallPoint.kind("s3", "HeadObject", "/bucket/bundles/web/ab.zip"));
        assertEquals("ListObjectsV2", CallPoint.kind("s3", "ListObjectsV2", "/bucket"));
    }

    @Test
    void aCallToAnotherServiceIsNamedByItsOperation() {
        assertEquals("SendCommand", CallPoint.kind("ssm", "SendCommand", "/"));
    }

    @Test
    void itsNameLeadsBackToIt() {
        for (CallPoint point : new CallPoint[] {
            new CallPoint("gantry-sweep", "PutObject launches", 12), new CallPoint("gantry-sweep", "ListObjectsV2", 1)
        }) {
            assertEquals(point, CallPoint.of("gantry-sweep", point.name()));
        }
    }

    @Test
    void aNameThatNoCallHasIsRefused() {
        for (String name : new String[] {"SendCommand", "SendCommand-", "-1", "Put-Object-1", "SendCommand-0001"}) {
            assertThrows(IllegalArgumentException.class, () -> CallPoint.of("gantry-sweep", name), name);
        }
    }
}
