package dev.gantry.bastion.ssh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.bastion.hosts.HostRecord;
import dev.gantry.bastion.ssh.SshFailure.Kind;
import dev.gantry.bastion.testing.FakeSshHost;
import dev.gantry.bastion.testing.FakeSshHost.Forced;
import dev.gantry.launch.id.InstanceId;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One command in a session, and what is known if it does not end; the host is a double in this JVM. */
@Timeout(1200)
class CommandTest {
    private static final String ADDRESS = "127.77.3.11";
    private static final KeyPair KEY = FakeSshHost.keyPair("EC");

    private final Budget budget = Budget.of(Duration.ofSeconds(20));
    private final FakeSshHost host = new FakeSshHost(ADDRESS, KEY);
    private Hop hop;

    @BeforeEach
    void logIn() throws SshFailure {
        host.trusts(FakeSshHost.line(KEY));
        HostRecord record =
                new HostRecord(new InstanceId("i-0123456789abcdef0"), ADDRESS, host.hostKeys(), "s3://bucket/key");
        hop = Hop.to(
                new Hop.Target("instance i-1", record, new InetSocketAddress(ADDRESS, host.port()), FakeSshHost.USER),
                List.of(KEY),
                budget);
    }

    @AfterEach
    void close() {
        hop.close();
        host.close();
    }

    private Command.Result run(Forced program) throws SshFailure {
        host.runs(program);
        return Command.run(hop, "status run-1", "options".getBytes(StandardCharsets.UTF_8), 10, budget);
    }

    private SshFailure failure(Forced program) {
        return assertThrows(SshFailure.class, () -> run(program));
    }

    private static String text(Command.Result result) {
        return new String(result.out(), StandardCharsets.UTF_8);
    }

    @Test
    void aCommandGetsItsInputAndItsOutputErrorAndExitCodeComeBack() throws SshFailure {
        Command.Result result = run(call -> {
            call.print("said");
            call.complain(call.command() + " got " + new String(call.input(), StandardCharsets.UTF_8));
            return 3;
        });

        assertEquals("said", text(result));
        assertEquals("status run-1 got options", result.error());
        assertEquals(3, result.exit());
        assertFalse(result.cut());
    }

    @Test
    void moreOutputThanIsAllowedIsCut() throws SshFailure {
        Command.Result result = run(call -> {
            call.print("01234567890");
            return 0;
        });

        assertEquals("0123456789", text(result));
        assertTrue(result.cut());
    }

    @Test
    void aCommandThatDoesNotEndInTimeIsCut() {
        host.runs(call -> {
            new CountDownLatch(1).await();
            return 0;
        });
        Budget little = Budget.of(Duration.ofSeconds(1));
        SshFailure failure =
                assertThrows(SshFailure.class, () -> Command.run(hop, "status run-1", new byte[0], 10, little));

        assertEquals(Kind.CUT, failure.kind());
        assertEquals(
                "'status run-1' on instance i-1 did not end within the time of one exchange", failure.getMessage());
    }

    @Test
    void aConnectionThatEndsBeforeTheCommandIsACut() {
        SshFailure failure = failure(call -> {
            host.cutSessions();
            new CountDownLatch(1).await();
            return 0;
        });

        assertEquals(Kind.CUT, failure.kind());
        assertTrue(failure.getMessage().contains("'status run-1' on instance i-1 was cut"), failure::getMessage);
    }

    @Test
    void aCommandThatEndsWithoutExitCodeIsACut() {
        SshFailure failure = failure(call -> Forced.CUT);

        assertEquals(Kind.CUT, failure.kind());
        assertEquals(
                "'status run-1' on instance i-1 was cut: the connection ended before it did", failure.getMessage());
    }

    @Test
    void aCommandThatASignalEndedIsACutThatNamesTheSignal() {
        SshFailure failure = failure(call -> call.endsBySignal("TERM"));

        assertEquals(Kind.CUT, failure.kind());
        assertEquals("'status run-1' on instance i-1 was ended by signal TERM", failure.getMessage());
    }

    @Test
    void nothingIsBegunInASessionThatIsOver() {
        hop.close();
        SshFailure failure = failure(call -> 0);

        assertEquals(Kind.CUT, failure.kind());
        assertTrue(failure.getMessage().startsWith("'status run-1' on instance i-1 was cut: "), failure::getMessage);
        assertEquals(List.of(), host.commands());
    }
}
