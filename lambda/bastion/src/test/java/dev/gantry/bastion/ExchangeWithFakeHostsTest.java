package dev.gantry.bastion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.bastion.hosts.Hosts;
import dev.gantry.bastion.hosts.InstanceArn;
import dev.gantry.bastion.hosts.Subnets;
import dev.gantry.bastion.message.MessageParser;
import dev.gantry.bastion.message.Outcome;
import dev.gantry.bastion.message.State;
import dev.gantry.bastion.ssh.Budget;
import dev.gantry.bastion.testing.FakeSshHost;
import dev.gantry.bastion.testing.FakeSshHost.Call;
import dev.gantry.bastion.testing.LocalS3;
import dev.gantry.bastion.testing.Programs;
import dev.gantry.bastion.testing.Samples;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.stored.Json;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * One exchange through a bastion to an instance, both doubles in this JVM: the outcome of each answer and of each failure.
 * {@link ExchangeTest} does the same over OpenSSH.
 */
@Timeout(1200)
class ExchangeWithFakeHostsTest {
    private static final String BASTION = "127.77.4.10";
    private static final String NEWER_BASTION = "127.77.4.11";
    private static final String INSTANCE = "127.77.4.20";
    private static final String ARNS = "arn:aws:ec2:eu-central-1:111122223333:instance/";
    private static final InstanceId NEWER = new InstanceId("i-00000000000000bad");
    private static final KeyPair KEY = FakeSshHost.keyPair("EC");
    private static final KeyPair BASTION_KEY = FakeSshHost.keyPair("EC");
    private static final KeyPair INSTANCE_KEY = FakeSshHost.keyPair("EC");

    private final LocalS3 s3 = new LocalS3();
    private final FakeSshHost bastion = new FakeSshHost(BASTION, BASTION_KEY);
    private final FakeSshHost instance = new FakeSshHost(INSTANCE, INSTANCE_KEY);
    private final AtomicReference<String> input = new AtomicReference<>();

    @BeforeEach
    void begin() {
        bastion.trusts(FakeSshHost.line(KEY));
        instance.trusts(FakeSshHost.line(KEY));
        bastion.forwardsTo(instance);
        instance.runs(this::answer);
        writes("bastion/jump/", Samples.BASTION, BASTION, BASTION_KEY);
        writes("hostkeys/", Samples.INSTANCE, INSTANCE, INSTANCE_KEY);
    }

    @AfterEach
    void close() {
        bastion.close();
        instance.close();
        s3.close();
    }

    /** What a machine does at boot. */
    private void writes(String prefix, InstanceId id, String address, KeyPair key) {
        ObjectNode record = Json.object()
                .put("format", 1)
                .put("instance", id.value())
                .put("address", address)
                .put("at", "2026-01-31T12:00:00Z");
        record.withArray("keys").add(FakeSshHost.line(key));
        s3.put(prefix + ARNS + id, record.toString());
    }

    private int answer(Call call) throws Exception {
        input.set(new String(call.input(), StandardCharsets.UTF_8));
        call.print("{\"gantry\":1,\"instance\":\"" + Samples.INSTANCE + "\",\"run\":\"" + Samples.RUN
                + "\",\"state\":\"unknown\",\"detail\":\"" + call.command() + "\"}");
        return 0;
    }

    private Outcome exchange(String ask, Duration time) {
        SshLogins logins = new SshLogins(FakeSshHost.USER, bastion.port(), FakeSshHost.USER, instance.port());
        Hosts hosts =
                new Hosts(s3.bucket(), Subnets.of("127.77.4.0/24"), new InstanceArn("eu-central-1", "111122223333"));
        return new Exchange(hosts, logins, LocalS3.BUCKET)
                .with(MessageParser.parse(Samples.message(ask)), List.of(KEY), Budget.of(time));
    }

    private Outcome exchange(String ask) {
        return exchange(ask, Duration.ofSeconds(20));
    }

