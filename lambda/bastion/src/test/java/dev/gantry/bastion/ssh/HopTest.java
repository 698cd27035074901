package dev.gantry.bastion.ssh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.bastion.hosts.HostKey;
import dev.gantry.bastion.hosts.HostRecord;
import dev.gantry.bastion.ssh.SshFailure.Kind;
import dev.gantry.bastion.testing.FakeSshHost;
import dev.gantry.bastion.testing.Programs;
import dev.gantry.launch.id.InstanceId;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.config.hosts.HostConfigEntryResolver;
import org.apache.sshd.common.global.KeepAliveHandler;
import org.apache.sshd.common.keyprovider.KeyIdentityProvider;
import org.apache.sshd.common.signature.BuiltinSignatures;
import org.apache.sshd.core.CoreModuleProperties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which hosts a session is begun with, and how the others are reported; the host is a double in this JVM. */
@Timeout(1200)
class HopTest {
    private static final String ADDRESS = "127.77.3.10";
    private static final InstanceId INSTANCE = new InstanceId("i-0123456789abcdef0");
    private static final KeyPair HOST = FakeSshHost.keyPair("EC");
    private static final KeyPair OTHER = FakeSshHost.keyPair("EC");
    private static final KeyPair RSA = FakeSshHost.keyPair("RSA");
    private static final KeyPair USER = FakeSshHost.keyPair("EC");

    private final Budget budget = Budget.of(Duration.ofSeconds(20));
    private FakeSshHost host;

    @BeforeEach
    void begin() {
        listens(HOST);
    }

    @AfterEach
    void close() {
        host.close();
    }

    private void listens(KeyPair... keys) {
        host = new FakeSshHost(ADDRESS, keys);
        host.trusts(FakeSshHost.line(USER));
    }

    private Hop.Target target(List<HostKey> keys) {
        return new Hop.Target(
                "bastion i-1",
                new HostRecord(INSTANCE, ADDRESS, keys, "s3://bucket/key"),
                new InetSocketAddress(ADDRESS, host.port()),
                FakeSshHost.USER);
    }

    private SshFailure failure(List<HostKey> keys, KeyPair... users) {
        return assertThrows(SshFailure.class, () -> Hop.to(target(keys), List.of(users), budget)
                .close());
    }

    private static HostKey key(KeyPair pair) {
        return HostKey.of(FakeSshHost.line(pair));
    }

    private static void assertNothingIsLeft() {
        Programs.await("no thread of a client", () -> FakeSshHost.threads("sshd-SshClient")
                .isEmpty());
    }

    @Test
    void aHostWithTheKeyThatItWroteIsLoggedInToAndClosed() throws SshFailure {
        try (Hop hop = Hop.to(target(host.hostKeys()), List.of(USER), budget)) {
            assertTrue(hop.session().isAuthenticated());
            assertEquals("bastion i-1", hop.name());
            assertEquals(1, host.sessions());
        }
        Programs.await("no session on the host", () -> host.sessions() == 0);
        assertNothingIsLeft();
    }

    @Test
    void eachKeyOfTheFunctionIsOffered() throws SshFailure {
        Hop.to(target(host.hostKeys()), List.of(OTHER, USER), budget).close();
        Hop.to(target(host.hostKeys()), List.of(USER, OTHER), budget).close();
    }

    @Test
    void aHostWithAnRsaKeyAloneIsVerifiedByThatKey() throws SshFailure {
        host.close();
        listens(RSA);

        Hop.to(target(host.hostKeys()), List.of(USER), budget).close();
    }

    @Test
    void theWrittenOneOfSeveralHostKeysIsAskedFor() throws SshFailure {
        host.close();
        listens(HOST, RSA);

        Hop.to(target(List.of(key(RSA))), List.of(USER), budget).close();
        Hop.to(target(List.of(key(HOST))), List.of(USER), budget).close();
    }

