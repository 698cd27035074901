package dev.gantry.bastion.keys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.bastion.testing.HandClock;
import dev.gantry.bastion.testing.LocalS3;
import dev.gantry.bastion.testing.Samples;
import dev.gantry.launch.error.GantryException;
import dev.gantry.sandbox.wire.Faults.Fault;
import java.security.KeyPair;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.PublicKeyEntryResolver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SshKeysTest {
    private static final Duration DEADLINE = Duration.ofHours(1);

    private final AtomicInteger puts = new AtomicInteger();
    private final LocalS3 s3 = new LocalS3((service, operation, accessKey) -> {
        puts.addAndGet(operation.equals("PutObject") ? 1 : 0);
        return new Fault.None();
    });
    private final HandClock clock = new HandClock();
    private final SshKeys keys = new SshKeys(s3.bucket(), "arn:aws:kms:eu-central-1:111122223333:key/k", clock);

    @AfterEach
    void close() {
        s3.close();
    }

    private JsonNode open() {
        return Samples.json(s3.text(SshKeys.PUBLIC));
    }

    private List<PublicKey> offered() {
        return keys.load().offered(clock.instant()).stream()
                .map(KeyPair::getPublic)
                .toList();
    }

    @Test
    void theFirstRotationMakesTheFirstPairAndPublishesItsPublicHalf() {
        KeyRing ring = keys.rotate(DEADLINE);

        assertEquals(List.of(ring.current().pair().getPublic()), offered());
        assertEquals(ring.current().publicLine(), open().at("/keys/0/public").asText());
        assertEquals(ring.current().id(), open().at("/keys/0/id").asText());
        assertEquals(1, open().get("keys").size());
    }

    @Test
    void beforeTheFirstRotationThereAreNoKeysAndTheMessageSaysHowToMakeThem() {
        String message =
                assertThrows(GantryException.Misconfigured.class, keys::load).getMessage();

        assertTrue(message.contains("{\"action\": \"rotate\"}"), message);
    }

    @Test
    void forOneOverlapBothHalvesAreValid() {
        KeyRing first = keys.rotate(DEADLINE);
        clock.pass(Duration.ofDays(30));
        KeyRing second = keys.rotate(DEADLINE);

        PublicKey current = second.current().pair().getPublic();
        assertEquals(List.of(current, first.current().pair().getPublic()), offered());
        assertEquals(first.current().publicLine(), open().at("/keys/1/public").asText());
        assertEquals(
                clock.instant().plus(DEADLINE).toString(),
                open().at("/keys/1/validUntil").asText());
        assertFalse(open().at("/keys/0").has("validUntil"));

        clock.pass(DEADLINE);
        assertEquals(List.of(current), offered());
    }

    @Test
    void aSecondRotationWithinTheOverlapIsRefusedBecauseInstancesWouldKnowNeitherHalf() {
        keys.rotate(DEADLINE);
        keys.rotate(DEADLINE);
        String before = s3.text(SshKeys.PAIR);

        String message = assertThrows(IllegalStateException.class, () -> keys.rotate(DEADLINE))
                .getMessage();
        assertTrue(message.contains("rotate again after 2026-01-31T13:00:00Z"), message);
        assertEquals(before, s3.text(SshKeys.PAIR));
    }

    @Test
    void oneOfManyConcurrentFirstRotationsIsKept() throws InterruptedException {
        var made = new ConcurrentLinkedQueue<String>();
        List<Thread> threads = java.util.stream.IntStream.range(0, 6)
                .mapToObj(i -> new Thread(() -> {
                    try {
                        made.add(keys.rotate(DEADLINE).current().id());
                    } catch (IllegalStateException lost) {
                        made.add("lost");
                    }
                }))
                .toList();
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }

        // A rotation after the first write succeeds once; every other one is refused.
        String current = keys.load().current().id();
        assertTrue(made.contains(current), made + " has " + current);
        assertEquals(6, made.size());
        assertTrue(made.stream().filter(id -> !id.equals("lost")).count() <= 2, made.toString());
    }

    @Test
    void aRotationThatWasKilledBeforeItPublishedIsPublishedByTheNextLook() {
        keys.rotate(DEADLINE);
        String old = s3.text(SshKeys.PUBLIC);
        clock.pass(DEADLINE);
        KeyRing ring = keys.rotate(DEADLINE);
        s3.put(SshKeys.PUBLIC, old);

        keys.load();
        assertEquals(ring.current().publicLine(), open().at("/keys/0/public").asText());
    }

    @Test
    void theStoredPairIsReadBack() {
        KeyRing made = keys.rotate(DEADLINE);

        KeyRing read = keys.load();
        assertEquals(made.current().publicLine(), read.current().publicLine());
        assertEquals(made.current().pair().getPrivate(), read.current().pair().getPrivate());
        assertEquals(made.current().madeAt(), read.current().madeAt());
    }

    @Test
    void nothingSecretIsPublishedOrPrinted() {
        KeyRing ring = keys.rotate(DEADLINE);

        assertFalse(s3.text(SshKeys.PUBLIC).contains("PRIVATE"));
        assertFalse(s3.text(SshKeys.PUBLIC).contains("private"));
        assertFalse(ring.toString().contains("PRIVATE"), ring.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"format\": 1}",
                "{\"format\": 2}",
                "rubbish-hunter2",
                "{\"format\":1,\"current\":{\"id\":\"a\","
                        + "\"private\":\"hunter2\",\"public\":\"hunter2\",\"madeAt\":\"2026-01-31T12:00:00Z\"}}",
                "{\"format\":1,\"current\":{\"private\":\"-----BEGIN PRIVATE KEY-----\\n-----END PRIVATE KEY-----\\n\","
                        + "\"public\":\"hunter2\",\"madeAt\":\"2026-01-31T12:00:00Z\"}}"
            })
    void aBrokenObjectIsMisconfiguredAndNotQuoted(String text) {
        s3.put(SshKeys.PAIR, text);

        String message =
                assertThrows(GantryException.Misconfigured.class, keys::load).getMessage();
        assertTrue(message.startsWith("s3://gantry-sandbox/bastion/keys/pair.json: "), message);
        assertFalse(message.contains("hunter2"), message);
    }

    @Test
    void afterTheOverlapTheKeysCanBeRotatedAgain() {
        keys.rotate(DEADLINE);
        keys.rotate(DEADLINE);
        clock.pass(DEADLINE);

        assertEquals(2, keys.rotate(DEADLINE).offered(clock.instant()).size());
    }

    /** Each exchange loads the keys; the object that every instance reads must not be written each time. */
    @Test
    void whatIsPublishedIsNotWrittenAgain() {
        keys.rotate(DEADLINE);
        String before = s3.bucket().read(SshKeys.PUBLIC).orElseThrow().version();
        int puts = this.puts.get();

        keys.load();

        assertEquals(puts, this.puts.get());
        assertEquals(before, s3.bucket().read(SshKeys.PUBLIC).orElseThrow().version());
    }

    /** As OpenSSH's own format says it: RFC 5656, 3.1, and RFC 4253, 6.6. */
    @Test
    void thePublicLineIsTheKeyThatOthersRead() throws Exception {
        SshKeyPair pair = SshKeyPair.make(clock.instant());

        PublicKey read = PublicKeyEntry.parsePublicKeyEntry(pair.publicLine())
                .resolvePublicKey(null, Map.of(), PublicKeyEntryResolver.FAILING);

        assertEquals(pair.pair().getPublic(), read);
        assertEquals(KeyUtils.getFingerPrint(read), pair.id());
        assertEquals(pair.id(), pair.toString());
    }

    @ParameterizedTest
    @ValueSource(longs = {60, 172_800})
    void theShortestAndTheLongestLaunchDeadlineCanBeAnOverlap(long seconds) {
        Instant before = clock.instant();
        keys.rotate(Duration.ofSeconds(seconds));

        assertEquals(
                before.plusSeconds(seconds),
                keys.rotate(Duration.ofSeconds(seconds))
                        .previous()
                        .orElseThrow()
                        .validUntil());
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 0, 59, 172_801})
    void theOverlapIsOneLaunchDeadline(long seconds) {
        assertThrows(IllegalArgumentException.class, () -> keys.rotate(Duration.ofSeconds(seconds)));
    }
}
