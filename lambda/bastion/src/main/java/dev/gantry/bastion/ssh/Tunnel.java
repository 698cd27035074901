package dev.gantry.bastion.ssh;

import dev.gantry.bastion.ssh.SshFailure.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.apache.sshd.client.channel.ChannelDirectTcpip;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.channel.exception.SshChannelOpenException;
import org.apache.sshd.common.util.net.SshdSocketAddress;

/**
 * A connection from the bastion to one address (RFC 4254, 7.2: a direct-tcpip channel), with an entrance on loopback that takes
 * one connection: that of the second session, which verifies the host at the other end, so that nothing depends on who
 * connects here.
 */
public final class Tunnel implements AutoCloseable {
    private static final int BUFFER = 32 * 1024;

    private final ChannelDirectTcpip channel;
    private final ServerSocket entrance;

    private Tunnel(ChannelDirectTcpip channel, ServerSocket entrance) {
        this.channel = channel;
        this.entrance = entrance;
    }

    /**
     * Has the bastion connect to the address.
     *
     * @throws SshFailure of the kind REFUSED if the bastion does not allow it, UNREACHABLE if there is no answer
     */
    public static Tunnel through(Hop bastion, String address, int port, Budget budget) throws SshFailure {
        SshdSocketAddress from = new SshdSocketAddress("127.0.0.1", 0);
        try {
            ChannelDirectTcpip channel =
                    bastion.session().createDirectTcpipChannel(from, new SshdSocketAddress(address, port));
            channel.open().verify(budget.atMost(Hop.CONNECT, "connecting through " + bastion.name()));
            ServerSocket entrance = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            Tunnel tunnel = new Tunnel(channel, entrance);
            daemon("tunnel-in", tunnel::serve);
            return tunnel;
        } catch (IOException | IllegalStateException e) {
            // MINA throws the latter where the session was closed since the login.
            throw failure(bastion, address + " port " + port, e);
        }
    }

    private static SshFailure failure(Hop bastion, String target, Exception error) {
        return switch (reason(error)) {
            case SshConstants.SSH_OPEN_ADMINISTRATIVELY_PROHIBITED -> new SshFailure(
                    Kind.REFUSED, bastion.name() + " does not forward to " + target + ": see its PermitOpen", error);
            case SshConstants.SSH_OPEN_CONNECT_FAILED -> new SshFailure(
                    Kind.UNREACHABLE, bastion.name() + " gets no answer from " + target, error);
            default -> new SshFailure(
                    Kind.UNREACHABLE,
                    bastion.name() + " did not connect to " + target + ": " + Hop.words(error),
                    error);
        };
    }

    /** The bastion's reason, which MINA's future wraps in an exception of its own; 0 where there is none. */
    private static int reason(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof SshChannelOpenException refused) {
                return refused.getReasonCode();
            }
        }
        return 0;
    }

    /** Where the second session connects to. */
    public InetSocketAddress entrance() {
        return new InetSocketAddress(entrance.getInetAddress(), entrance.getLocalPort());
    }

    private void serve() {
        try (Socket socket = entrance.accept()) {
            entrance.close();
            socket.setTcpNoDelay(true);
            InputStream in = socket.getInputStream();
            daemon("tunnel-out", () -> pour(in, channel.getInvertedIn()));
            pour(channel.getInvertedOut(), socket.getOutputStream());
        } catch (IOException | UncheckedIOException e) {
            // One end was closed: the session at the other end reports that to its waiting thread.
            channel.close(true);
        }
    }

    private static void pour(InputStream in, OutputStream out) {
        byte[] buffer = new byte[BUFFER];
        try (out) {
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                out.write(buffer, 0, length);
                out.flush();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("one end of the tunnel was closed", e);
        }
    }

    private static void daemon(String name, Runnable work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (UncheckedIOException closed) {
                        // As above; this thread has no other caller to report to.
                        Thread.currentThread().interrupt();
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        channel.close(true);
        try {
            entrance.close();
        } catch (IOException e) {
            throw new UncheckedIOException("the tunnel's entrance could not be closed", e);
        }
    }
}