    @Test
    void aHostWithAnotherKeyIsRefusedBeforeTheLogin() {
        SshFailure failure = failure(List.of(key(OTHER)), USER);

        assertEquals(Kind.HOST_KEY, failure.kind());
        assertEquals(
                "the host key changed: bastion i-1 at 127.77.3.10 shows "
                        + key(HOST).fingerprint() + " (ecdsa-sha2-nistp256), but wrote "
                        + key(OTHER).fingerprint()
                        + " (ecdsa-sha2-nistp256) to s3://bucket/key at its boot",
                failure.getMessage());
        assertFalse(failure.passes());
        assertNothingIsLeft();
    }

    @Test
    void aHostThatWroteNoKeyThatCanBeVerifiedIsNotConnectedTo() {
        HostKey dsa = new HostKey("ssh-dss", key(HOST).base64());
        SshFailure failure = failure(List.of(dsa), USER);

        assertEquals(Kind.HOST_KEY, failure.kind());
        assertTrue(
                failure.getMessage().contains("bastion i-1 wrote no ECDSA, RSA or Ed25519 host key"),
                failure::getMessage);
    }

    @Test
    void aHostThatHasNoneOfItsWrittenKeysAnyMoreIsAHostKeyFailure() {
        SshFailure failure = failure(List.of(key(RSA)), USER);

        assertEquals(Kind.HOST_KEY, failure.kind());
        assertTrue(failure.getMessage().contains("agree on no algorithm"), failure::getMessage);
    }

    @Test
    void aKeyThatTheHostDoesNotTrustIsRefused() {
        SshFailure failure = failure(host.hostKeys(), OTHER);

        assertEquals(Kind.REFUSED, failure.kind());
        assertTrue(failure.getMessage().contains("127.77.3.10 refused user " + FakeSshHost.USER), failure::getMessage);
        assertFalse(failure.passes());
        assertNothingIsLeft();
    }

    @Test
    void aHostThatIsAwayIsUnreachable() {
        Hop.Target gone = target(host.hostKeys());
        host.close();
        SshFailure failure = assertThrows(SshFailure.class, () -> Hop.to(gone, List.of(USER), budget));

        assertEquals(Kind.UNREACHABLE, failure.kind());
        assertTrue(
                failure.getMessage().startsWith("bastion i-1 does not answer at 127.77.3.10: "), failure::getMessage);
        assertTrue(failure.passes());
        assertNothingIsLeft();
    }

    @Test
    void aLoginThatIsCutMayBeTriedAgain() {
        host.cutsLogins();
        SshFailure failure = failure(host.hostKeys(), USER);

        assertEquals(Kind.CUT, failure.kind());
        assertTrue(
                failure.getMessage().startsWith("the login to bastion i-1 at 127.77.3.10 was cut: "),
                failure::getMessage);
        assertTrue(failure.passes());
    }

    /** What lies in the function's home folder must not decide which host it connects to, or as which user. */
    @Test
    void nothingOfTheHomeFolderIsUsedAndOnlyTheFunctionsOwnKindOfKeyIsOffered() throws SshFailure {
        try (Hop hop = Hop.to(target(host.hostKeys()), List.of(USER), budget)) {
            SshClient client = (SshClient) hop.session().getFactoryManager();

            assertSame(HostConfigEntryResolver.EMPTY, client.getHostConfigEntryResolver());
            assertSame(KeyIdentityProvider.EMPTY_KEYS_PROVIDER, client.getKeyIdentityProvider());
            assertEquals(List.of("publickey"), client.getUserAuthFactoriesNames());
            assertEquals(List.of(BuiltinSignatures.nistp256), client.getSignatureFactories());
            assertEquals(List.of(KeepAliveHandler.INSTANCE), client.getGlobalRequestHandlers());
            assertEquals(2, CoreModuleProperties.NIO_WORKERS.getRequired(client));
        }
    }

    @Test
    void theFirstCauseIsShownAndAnErrorWithoutAMessageIsNamed() {
        IOException cause = new IOException("Connection refused");

        assertEquals("Connection refused", Hop.words(new IOException("later", new IOException("late", cause))));
        assertEquals("IOException", Hop.words(new IOException("later", new IOException())));
    }
}
