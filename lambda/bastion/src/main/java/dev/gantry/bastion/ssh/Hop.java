package dev.gantry.bastion.ssh;

import dev.gantry.bastion.hosts.HostRecord;
import dev.gantry.bastion.ssh.SshFailure.Kind;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.client.config.hosts.HostConfigEntryResolver;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.global.KeepAliveHandler;
import org.apache.sshd.common.keyprovider.KeyIdentityProvider;
import org.apache.sshd.common.signature.BuiltinSignatures;
import org.apache.sshd.core.CoreModuleProperties;

/**
 * One SSH session with one host, whose keys are known, logged in with one of the given key pairs. It has a client of MINA's of
 * its own, so that nothing is shared with another hop and nothing is left when it is closed.
 */
public final class Hop implements AutoCloseable {
    /** A host in the same VPC that has not answered by then is down; some time must be left for another bastion. */
    static final Duration CONNECT = Duration.ofSeconds(5);

    private static final int THREADS = 2;

    private final SshClient client;
    private final ClientSession session;
    private final String name;

    private Hop(SshClient client, ClientSession session, String name) {
        this.client = client;
        this.session = session;
        this.name = name;
    }

    /**
     * The host to log in to, and the user.
     *
     * @param name for sentences: "the bastion i-…"
     * @param host whose keys are trusted
     * @param address where it is reached: its own address, or a tunnel's entrance
     */
    public record Target(String name, HostRecord host, InetSocketAddress address, String user) {}

    /**
     * Connects, verifies the host's key, and logs in.
     *
     * @throws SshFailure of any kind
     */
    public static Hop to(Target target, List<KeyPair> keys, Budget budget) throws SshFailure {
        TrustedKeys trusted = new TrustedKeys(target.host().keys());
        if (trusted.signatures().isEmpty()) {
            throw new SshFailure(
                    Kind.HOST_KEY,
                    target.name() + " wrote no ECDSA, RSA or Ed25519 host key to "
                            + target.host().source() + "; this channel knows no other kind");
        }
        SshClient client = client(trusted);
        try {
            client.start();
            ClientSession session = connect(client, target, budget);
            login(session, target, keys, trusted, budget);
            return new Hop(client, session, target.name());
        } catch (SshFailure e) {
            close(client);
            throw e;
        }
    }

    private static SshClient client(TrustedKeys trusted) {
        SshClient client = SshClient.setUpDefaultClient();
        client.setServerKeyVerifier(trusted);
        client.setSignatureFactories(trusted.signatures());
        client.setHostConfigEntryResolver(HostConfigEntryResolver.EMPTY);
        client.setKeyIdentityProvider(KeyIdentityProvider.EMPTY_KEYS_PROVIDER);
        client.setUserAuthFactories(List.of(ownKeysOnly()));
        client.setGlobalRequestHandlers(List.of(KeepAliveHandler.INSTANCE));
        CoreModuleProperties.NIO_WORKERS.set(client, THREADS);
        return client;
    }

    /** Its own list of signatures: the session's list is that of the host's keys. */
    private static UserAuthPublicKeyFactory ownKeysOnly() {
        UserAuthPublicKeyFactory factory = new UserAuthPublicKeyFactory();
        factory.setSignatureFactories(List.of(BuiltinSignatures.nistp256));
        return factory;
    }

    private static ClientSession connect(SshClient client, Target target, Budget budget) throws SshFailure {
        Duration time = budget.atMost(CONNECT, "connecting to " + target.name());
        try {
            return client.connect(target.user(), target.address()).verify(time).getSession();
        } catch (IOException e) {
            throw new SshFailure(
                    Kind.UNREACHABLE,
                    target.name() + " does not answer at " + target.host().address() + ": " + words(e),
                    e);
        }
    }

    private static void login(
            ClientSession session, Target target, List<KeyPair> keys, TrustedKeys trusted, Budget budget)
            throws SshFailure {
        keys.forEach(session::addPublicKeyIdentity);
        Duration time = budget.left("logging in to " + target.name());
        try {
            session.auth().verify(time);
        } catch (IOException e) {
            throw failure(target, trusted, e);
        }
    }

    private static SshFailure failure(Target target, TrustedKeys trusted, IOException error) {
        String host = target.name() + " at " + target.host().address();
        if (trusted.refused().isPresent()) {
            var shown = trusted.refused().get();
            return new SshFailure(
                    Kind.HOST_KEY,
                    "the host key changed: " + host + " shows " + shown.fingerprint() + " (" + shown.type()
                            + "), but wrote "
                            + trusted.fingerprints(shown.type()) + " to "
                            + target.host().source() + " at its boot",
                    error);
        }
        int code = error instanceof SshException ssh ? ssh.getDisconnectCode() : 0;
        return switch (code) {
            case SshConstants.SSH2_DISCONNECT_NO_MORE_AUTH_METHODS_AVAILABLE -> new SshFailure(
                    Kind.REFUSED,
                    host + " refused user " + target.user()
                            + " with this function's keys; is public.json what it trusts, and "
                            + "has its launch not ended?",
                    error);
            case SshConstants.SSH2_DISCONNECT_KEY_EXCHANGE_FAILED -> new SshFailure(
                    Kind.HOST_KEY,
                    host + " and this function agree on no algorithm, or it has none of the host keys that it wrote to "
                            + target.host().source() + ": " + words(error),
                    error);
            default -> new SshFailure(Kind.CUT, "the login to " + host + " was cut: " + words(error), error);
        };
    }

    /** The message of the first cause: MINA's futures wrap it in messages about themselves. */
    static String words(Throwable error) {
        Throwable first = error;
        while (first.getCause() != null) {
            first = first.getCause();
        }
        return first.getMessage() == null ? first.getClass().getSimpleName() : first.getMessage();
    }

    ClientSession session() {
        return session;
    }

    String name() {
        return name;
    }

    /** Closes at once: does not wait for pending data. */
    @Override
    public void close() {
        session.close(true);
        close(client);
    }

    private static void close(SshClient client) {
        client.close(true);
    }
}
