package dev.gantry.aws.s3;

import static dev.gantry.stored.Samples.WEB;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.aws.loopback.LoopbackAws;
import dev.gantry.aws.loopback.LoopbackAws.Response;
import dev.gantry.aws.loopback.LoopbackS3;
import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.port.Ledger;
import dev.gantry.launch.port.Ledger.Entry;
import dev.gantry.launch.port.Result;
import dev.gantry.stored.ObjectKeys;
import dev.gantry.stored.Samples;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class S3LedgerTest extends LedgerContract {
    private final LoopbackS3 s3 = new LoopbackS3();
    private final LoopbackAws aws = new LoopbackAws(s3);
    private final ObjectThreads threads = new ObjectThreads();
    private final S3Ledger ledger = new S3Ledger(aws.clients().s3(), LoopbackS3.BUCKET, threads);

    @Override
    Ledger ledger() {
        return ledger;
    }

    @AfterEach
    void close() {
        threads.close();
        aws.close();
    }

    @Test
    void aFleetsNameIsPercentEncodedInTheKey() {
        ledger.write(new FleetName("web/eu 1"), Map.of(Samples.instance(1), Entry.NONE.with(Samples.stay())));

        assertTrue(s3.text("launches/web%2Feu%201/i-00000000000000001.json").contains("\"gate\":\"service\""));
    }

    @Test
    void aBrokenObjectIsAnErrorOfOnlyItsInstance() {
        s3.put(ObjectKeys.launch(WEB, Samples.instance(1)), "{\"number\":1,\"gate\":\"door\"}");

        Map<InstanceId, Result<Entry>> read = ledger.load(WEB, Samples.instances(2));

        GantryException broken = errorOf(read.get(Samples.instance(1)));
        assertInstanceOf(GantryException.Misconfigured.class, broken);
        assertEquals(
                "s3://gantry-sandbox/launches/web/i-00000000000000001.json: gate must be one of [service, warm], not 'door'",
                broken.getMessage());
        assertEquals(new Result.Ok<>(Entry.NONE), read.get(Samples.instance(2)));
    }

    @Test
    void anS3ThatRefusesIsAnErrorThatNamesTheObject() {
        s3.nextAnswers(Response.s3Error(403, "AccessDenied"));

        Result<Entry> read = ledger.load(WEB, List.of(Samples.instance(1))).get(Samples.instance(1));

        GantryException error = errorOf(read);
        assertInstanceOf(GantryException.Misconfigured.class, error);
        assertEquals(
                "reading s3://gantry-sandbox/launches/web/i-00000000000000001.json: AccessDenied: AccessDenied it is; allow it"
                        + " in the role's policy",
                error.getMessage());
    }

    @Test
    void aBucketThatIsNotThereIsNotAnEmptyLedger() {
        S3Ledger elsewhere = new S3Ledger(aws.clients().s3(), "no-such-bucket", threads);

        Result<Entry> read = elsewhere.load(WEB, List.of(Samples.instance(1))).get(Samples.instance(1));

        assertInstanceOf(GantryException.Misconfigured.class, errorOf(read));
    }

    @Test
    void writingAnEntryWithoutAStayIsAProgrammingError() {
        Map<InstanceId, Entry> nothing = Map.of(Samples.instance(1), new Entry(Optional.empty(), Optional.empty()));

        assertThrows(IllegalStateException.class, () -> ledger.write(WEB, nothing));
    }

    private static GantryException errorOf(Result<Entry> result) {
        if (result instanceof Result.Err<Entry> err) {
            return err.error();
        }
        throw new AssertionError("expected an error, not " + result);
    }
}
