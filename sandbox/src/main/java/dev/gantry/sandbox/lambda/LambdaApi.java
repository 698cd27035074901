package dev.gantry.sandbox.lambda;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.sandbox.wire.AwsError;
import dev.gantry.sandbox.wire.Caller;
import dev.gantry.sandbox.wire.Protocol;
import dev.gantry.sandbox.wire.WireRequest;
import dev.gantry.sandbox.wire.WireResponse;
import java.net.URLDecoder;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lambda's REST API: Invoke, GetFunction, GetFunctionConfiguration, ListFunctions, ListEventSourceMappings of a queue, and
 * GetAccountSettings. Functions are deployed by the sandbox's composition, not through the API.
 */
public final class LambdaApi implements Protocol {
    private static final Pattern FUNCTION = Pattern.compile("/2015-03-31/functions/([^/]+)(/[a-z]+)?");
    /** Sources: developer guide, quotas; one megabyte for asynchronous payloads since October 2025. */
    private static final int MOST_SYNCHRONOUS = 6_291_456;

    /** Concurrent executions of an account and Region (developer guide, "Lambda quotas"). */
    private static final int CONCURRENCY = 1000;

    private static final int MOST_ASYNCHRONOUS = 1_048_576;

    private final Lambda lambda;

    public LambdaApi(Lambda lambda) {
        this.lambda = lambda;
    }

    @Override
    public Call parse(WireRequest request, Caller caller, String requestId) {
        String path = request.rawPath();
        if (request.method().equals("GET") && path.matches("/2015-03-31/functions/?")) {
            return named("ListFunctions", requestId, this::list);
        }
        if (request.method().equals("GET") && path.matches("/2015-03-31/event-source-mappings/?")) {
            return named("ListEventSourceMappings", requestId, () -> mappings(request.query("EventSourceArn")));
        }
        if (request.method().equals("GET") && path.matches("/2016-08-19/account-settings/?")) {
            return named("GetAccountSettings", requestId, this::account);
        }
        Matcher matcher = FUNCTION.matcher(path);
        String rest = matcher.matches() && matcher.group(2) != null ? matcher.group(2) : "";
        String name = matcher.matches() ? URLDecoder.decode(matcher.group(1), UTF_8) : "";
        return switch (request.method() + " " + rest) {
            case "POST /invocations" -> named("Invoke", requestId, () -> invoke(name, request));
            case "GET " -> named("GetFunction", requestId, () -> get(name));
            case "GET /configuration" -> named(
                    "GetFunctionConfiguration", requestId, () -> json(configuration(lambda.get(name))));
            default -> named("Unsupported", requestId, () -> {
                throw new AwsError(
                        501,
                        "NotImplemented",
                        "The sandbox's Lambda does not do " + request.method() + " " + path + ".");
            });
        };
    }

    private interface Effect {
        WireResponse answer();
    }

    private static Call named(String operation, String requestId, Effect effect) {
        return Protocol.call(operation, () -> effect.answer().with("x-amzn-RequestId", requestId));
    }

    private WireResponse invoke(String name, WireRequest request) {
        Function function = lambda.get(name);
        String text = request.text();
        String payload = text.isBlank() ? "{}" : text;
        String type = request.header("x-amz-invocation-type").orElse("RequestResponse");
        checkSize(payload, type.equals("Event") ? MOST_ASYNCHRONOUS : MOST_SYNCHRONOUS);
        Lambda.checkJson(payload);
        return switch (type) {
            case "Event" -> {
                lambda.invokeAsync(name, payload);
                yield WireResponse.text(202, "application/json", "");
            }
            case "DryRun" -> WireResponse.text(204, "application/json", "");
            case "RequestResponse" -> execute(function, payload, qualifier(name, request), request);
            default -> throw AwsError.badRequest(
                    "InvalidParameterValueException", "The invocation type must be Event, DryRun or RequestResponse.");
        };
    }

    /** In the name, or as a parameter; the sandbox has every version and alias, all of them the function as it is. */
    private static Optional<String> qualifier(String name, WireRequest request) {
        String afterFunction = name.substring(name.indexOf(":function:") < 0 ? 0 : name.indexOf(":function:") + 10);
        int colon = afterFunction.indexOf(':');
        return request.query("Qualifier")
                .or(() -> colon < 0 ? Optional.empty() : Optional.of(afterFunction.substring(colon + 1)));
    }

