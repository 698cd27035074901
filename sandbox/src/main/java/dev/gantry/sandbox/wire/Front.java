package dev.gantry.sandbox.wire;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.sandbox.time.Timers;
import dev.gantry.sandbox.wire.Faults.Fault;
import dev.gantry.sandbox.wire.Services.Service;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;

/**
 * The entry to every service: finds the service, checks the access key and the region, lets {@link Faults} interfere, and
 * informs the {@link Journal}. It does not depend on sockets.
 */
public final class Front {
    private final String region;
    private final Services services;
    private final AccessKeys keys;
    private final Timers timers;
    private final Journal journal;
    private final Faults faults;

    public Front(String region, Services services, AccessKeys keys, Timers timers, Journal journal, Faults faults) {
        this.region = region;
        this.services = services;
        this.keys = keys;
        this.timers = timers;
        this.journal = journal;
        this.faults = faults;
    }

    /** Answers one request; empty where the connection is to be cut instead. */
    public Optional<WireResponse> answer(WireRequest request) {
        String requestId = UUID.randomUUID().toString();
        Optional<Caller> caller = Caller.of(request);
        Optional<Service> service = services.find(request, caller);
        if (service.isEmpty()) {
            WireResponse refusal = unknownService(request, caller, requestId);
            journal.record(entry("unknown", "", caller, refusal, RecordedRequest.NONE));
            return Optional.of(refusal);
        }
        if (!RecordedRequest.isInBody(request)) {
            return answer(service.get(), request, caller, RecordedRequest.of(request, new byte[0]), requestId);
        }
        byte[] body = Upstream.bytes(request);
        WireRequest again = request.with(new ByteArrayInputStream(body));
        return answer(service.get(), again, caller, RecordedRequest.of(request, body), requestId);
    }

    private Optional<WireResponse> answer(
            Service service, WireRequest request, Optional<Caller> caller, RecordedRequest recorded, String requestId) {
        Protocol protocol = service.protocol();
        Caller known = caller.orElse(new Caller("", region, service.name()));
        Protocol.Call call = parsed(protocol, request, known, requestId);
        Supplier<WireResponse> effect = () -> rendered(protocol, requestId, () -> {
            if (service.isOwn()) {
                check(service.name(), known);
            }
            return call.run();
        });
        Fault fault = faults.on(service.name(), call.operation(), known.accessKey(), request.rawPath());
        Optional<WireResponse> response = interfere(fault, effect, error -> protocol.error(error, requestId));
        response.ifPresentOrElse(
                sent -> journal.record(entry(service.name(), call.operation(), caller, sent, recorded)),
                () -> journal.record(new Journal.Entry(
                        timers.instant(),
                        service.name(),
                        call.operation(),
                        known.accessKey(),
                        0,
                        "ConnectionCut",
                        recorded)));
        return response;
    }

    /** A request that cannot even be read has no operation, and its call answers why. */
    private static Protocol.Call parsed(Protocol protocol, WireRequest request, Caller caller, String requestId) {
        try {
            return protocol.parse(request, caller, requestId);
        } catch (AwsError unreadable) {
            return Protocol.call("", () -> {
                throw unreadable;
            });
        }
    }

    private static WireResponse rendered(Protocol protocol, String requestId, Supplier<WireResponse> effect) {
        try {
            return effect.get();
        } catch (AwsError e) {
            return protocol.error(e, requestId);
        } catch (RuntimeException e) {
            Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
            return protocol.error(new AwsError(500, "InternalFailure", "The sandbox itself failed: " + e), requestId);
        }
    }

