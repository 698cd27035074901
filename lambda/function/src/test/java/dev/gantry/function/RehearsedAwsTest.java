package dev.gantry.function;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.gantry.function.rehearsal.RehearsedAws;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** A snapshot keeps the code that a rehearsal loaded, and must have none of its sockets. */
class RehearsedAwsTest {
    private static Socket connected(RehearsedAws aws) throws IOException {
        Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), aws.endpoint().getPort());
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static RehearsedAws aws() throws IOException {
        return new RehearsedAws("bucket", operation -> {});
    }

    @Test
    void nothingListensAfterIt() throws IOException {
        RehearsedAws aws = aws();
        aws.close();

        assertThrows(ConnectException.class, () -> connected(aws).close());
    }

    @Test
    void itsConnectionsAreClosed() throws IOException {
        RehearsedAws aws = aws();
        try (Socket socket = connected(aws)) {
            socket.getOutputStream().write("GET /bucket/x HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertEquals('H', socket.getInputStream().read(), "it is answered: the connection is known");

            aws.close();

            assertEquals(-1, skipped(socket));
        }
    }

    @Test
    void aConnectionThatItsClientEndsIsClosedWithoutAnAnswer() throws IOException {
        try (RehearsedAws aws = aws();
                Socket socket = connected(aws)) {
            socket.shutdownOutput();

            assertEquals(-1, socket.getInputStream().read());
        }
    }

    private static int skipped(Socket socket) throws IOException {
        socket.getInputStream().readAllBytes();
        return socket.getInputStream().read();
    }
}