    private static void assertSays(State state, String part, Outcome outcome) {
        assertEquals(state, outcome.state(), outcome::toString);
        assertTrue(outcome.detail().contains(part), outcome::detail);
    }

    @Test
    void aStatusGoesToTheForcedCommandWithoutInputAndItsReplyIsTheOutcome() {
        assertSays(State.UNKNOWN, "status " + Samples.RUN, exchange("status"));
        assertEquals("", input.get());
        Programs.await("no session on either host", () -> bastion.sessions() == 0 && instance.sessions() == 0);
        Programs.await("no thread of an exchange", () -> FakeSshHost.threads("tunnel-", "sshd-SshClient")
                .isEmpty());
    }

    @Test
    void aStartBringsItsOptionsAndTheBucketAsInput() {
        assertSays(State.UNKNOWN, "start " + Samples.RUN, exchange("start"));
        assertTrue(
                input.get()
                        .startsWith("Source=s3://" + LocalS3.BUCKET + "/bundles/web/" + Samples.SHA256
                                + ".zip\nInstance=" + Samples.INSTANCE + "\n"),
                input::get);
        assertTrue(input.get().endsWith("End=" + Samples.RUN + "\n"), input::get);
    }

    @Test
    void aBastionWithAnotherHostKeyIsMisconfiguredAndTheInstanceIsNotReached() {
        writes("bastion/jump/", Samples.BASTION, BASTION, INSTANCE_KEY);

        assertSays(State.MISCONFIGURED, "the host key changed: bastion " + Samples.BASTION, exchange("status"));
        assertEquals(List.of(), instance.commands());
    }

    @Test
    void anInstanceWithAnotherHostKeyIsMisconfiguredAndIsAskedNothing() {
        writes("hostkeys/", Samples.INSTANCE, INSTANCE, BASTION_KEY);

        assertSays(State.MISCONFIGURED, "the host key changed: instance " + Samples.INSTANCE, exchange("status"));
        assertEquals(List.of(), instance.commands());
    }

    @Test
    void aReplyThatIsCutMayBeAskedForAgain() {
        instance.runs(call -> {
            bastion.cutSessions();
            new CountDownLatch(1).await();
            return 0;
        });

        assertSays(State.RETRYABLE, "was cut", exchange("status"));
    }

    /** The newest of the bastions is the one whose object was written last; nothing listens at its address. */
    private void newestBastionIsAway() {
        writes("bastion/jump/", NEWER, NEWER_BASTION, BASTION_KEY);
    }

    @Test
    void aBastionThatIsAwayIsRetryable() {
        bastion.close();

        assertSays(State.RETRYABLE, "bastion " + Samples.BASTION + " does not answer", exchange("status"));
    }

    @Test
    void ifTheNewestBastionIsAwayTheOneBeforeIsUsed() {
        newestBastionIsAway();

        assertSays(State.UNKNOWN, "status", exchange("status"));
    }

    @Test
    void ifBothBastionsAreAwayTheNewestOnesFailureIsReported() {
        newestBastionIsAway();
        bastion.close();

        assertSays(State.RETRYABLE, "bastion " + NEWER + " does not answer", exchange("status"));
    }

    @Test
    void withoutTimeForAnotherBastionTheFirstFailureIsReported() {
        newestBastionIsAway();

        assertSays(
                State.RETRYABLE, "bastion " + NEWER + " does not answer", exchange("status", Duration.ofMillis(7_900)));
        assertEquals(List.of(), instance.commands());
    }

    @Test
    void aBastionThatDoesNotForwardThereIsMisconfigured() {
        writes("hostkeys/", Samples.INSTANCE, "127.77.4.21", INSTANCE_KEY);

        assertSays(State.MISCONFIGURED, "does not forward to 127.77.4.21", exchange("status"));
    }

    @Test
    void withoutAnInstancesHostKeysTheExchangeIsTriedAgain() {
        s3.delete("hostkeys/" + ARNS + Samples.INSTANCE);

        assertSays(State.RETRYABLE, "has not written its host keys", exchange("status"));
    }
}