    private Optional<WireResponse> interfere(Fault fault, Supplier<WireResponse> effect, Renderer renderer) {
        if (fault instanceof Fault.ErrorResponse answer) {
            if (answer.afterEffect()) {
                discard(effect.get());
            }
            return Optional.of(renderer.render(answer.error()));
        }
        if (fault instanceof Fault.Cut cut) {
            if (cut.afterEffect()) {
                discard(effect.get());
            }
            return Optional.empty();
        }
        if (fault instanceof Fault.CallerLost lost) {
            loseCaller(lost, effect);
            return Optional.empty();
        }
        if (fault instanceof Fault.HalfBody) {
            return Optional.of(effect.get()).filter(whole -> whole.length() > 0).map(WireResponse::half);
        }
        if (fault instanceof Fault.Delay delay) {
            await(delay.duration());
        }
        return Optional.of(effect.get());
    }

    /** What is to take effect does so while the caller lives: its credentials end with it. */
    private static void loseCaller(Fault.CallerLost lost, Supplier<WireResponse> effect) {
        if (lost.afterEffect()) {
            discard(effect.get());
        }
        lost.end().run();
    }

    /** An answer that the client never gets; a stream in it is closed. */
    private static void discard(WireResponse unsent) {
        try {
            unsent.body().close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close an answer that is not sent", e);
        }
    }

    private interface Renderer {
        WireResponse render(AwsError error);
    }

    private void await(Duration delay) {
        CountDownLatch over = new CountDownLatch(1);
        Runnable cancel = timers.after(delay, over::countDown);
        try {
            over.await();
        } catch (InterruptedException e) {
            cancel.run();
            Thread.currentThread().interrupt();
        }
    }

    private void check(String service, Caller caller) {
        boolean s3 = service.equals("s3");
        if (caller.accessKey().isEmpty()) {
            throw s3
                    ? new AwsError(403, "AccessDenied", "Access Denied: the request is not signed.")
                    : new AwsError(403, "MissingAuthenticationToken", "Request is missing Authentication Token");
        }
        if (keys.find(caller.accessKey()).isEmpty()) {
            throw unknownKey(service);
        }
        if (!caller.region().equals(region)) {
            String expected = "the region '" + caller.region() + "' is wrong; expecting '" + region + "'";
            throw s3
                    ? AwsError.badRequest(
                            "AuthorizationHeaderMalformed", "The authorization header is malformed; " + expected)
                    : new AwsError(
                            403,
                            "SignatureDoesNotMatch",
                            "Credential should be scoped to a valid region: " + expected + ".");
        }
    }

    private static AwsError unknownKey(String service) {
        return switch (service) {
            case "s3" -> new AwsError(
                    403, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.");
            case "autoscaling", "sts" -> new AwsError(
                    403, "InvalidClientTokenId", "The security token included in the request is invalid.");
            default -> new AwsError(
                    403, "UnrecognizedClientException", "The security token included in the request is invalid.");
        };
    }

    private WireResponse unknownService(WireRequest request, Optional<Caller> caller, String requestId) {
        String asked = request.header("x-amz-target")
                .or(() -> caller.map(Caller::service))
                .orElse(request.method() + " " + request.rawPath() + ", which is not signed");
        String message = "The sandbox has no service for " + asked + ". It stands in for: " + services.names() + ".";
        boolean query = request.header("content-type")
                .filter(type -> type.startsWith("application/x-www-form-urlencoded"))
                .isPresent();
        if (query) {
            String xml = "<ErrorResponse><Error><Type>Sender</Type>" + Xml.element("Code", "UnknownService")
                    + Xml.element("Message", message) + "</Error><RequestId>" + requestId
                    + "</RequestId></ErrorResponse>";
            return WireResponse.text(400, "text/xml", xml).failing("UnknownService");
        }
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("__type", "UnknownService").put("message", message);
        return WireResponse.text(400, "application/json", body.toString())
                .with("x-amzn-ErrorType", "UnknownService")
                .failing("UnknownService");
    }

    private Journal.Entry entry(
            String service, String operation, Optional<Caller> caller, WireResponse sent, RecordedRequest request) {
        String key = caller.map(Caller::accessKey).orElse("");
        return new Journal.Entry(timers.instant(), service, operation, key, sent.status(), sent.error(), request);
    }
}
