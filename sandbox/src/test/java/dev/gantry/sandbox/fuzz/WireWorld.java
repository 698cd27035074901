package dev.gantry.sandbox.fuzz;

import dev.gantry.aws.fuzz.Holds;
import dev.gantry.sandbox.autoscaling.AutoScaling;
import dev.gantry.sandbox.ec2.Ec2;
import dev.gantry.sandbox.events.EventBus;
import dev.gantry.sandbox.s3.S3;
import dev.gantry.sandbox.sqs.Sqs;
import dev.gantry.sandbox.ssm.Ssm;
import dev.gantry.sandbox.ssm.SsmOptions;
import dev.gantry.sandbox.wire.AccessKeys;
import dev.gantry.sandbox.wire.AccessKeys.Identity;
import dev.gantry.sandbox.wire.AwsError;
import dev.gantry.sandbox.wire.Faults;
import dev.gantry.sandbox.wire.Front;
import dev.gantry.sandbox.wire.Journal;
import dev.gantry.sandbox.wire.JsonProtocol;
import dev.gantry.sandbox.wire.QueryProtocol;
import dev.gantry.sandbox.wire.Services;
import dev.gantry.sandbox.wire.WireRequest;
import dev.gantry.sandbox.wire.WireResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The services behind their front, without sockets, threads, or instances that boot: a fresh one for each input. */
final class WireWorld {
    static final String REGION = "eu-central-1";
    static final String ACCOUNT = "111122223333";
    private static final EventBus NO_LISTENER = (source, type, resources, detail) -> {};

    final HastyTimers timers = new HastyTimers();
    private final List<Throwable> defects = new ArrayList<>();
    private final Front front;

    WireWorld(Path blobs) {
        Ssm ssm = new Ssm(SsmOptions.standard(ACCOUNT, REGION), NO_LISTENER, timers);
        AutoScaling autoScaling = new AutoScaling(REGION, ACCOUNT, new Hulls(), NO_LISTENER, timers, (arn, body) -> {});
        Sqs sqs = new Sqs(REGION, ACCOUNT, timers, () -> URI.create("http://127.0.0.1:4566"));
        AccessKeys keys = new AccessKeys();
        S3 s3 = new S3(REGION, blobs, timers, keys);
        s3.createBucket("gantry-sandbox");
        s3.put("gantry-sandbox", "a/key.json", "{}".getBytes(StandardCharsets.UTF_8));
        sqs.create("gantry-launches", Map.of());
        keys.register("sandbox", new Identity(ACCOUNT, "arn:aws:iam::" + ACCOUNT + ":user/sandbox", "AIDASANDBOX"));
        Services services = new Services()
                .add("s3", s3)
                .add("autoscaling", new QueryProtocol(autoScaling))
                .addJson("ssm", "AmazonSSM", new JsonProtocol("1.1", ssm))
                .addJson("sqs", "AmazonSQS", new JsonProtocol("1.0", sqs));
        front = new Front(REGION, services, keys, timers, Journal.NONE, Faults.NONE);
    }

    /** Signed as the sandbox's own user, unless the headers say another signature. */
    int send(String service, String method, String path, Map<String, String> headers, byte[] body) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put(
                "authorization",
                "AWS4-HMAC-SHA256 Credential=sandbox/20260101/" + REGION + "/" + service
                        + "/aws4_request, SignedHeaders=host, Signature=0");
        all.put("content-length", Integer.toString(body.length));
        headers.forEach((name, value) -> all.put(name.toLowerCase(Locale.ROOT), value));
        int mark = path.indexOf('?');
        Thread.currentThread().setUncaughtExceptionHandler((thread, defect) -> defects.add(defect));
        Optional<WireResponse> response = front.answer(new WireRequest(
                method,
                mark < 0 ? path : path.substring(0, mark),
                mark < 0 ? "" : path.substring(mark + 1),
                parameters(mark < 0 ? "" : path.substring(mark + 1)),
                all,
                new ByteArrayInputStream(body)));
        return checked(response.orElseThrow(() -> new AssertionError("the connection was cut")));
    }

    /** A query whose escapes are broken never gets this far: the HTTP server refuses the address. */
    private static Map<String, String> parameters(String query) {
        try {
            return WireRequest.form(query);
        } catch (AwsError refused) {
            return Map.of();
        }
    }

    private int checked(WireResponse response) {
        String answer = read(response);
        if (!defects.isEmpty()) {
            throw new AssertionError("a defect of the sandbox: " + answer, defects.get(0));
        }
        Holds.that(response.status() >= 200 && response.status() <= 501 && response.status() != 500, answer);
        Holds.that(response.status() < 400 || !response.error().isEmpty(), "an error without a code: " + answer);
        return response.status();
    }

    private static String read(WireResponse response) {
        try (var body = response.body()) {
            return response.status() + " " + new String(body.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("an answer cannot be read", e);
        }
    }

    /** Instances that have an id, and nothing else. */
    private static final class Hulls implements Ec2 {
        private int launched;

        @Override
        public String launch(LaunchSpec spec) {
            launched++;
            return String.format("i-%017x", launched);
        }

        @Override
        public void stop(String instanceId) {
            // It has nothing that could stop.
        }

        @Override
        public void start(String instanceId) {
            // It has nothing that could start.
        }

        @Override
        public void terminate(String instanceId) {
            // It has nothing that could end.
        }

        @Override
        public Optional<Instance> find(String instanceId) {
            return Optional.empty();
        }
    }
}
