package dev.gantry.sandbox.lambda;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The function of these tests: does what its event asks for. Runs in a process of its own, out of a zip. */
public final class ProbeHandler implements RequestStreamHandler {
    private static final Pattern FAILING =
            Pattern.compile("\"messageId\":\"([^\"]+)\",\"receiptHandle\":\"[^\"]+\",\"body\":\"please-fail\"");
    private static int invocations;

    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        String event = new String(input.readAllBytes(), UTF_8);
        System.out.println("EVENT " + event);
        invocations++;
        output.write(answer(event, context).getBytes(UTF_8));
    }

    private static String answer(String event, Context context) {
        if (event.contains("please-throw")) {
            throw new IllegalStateException("asked to throw");
        }
        if (event.contains("please-exit")) {
            System.exit(7);
        }
        if (event.contains("please-talk")) {
            talk(path(event, "after"), path(event, "make"));
            hang();
        }
        if (event.contains("please-hang")) {
            hang();
        }
        if (event.contains("please-answer-rubbish")) {
            return "{\"batchItemFailures\":[{\"itemIdentifier\":\"\"}]}";
        }
        if (event.contains("please-count")) {
            return String.valueOf(invocations);
        }
        if (event.contains("please-tell")) {
            return "{\"arn\":\"" + context.getInvokedFunctionArn() + "\",\"heap\":"
                    + Runtime.getRuntime().maxMemory() + ",\"environment\":\"" + environment() + "\"}";
        }
        return failing(event);
    }

    private static Path path(String event, String name) {
        return Path.of(event.replaceAll(".*\"" + name + "\":\"([^\"]+)\".*", "$1"));
    }

    /** Less than a pipe holds, so that it is written although it is not read. */
    private static void talk(Path after, Path sign) {
        while (!Files.exists(after)) {
            Thread.onSpinWait();
        }
        for (int line = 1; line <= 3000; line++) {
            System.out.println("SAID " + line);
        }
        try {
            Files.createFile(sign);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String failing(String event) {
        String failures = FAILING.matcher(event)
                .results()
                .map(match -> "{\"itemIdentifier\":\"" + match.group(1) + "\"}")
                .collect(Collectors.joining(","));
        return event.contains("\"Records\"") ? "{\"batchItemFailures\":[" + failures + "]}" : event;
    }

    private static String environment() {
        return System.getenv().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(variable -> variable.getKey() + "=" + variable.getValue())
                .collect(Collectors.joining(" "));
    }

    private static void hang() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
