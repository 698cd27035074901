package dev.gantry.function.rehearsal;

import dev.gantry.stored.Json;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * As much of AWS as one launch needs, within this process: one instance waits, its agent is online, its command succeeds. What is
 * written to S3 can be read again. It listens on loopback and closes every connection with itself.
 */
public final class RehearsedAws implements AutoCloseable {
    static final String GROUP = "rehearsal";
    static final String COMMAND = "00000000-0000-0000-0000-000000000000";
    private static final String BUNDLE = "0".repeat(64);
    private static final String SETTINGS =
            """
            {"fleet": "%s", "mode": "enforce", "document": {"name": "AWS-ApplyAnsiblePlaybooks", "version": "1"}}"""
                    .formatted(GROUP);
    private static final String RELEASE = "{\"current\": \"%s\"}".formatted(BUNDLE);

    private final String bucket;
    private final ServerSocket listener;
    private final Map<String, byte[]> objects = new ConcurrentHashMap<>();
    private final Consumer<String> asked;
    private final List<Socket> connections = new CopyOnWriteArrayList<>();

    /**
     * Starts to listen.
     *
     * @param asked is told each request's operation before it is answered
     */
    public RehearsedAws(String bucket, Consumer<String> asked) throws IOException {
        this.bucket = bucket;
        this.asked = asked;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort());
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "gantry-rehearsal");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                socket.setTcpNoDelay(true);
                connections.add(socket);
                start(() -> serve(socket));
            }
        } catch (IOException closed) {
            // The rehearsal is over.
        }
    }

    private void serve(Socket socket) {
        try (socket;
                InputStream in = new BufferedInputStream(socket.getInputStream())) {
            for (Request request = Request.read(in); !request.isEnd(); request = Request.read(in)) {
                socket.getOutputStream().write(answer(request));
            }
        } catch (IOException closed) {
            // The rehearsal is over.
        }
    }

    /** One request; without a method it is the end of the connection. */
    private record Request(String method, String path, String target, String body) {
        static Request read(InputStream in) throws IOException {
            String[] first = line(in).split(" ", 3);
            if (first.length < 3) {
                return new Request("", "", "", "");
            }
            String target = "";
            int length = 0;
            for (String line = line(in); !line.isEmpty(); line = line(in)) {
                int colon = line.indexOf(':');
                String name = line.substring(0, Math.max(colon, 0)).toLowerCase(Locale.ROOT);
                String value = line.substring(colon + 1).strip();
                if (name.equals("content-length")) {
                    length = Integer.parseInt(value);
                } else if (name.equals("x-amz-target")) {
                    target = value.substring(value.lastIndexOf('.') + 1);
                }
            }
            String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
            return new Request(first[0], first[1], target, body);
        }

        private static String line(InputStream in) throws IOException {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
                line.write(c);
            }
            return line.toString(StandardCharsets.UTF_8).strip();
        }

        boolean isEnd() {
            return method.isEmpty();
        }
    }

    private byte[] answer(Request request) {
        asked.accept(operation(request));
        if (!request.target().isEmpty()) {
            return ok("application/x-amz-json-1.1", Json.text(systemsManager(request.target())));
        } else if (request.path().startsWith("/" + bucket)) {
            return object(request);
        }
        return ok("text/xml", autoScaling(request.body()));
    }

    private String operation(Request request) {
        if (!request.target().isEmpty()) {
            return request.target();
        }
        String path = path(request);
        return path.startsWith("/" + bucket)
                ? request.method() + " " + path.substring(path.lastIndexOf('/') + 1)
                : action(request.body());
    }

    private static String path(Request request) {
        return request.path().replaceAll("\\?.*", "");
    }

    private static String action(String body) {
        return body.replaceAll("(?s).*Action=(\\w+).*", "$1");
    }

    private static Map<String, ?> systemsManager(String operation) {
        return switch (operation) {
            case "SendCommand" -> Map.of("Command", Map.of("CommandId", COMMAND, "Status", "Pending"));
            case "DescribeInstanceInformation" -> Map.of(
                    "InstanceInformationList",
                    List.of(Map.of("InstanceId", Rehearsal.INSTANCE, "PingStatus", "Online", "LastPingDateTime", 0)));
            case "ListCommandInvocations" -> Map.of(
                    "CommandInvocations",
                    List.of(Map.of(
                            "CommandId",
                            COMMAND,
                            "InstanceId",
                            Rehearsal.INSTANCE,
                            "Status",
                            "Success",
                            "StatusDetails",
                            "Success",
                            "CommandPlugins",
                            List.of(Map.of("Name", "runShellScript", "Status", "Success", "ResponseCode", 0)))));
            default -> Map.of();
        };
    }

    private static String autoScaling(String body) {
        String operation = action(body);
        return """
                <%1$sResponse xmlns="http://autoscaling.amazonaws.com/doc/2011-01-01/"><%1$sResult><AutoScalingInstances>\
                <member><InstanceId>%2$s</InstanceId><AutoScalingGroupName>%3$s</AutoScalingGroupName>\
                <LifecycleState>Pending:Wait</LifecycleState></member>\
                </AutoScalingInstances></%1$sResult></%1$sResponse>"""
                .formatted(operation, Rehearsal.INSTANCE, GROUP);
    }

    private byte[] object(Request request) {
        String path = path(request);
        if (request.method().equals("PUT")) {
            objects.put(path, request.body().getBytes(StandardCharsets.UTF_8));
            return http("200 OK", "ETag: \"1\"\r\n", "");
        } else if (request.method().equals("HEAD")) {
            String sum = Base64.getEncoder().encodeToString(HexFormat.of().parseHex(BUNDLE));
            return http(
                    "200 OK",
                    "ETag: \"1\"\r\nx-amz-checksum-type: FULL_OBJECT\r\nx-amz-checksum-sha256: " + sum + "\r\n",
                    "");
        } else if (path.endsWith("/settings.json")) {
            return http("200 OK", "ETag: \"1\"\r\n", SETTINGS);
        } else if (path.endsWith("/release.json")) {
            return http("200 OK", "ETag: \"1\"\r\n", RELEASE);
        } else if (objects.containsKey(path)) {
            return http("200 OK", "ETag: \"1\"\r\n", new String(objects.get(path), StandardCharsets.UTF_8));
        }
        return http("404 Not Found", "Content-Type: application/xml\r\n", "<Error><Code>NoSuchKey</Code></Error>");
    }

    /** So that the next launch is a first one again. */
    void forget() {
        objects.clear();
    }

    private static byte[] ok(String type, String body) {
        return http("200 OK", "Content-Type: " + type + "\r\n", body);
    }

    private static byte[] http(String status, String headers, String body) {
        int length = body.getBytes(StandardCharsets.UTF_8).length;
        return ("HTTP/1.1 " + status + "\r\n" + headers + "Content-Length: " + length + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket connection : connections) {
            connection.close();
        }
    }
}
