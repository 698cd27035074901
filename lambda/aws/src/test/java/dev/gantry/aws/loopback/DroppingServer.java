package dev.gantry.aws.loopback;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Answers each call with the same JSON, on connections that it keeps or closes afterwards; a SendCommand it reads to its end, and
 * then breaks the connection without an answer.
 */
public final class DroppingServer implements AutoCloseable {
    private final ServerSocket listener;
    private final byte[] answer;
    private final boolean keeps;
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();

    public DroppingServer(String json, boolean keeps) throws IOException {
        this.keeps = keeps;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        String head = "HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.1\r\nContent-Length: " + body.length;
        this.answer = (head + "\r\n\r\n" + json).getBytes(StandardCharsets.UTF_8);
        Thread thread = new Thread(this::accept, "dropping-server");
        thread.setDaemon(true);
        thread.start();
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort());
    }

    /** The operations that were asked for, in order. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    public int connections() {
        return connections.get();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                connections.incrementAndGet();
                Thread thread = new Thread(() -> serve(socket), "dropping-connection");
                thread.setDaemon(true);
                thread.start();
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void serve(Socket socket) {
        try (socket;
                InputStream in = new BufferedInputStream(socket.getInputStream())) {
            for (String operation = read(in); !operation.isEmpty(); operation = read(in)) {
                requests.add(operation);
                if (operation.equals("SendCommand")) {
                    return;
                }
                socket.getOutputStream().write(answer);
                if (!keeps) {
                    return;
                }
            }
        } catch (IOException gone) {
            // The client has closed its end.
        }
    }

    /** Reads one request; its operation, or nothing at the end of the connection. */
    private static String read(InputStream in) throws IOException {
        String operation = "";
        int length = 0;
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            String lower = line.toLowerCase(Locale.ROOT);
            if (lower.startsWith("x-amz-target:")) {
                operation = line.substring(line.lastIndexOf('.') + 1).strip();
            } else if (lower.startsWith("content-length:")) {
                length = Integer.parseInt(
                        lower.substring("content-length:".length()).strip());
            }
        }
        in.readNBytes(length);
        return operation;
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            line.append((char) c);
        }
        return line.toString().strip();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
