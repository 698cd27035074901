package dev.gantry.aws;

import static dev.gantry.aws.Samples.BUNDLE;
import static dev.gantry.aws.Samples.FAILURE;
import static dev.gantry.aws.Samples.NOW;
import static dev.gantry.aws.Samples.WEB;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.gantry.aws.LoopbackAws.Answer;
import dev.gantry.launch.Failure;
import dev.gantry.launch.GantryException;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class S3FailuresTest {
    private static final String KEY = "failures/" + BUNDLE.sha256() + "/i-00000000000000001-3.json";

    private final LoopbackS3 s3 = new LoopbackS3();
    private final LoopbackAws aws = new LoopbackAws(s3);
    private final S3Failures failures = new S3Failures(aws.clients().s3(), LoopbackS3.BUCKET);

    @AfterEach
    void close() {
        aws.close();
    }

    @Test
    void aFailureSaysEverythingThatPeopleNeed() {
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
    void aRecordThatCouldNotBeStoredIsAnError() {
        s3.nextAnswers(Answer.s3Error(403, "AccessDenied"));

        assertThrows(
                GantryException.Misconfigured.class,
                () -> failures.record(WEB, BUNDLE, Samples.instance(1), 3, FAILURE, NOW));
    }
}
