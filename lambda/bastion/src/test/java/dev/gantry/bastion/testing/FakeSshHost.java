package dev.gantry.bastion.testing;

import dev.gantry.bastion.hosts.HostKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.net.SshdSocketAddress;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.apache.sshd.server.forward.RejectAllForwardingFilter;

/**
 * A double of a machine's sshd: Apache MINA's own server, within the test's JVM and on loopback. {@link OpenSsh} is the real
 * one. It lets in {@link #USER} with the keys that the test gives, runs one forced command, and forwards only where it may.
 */
public final class FakeSshHost implements AutoCloseable {
    public static final String USER = "gantry-test";

    private final String address;
    private final List<KeyPair> hostKeys;
    private final SshServer server = SshServer.setUpDefaultServer();
    private final Set<String> trusted = new ConcurrentSkipListSet<>();
    private final Set<String> reachable = new ConcurrentSkipListSet<>();
    private final List<String> commands = new CopyOnWriteArrayList<>();

    /** A program behind a login: it is given the command that was asked for, and all that came as input. */
    @FunctionalInterface
    public interface Forced {
        /** Its exit code; {@link #CUT} if it ends without one. */
        int run(Call call) throws Exception;

        int CUT = -1;
    }

    /** One run of a forced command. */
    @SuppressWarnings("ArrayRecordComponent") // Made, read once and forgotten; never compared.
    public record Call(String command, byte[] input, OutputStream out, OutputStream error, ChannelSession channel) {

        public void print(String text) throws IOException {
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.flush();
        }

        public void complain(String text) throws IOException {
            error.write(text.getBytes(StandardCharsets.UTF_8));
            error.flush();
        }

        /** Ends by a signal, as RFC 4254, 6.10 reports it; MINA's server sends no such message itself. */
        public int endsBySignal(String signal) throws IOException {
            Buffer message = channel.getSession().createBuffer(SshConstants.SSH_MSG_CHANNEL_REQUEST);
            message.putUInt(channel.getRecipient());
            message.putString("exit-signal");
            message.putBoolean(false);
            message.putString(signal);
            message.putBoolean(false);
            message.putString("");
            message.putString("");
            channel.writePacket(message);
            return Forced.CUT;
        }
    }

    /** A host that listens at this address of loopback, on a free port. */
    public FakeSshHost(String address, KeyPair... hostKeys) {
        this.address = address;
        this.hostKeys = List.of(hostKeys);
        server.setHost(address);
        server.setKeyPairProvider(KeyPairProvider.wrap(hostKeys));
        server.setPublickeyAuthenticator(
                (user, key, session) -> user.equals(USER) && trusted.contains(PublicKeyEntry.toString(key)));
        server.setForwardingFilter(new RejectAllForwardingFilter() {
            @Override
            public boolean canConnect(Type type, SshdSocketAddress to, Session session) {
                return reachable.contains(to.getHostName() + ":" + to.getPort());
            }
        });
        runs(call -> 0);
        try {
            server.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A key pair for a host or a user: {@code EC} on P-256, or {@code RSA}. */
    public static KeyPair keyPair(String algorithm) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(algorithm.equals("EC") ? 256 : 2048);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The line that OpenSSH writes about a public key. */
    public static String line(KeyPair pair) {
        return PublicKeyEntry.toString(pair.getPublic());
    }

    /** Lets {@link #USER} in with one of these keys, and with no other. */
    public void trusts(String... lines) {
        trusted.clear();
        trusted.addAll(Arrays.asList(lines));
    }

    public void forwardsTo(FakeSshHost host) {
        forwardsTo(host.address, host.port());
    }

    public void forwardsTo(String host, int port) {
        reachable.add(host + ":" + port);
    }

    /** From now on this is the forced command. */
    public void runs(Forced program) {
        server.setCommandFactory((channel, command) -> {
            commands.add(command);
            return new Running(command, program);
        });
    }

    public String address() {
        return address;
    }

    public int port() {
        return server.getPort();
    }

    public List<HostKey> hostKeys() {
        return hostKeys.stream().map(FakeSshHost::line).map(HostKey::of).toList();
    }

    /** All commands that were asked for. */
    public List<String> commands() {
        return List.copyOf(commands);
    }

    public int sessions() {
        return server.getActiveSessions().size();
    }

    /** From now on a session is ended in the middle of its login. */
    public void cutsLogins() {
        server.setPublickeyAuthenticator((user, key, session) -> {
            session.close(true);
            return false;
        });
    }

    /** Ends its sessions at once, as a network does that cuts connections. */
    public void cutSessions() {
        server.getActiveSessions().forEach(session -> session.close(true));
    }

    /** The threads of this JVM whose names begin with one of these. */
    public static List<Thread> threads(String... beginnings) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> Stream.of(beginnings).anyMatch(thread.getName()::startsWith))
                .collect(Collectors.toList());
    }

    @Override
    public void close() {
        try {
            server.stop(true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A forced command in a thread of its own, which is interrupted when its channel is closed. */
    private static final class Running implements Command {
        private final String command;
        private final Forced program;
        private InputStream in;
        private OutputStream out;
        private OutputStream error;
        private ExitCallback ended;
        private Thread thread;

        Running(String command, Forced program) {
            this.command = command;
            this.program = program;
        }

        @Override
        public void setInputStream(InputStream stream) {
            in = stream;
        }

        @Override
        public void setOutputStream(OutputStream stream) {
            out = stream;
        }

        @Override
        public void setErrorStream(OutputStream stream) {
            error = stream;
        }

        @Override
        public void setExitCallback(ExitCallback callback) {
            ended = callback;
        }

        @Override
        public void start(ChannelSession channel, Environment environment) {
            thread = new Thread(() -> run(channel), "forced-command");
            thread.setDaemon(true);
            thread.start();
        }

        private void run(ChannelSession channel) {
            try {
                ByteArrayOutputStream input = new ByteArrayOutputStream();
                in.transferTo(input);
                int code = program.run(new Call(command, input.toByteArray(), out, error, channel));
                if (code == Forced.CUT) {
                    channel.close(false);
                } else {
                    ended.onExit(code);
                }
            } catch (Exception e) {
                // Its channel was closed, or the test is over.
                channel.close(true);
            }
        }

        @Override
        public void destroy(ChannelSession channel) {
            thread.interrupt();
        }
    }
}
