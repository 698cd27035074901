package dev.gantry.bastion.ssh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.bastion.hosts.HostRecord;
import dev.gantry.bastion.ssh.SshFailure.Kind;
import dev.gantry.bastion.testing.FakeSshHost;
import dev.gantry.bastion.testing.Programs;
import dev.gantry.launch.id.InstanceId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a tunnel carries, and to where; the jump host is a double in this JVM. */
@Timeout(1200)
class TunnelTest {
    private static final String ADDRESS = "127.77.3.12";
    private static final String BEHIND = "127.77.3.13";
    private static final KeyPair KEY = FakeSshHost.keyPair("EC");

    private final Budget budget = Budget.of(Duration.ofSeconds(20));
    private final FakeSshHost host = new FakeSshHost(ADDRESS, KEY);
    private ServerSocket behind;
    private Hop bastion;

    @BeforeEach
    void logIn() throws Exception {
        behind = new ServerSocket(0, 1, InetAddress.getByName(BEHIND));
        host.trusts(FakeSshHost.line(KEY));
        host.forwardsTo(BEHIND, behind.getLocalPort());
        HostRecord record =
                new HostRecord(new InstanceId("i-0123456789abcdef0"), ADDRESS, host.hostKeys(), "s3://bucket/key");
        bastion = Hop.to(
                new Hop.Target("bastion i-1", record, new InetSocketAddress(ADDRESS, host.port()), FakeSshHost.USER),
                List.of(KEY),
                budget);
    }

    @AfterEach
    void close() throws IOException {
        bastion.close();
        behind.close();
        host.close();
    }

    private Tunnel tunnel() throws SshFailure {
        return Tunnel.through(bastion, BEHIND, behind.getLocalPort(), budget);
    }

    private static Socket enter(Tunnel tunnel) throws IOException {
        return new Socket(tunnel.entrance().getAddress(), tunnel.entrance().getPort());
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
    }

    private static String read(Socket socket, int length) throws IOException {
        return new String(socket.getInputStream().readNBytes(length), StandardCharsets.UTF_8);
    }

    private static void assertNoThreadIsLeft() {
        Programs.await(
                "no thread of a tunnel", () -> FakeSshHost.threads("tunnel-").isEmpty());
    }

    @Test
    void bytesGoBothWaysWhileTheOtherEndIsStillWaitingForMore() throws Exception {
        try (Tunnel tunnel = tunnel();
                Socket near = enter(tunnel);
                Socket far = behind.accept()) {
            write(near, "question");
            assertEquals("question", read(far, 8));
            write(far, "answer");
            assertEquals("answer", read(near, 6));
            assertTrue(FakeSshHost.threads("tunnel-").stream().allMatch(Thread::isDaemon));
        }
        assertNoThreadIsLeft();
    }

    @Test
    void theEntranceIsOnLoopbackAndTakesOneConnection() throws Exception {
        try (Tunnel tunnel = tunnel();
                Socket near = enter(tunnel);
                Socket far = behind.accept()) {
            write(near, "1");
            assertEquals("1", read(far, 1));
            assertTrue(near.getInetAddress().isLoopbackAddress());
            assertThrows(IOException.class, () -> enter(tunnel));
        }
    }

    @Test
    void ifTheFarEndClosesTheNearEndReadsTheEnd() throws Exception {
        try (Tunnel tunnel = tunnel();
                Socket near = enter(tunnel)) {
            behind.accept().close();
            assertEquals(-1, near.getInputStream().read());
        }
        assertNoThreadIsLeft();
    }

    @Test
    void ifTheNearEndClosesTheFarEndReadsTheEnd() throws Exception {
        try (Tunnel tunnel = tunnel()) {
            enter(tunnel).close();
            try (Socket far = behind.accept()) {
                assertEquals(-1, far.getInputStream().read());
            }
        }
        assertNoThreadIsLeft();
    }

    @Test
    void aTunnelWithoutAConnectionLeavesNothing() throws Exception {
        Tunnel tunnel = tunnel();
        assertFalse(FakeSshHost.threads("tunnel-").isEmpty());
        InetSocketAddress entrance = tunnel.entrance();
        tunnel.close();

        assertNoThreadIsLeft();
        assertThrows(IOException.class, () -> new Socket(entrance.getAddress(), entrance.getPort()));
    }

    @Test
    void anAddressThatTheBastionMayNotForwardToIsMisconfigured() {
        SshFailure failure = assertThrows(SshFailure.class, () -> Tunnel.through(bastion, BEHIND, 1, budget));

        assertEquals(Kind.REFUSED, failure.kind());
        assertEquals("bastion i-1 does not forward to 127.77.3.13 port 1: see its PermitOpen", failure.getMessage());
    }

    @Test
    void anInstanceThatDoesNotAnswerIsUnreachable() throws IOException {
        int port = behind.getLocalPort();
        behind.close();
        SshFailure failure = assertThrows(SshFailure.class, () -> Tunnel.through(bastion, BEHIND, port, budget));

        assertEquals(Kind.UNREACHABLE, failure.kind());
        assertEquals("bastion i-1 gets no answer from 127.77.3.13 port " + port, failure.getMessage());
    }

    @Test
    void aBastionWhoseSessionIsOverIsUnreachable() {
        bastion.close();
        SshFailure failure = assertThrows(SshFailure.class, this::tunnel);

        assertEquals(Kind.UNREACHABLE, failure.kind());
        assertTrue(
                failure.getMessage().startsWith("bastion i-1 did not connect to 127.77.3.13 port "),
                failure::getMessage);
    }
}