    private static void checkSize(String payload, int most) {
        if (payload.getBytes(UTF_8).length > most) {
            throw new AwsError(
                    413,
                    "RequestTooLargeException",
                    "Request must be smaller than " + most + " bytes for the InvokeFunction operation");
        }
    }

    private static WireResponse execute(
            Function function, String payload, Optional<String> qualifier, WireRequest request) {
        Function.Logged logged;
        try {
            logged = function.invokeLogged(payload, qualifier);
        } catch (Throttled e) {
            throw new AwsError(429, "TooManyRequestsException", "Rate Exceeded.");
        }
        WireResponse response = WireResponse.text(
                        200, "application/json", logged.outcome().payload())
                .with("X-Amz-Executed-Version", "$LATEST");
        if (logged.outcome().failed()) {
            response = response.with("X-Amz-Function-Error", "Unhandled");
        }
        boolean tail = request.header("x-amz-log-type").filter("Tail"::equals).isPresent();
        return tail ? response.with("X-Amz-Log-Result", Base64.getEncoder().encodeToString(logged.tail())) : response;
    }

    private WireResponse get(String name) {
        ObjectNode function = JsonNodeFactory.instance.objectNode();
        function.set("Configuration", configuration(lambda.get(name)));
        lambda.get(name).spec().reservedConcurrency().ifPresent(reserved -> function.putObject("Concurrency")
                .put("ReservedConcurrentExecutions", reserved));
        return json(function);
    }

    private WireResponse list() {
        ObjectNode output = JsonNodeFactory.instance.objectNode();
        ArrayNode functions = output.putArray("Functions");
        lambda.all().forEach(function -> functions.add(configuration(function)));
        return json(output);
    }

    private WireResponse mappings(Optional<String> queueArn) {
        ObjectNode output = JsonNodeFactory.instance.objectNode();
        ArrayNode found = output.putArray("EventSourceMappings");
        lambda.mappings().stream()
                .filter(mapping ->
                        queueArn.filter(arn -> !arn.equals(mapping.queueArn())).isEmpty())
                .forEach(mapping -> found.addObject()
                        .put("UUID", mapping.id())
                        .put("EventSourceArn", mapping.queueArn())
                        .put("FunctionArn", lambda.arn(mapping.functionName()))
                        .put("State", "Enabled")
                        .put("BatchSize", mapping.settings().batchSize())
                        .putArray("FunctionResponseTypes")
                        .add("ReportBatchItemFailures"));
        return json(output);
    }

    /** A new account's quota; what functions have reserved is taken off (API_GetAccountSettings, AccountLimit). */
    private WireResponse account() {
        int reserved = lambda.all().stream()
                .flatMap(function -> function.spec().reservedConcurrency().stream())
                .mapToInt(Integer::intValue)
                .sum();
        ObjectNode output = JsonNodeFactory.instance.objectNode();
        output.putObject("AccountLimit")
                .put("ConcurrentExecutions", CONCURRENCY)
                .put("UnreservedConcurrentExecutions", CONCURRENCY - reserved);
        return json(output);
    }

    private ObjectNode configuration(Function function) {
        FunctionSpec spec = function.spec();
        ObjectNode configuration = JsonNodeFactory.instance.objectNode();
        configuration.put("FunctionName", spec.name());
        configuration.put("FunctionArn", lambda.arn(spec.name()));
        configuration.put("Runtime", "java21");
        configuration.put("Handler", spec.handler());
        configuration.put("Timeout", spec.timeout().toSeconds());
        configuration.put("MemorySize", spec.memoryMegabytes());
        configuration.put("PackageType", "Zip");
        configuration.put("Version", "$LATEST");
        configuration.put("State", "Active");
        configuration.put("LastUpdateStatus", "Successful");
        ObjectNode variables = configuration.putObject("Environment").putObject("Variables");
        spec.environment().forEach(variables::put);
        return configuration;
    }

    private static WireResponse json(ObjectNode body) {
        return WireResponse.text(200, "application/json", body.toString());
    }

    @Override
    public WireResponse error(AwsError error, String requestId) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("Type", error.status() < 500 ? "User" : "Service");
        body.put("Message", error.getMessage());
        return WireResponse.text(error.status(), "application/json", body.toString())
                .with("x-amzn-ErrorType", error.code())
                .with("x-amzn-RequestId", requestId)
                .failing(error.code());
    }
}
