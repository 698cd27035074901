package dev.gantry.aws.s3;

import static dev.gantry.stored.Samples.BUNDLE;
import static dev.gantry.stored.Samples.FAILURE;
import static dev.gantry.stored.Samples.NOW;
import static dev.gantry.stored.Samples.OTHER;
import static dev.gantry.stored.Samples.WEB;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.gantry.aws.loopback.LoopbackAws;
import dev.gantry.aws.loopback.LoopbackAws.Response;
import dev.gantry.aws.loopback.LoopbackS3;
import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.stay.Cause;
import dev.gantry.launch.stay.Failure;
import dev.gantry.stored.Samples;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class S3FailuresTest {
    private static final String KEY = "failures/web/" + BUNDLE.sha256() + "/i-00000000000000001-3.json";

    private final LoopbackS3 s3 = new LoopbackS3();
    private final LoopbackAws aws = new LoopbackAws(s3);
    private final S3Failures failures = new S3Failures(aws.clients().s3(), LoopbackS3.BUCKET);

    @AfterEach
    void close() {
        aws.close();
    }

    @Test
    void aFailureHasEverythingThatPeopleNeed() {
        failures.record(WEB, BUNDLE, Samples.instance(1), 3, FAILURE, NOW);

        assertEquals(
                "{\"fleet\":\"web\",\"instance\":\"i-00000000000000001\",\"stay\":3,\"at\":\"2026-01-31T12:00:00Z\","
                        + "\"step\":\"runShellScript\",\"task\":\"Install\",\"message\":\"no package\",\"exitCode\":2,"
                        + "\"tail\":\"TASK [Install]\\nfatal\\n\"}",
                s3.text(KEY));
    }

    @Test
    void aSecondRecordOfTheSameStayChangesNothing() {
        failures.record(WEB, BUNDLE, Samples.instance(1), 3, FAILURE, NOW);
        String first = s3.text(KEY);

        Failure other = new Failure("downloadContent", Optional.empty(), "other", 1, "");
        failures.record(WEB, BUNDLE, Samples.instance(1), 3, other, NOW.plusSeconds(9));

        assertEquals(first, s3.text(KEY));
    }

    @Test
    void instancesThatFailedAreCountedOnceForEachFleetAndBundleOnEveryPage() {
        for (int i = 1; i <= 5; i++) {
            failures.record(WEB, BUNDLE, Samples.instance(i), 1, FAILURE, NOW);
            failures.record(WEB, BUNDLE, Samples.instance(i), 2, FAILURE, NOW);
        }
        failures.record(WEB, OTHER, Samples.instance(6), 1, FAILURE, NOW);
        failures.record(new FleetName("web2"), BUNDLE, Samples.instance(7), 1, FAILURE, NOW);
        s3.put("failures/web/" + BUNDLE.sha256() + "/notes.txt", "by hand");

        assertEquals(Set.copyOf(Samples.instances(5)), failures.failed(WEB, BUNDLE, Optional.empty()));
    }

    @Test
    void onlyFailuresThatWereWrittenAfterATimeAreCountedSinceThen() {
        failures.record(WEB, BUNDLE, Samples.instance(1), 1, FAILURE, NOW);
        s3.now(NOW.plusMillis(1500));
        failures.record(WEB, BUNDLE, Samples.instance(2), 1, FAILURE, NOW);

        assertEquals(Set.of(Samples.instance(2)), failures.failed(WEB, BUNDLE, Optional.of(NOW)));
        assertEquals(Set.of(), failures.failed(WEB, BUNDLE, Optional.of(NOW.plusSeconds(1))));
    }

    @Test
    void anAbandonmentSaysWhoWhenAndWhy() {
        failures.abandoned(WEB, Samples.instance(1), 3, NOW.plusMillis(7), Cause.LAUNCH_DEADLINE);
        failures.abandoned(WEB, Samples.instance(1), 3, NOW.plusMillis(7), Cause.LAUNCH_DEADLINE);

        assertEquals(
                "{\"fleet\":\"web\",\"instance\":\"i-00000000000000001\",\"stay\":3,\"at\":\"2026-01-31T12:00:00.007Z\","
                        + "\"cause\":\"launchDeadline\"}",
                s3.text("abandonments/web/20260131T120000007Z-i-00000000000000001-3.json"));
    }

    @Test
    void abandonmentsAreCountedFromATimeOnWithoutListingTheEarlierOnes() {
        for (int i = 0; i < 8; i++) {
            failures.abandoned(WEB, Samples.instance(i + 1), 1, NOW.plusSeconds(i), Cause.RUN_FAILED);
        }
        failures.abandoned(new FleetName("web2"), Samples.instance(9), 1, NOW.plusSeconds(9), Cause.RUN_FAILED);

        assertEquals(8, failures.abandonments(WEB, NOW));
        assertEquals(3, failures.abandonments(WEB, NOW.plusSeconds(5)));
        assertEquals(2, failures.abandonments(WEB, NOW.plusSeconds(5).plusMillis(1)));
        assertEquals(0, failures.abandonments(WEB, NOW.plusSeconds(8)));
        assertEquals(
                "abandonments/web/20260131T120008000Z",
                aws.calls("GET").get(aws.calls("GET").size() - 1).query().get("start-after"));
    }

    @Test
    void anAbandonmentThatHadToBeTriedAgainCountsOnce() {
        failures.abandoned(WEB, Samples.instance(1), 1, NOW, Cause.RUN_FAILED);
        failures.abandoned(WEB, Samples.instance(1), 1, NOW.plusSeconds(5), Cause.RUN_FAILED);
        failures.abandoned(WEB, Samples.instance(1), 2, NOW.plusSeconds(9), Cause.RUN_FAILED);

        assertEquals(2, failures.abandonments(WEB, NOW));
    }

    @Test
    void aListThatIsForbiddenIsMisconfigured() {
        s3.nextAnswers(Response.s3Error(403, "AccessDenied"));

        assertThrows(GantryException.Misconfigured.class, () -> failures.abandonments(WEB, NOW));
    }

    @Test
    void aRecordThatCouldNotBeStoredIsAnError() {
        s3.nextAnswers(Response.s3Error(403, "AccessDenied"));

        assertThrows(
                GantryException.Misconfigured.class,
                () -> failures.record(WEB, BUNDLE, Samples.instance(1), 3, FAILURE, NOW));
    }
}
