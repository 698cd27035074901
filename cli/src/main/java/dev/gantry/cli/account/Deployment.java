package dev.gantry.cli.account;

import dev.gantry.cli.base.Problem;
import dev.gantry.launch.error.GantryException;
import dev.gantry.operator.Errors;
import dev.gantry.operator.Place;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.lambda.model.GetFunctionConfigurationResponse;

/**
 * Where this deployment keeps things: the operator's function knows it, so it does not have to be typed.
 *
 * @param timeout of the functions
 * @param queue the URL of the launch queue; empty where the function was not asked
 * @param deadLetters the URL of the dead-letter queue; the same
 */
record Deployment(Place place, Duration timeout, Optional<String> queue, Optional<String> deadLetters) {
    private static final Duration USUAL_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration GRACE = Duration.ofSeconds(60);

    /** One GetFunctionConfiguration, or none where the bucket was said. */
    static Deployment find(Clients clients, Target target) {
        if (target.bucket().isPresent()) {
            Place place = new Place(
                    clients.region(), target.function(), target.bucket().get());
            return new Deployment(place, USUAL_TIMEOUT, Optional.empty(), Optional.empty());
        }
        GetFunctionConfigurationResponse function = ask(clients, target);
        Map<String, String> variables = function.environment() == null
                ? Map.of()
                : function.environment().variables();
        String bucket = Optional.ofNullable(variables.get("GANTRY_BUCKET"))
                .orElseThrow(() -> new Problem(
                        Problem.AWS,
                        "function " + target.function() + " has no environment variable GANTRY_BUCKET, so it is not"
                                + " Gantry's: say --function, or --bucket"));
        return new Deployment(
                new Place(clients.region(), target.function(), bucket),
                Optional.ofNullable(function.timeout()).map(Duration::ofSeconds).orElse(USUAL_TIMEOUT),
                Optional.ofNullable(variables.get("GANTRY_QUEUE_URL")),
                Optional.ofNullable(variables.get("GANTRY_DLQ_URL")));
    }

    private static GetFunctionConfigurationResponse ask(Clients clients, Target target) {
        try {
            return Calls.said(
                    "GetFunctionConfiguration of function " + target.function() + " in " + clients.region(),
                    () -> clients.lambda()
                            .getFunctionConfiguration(request -> request.functionName(target.function())));
        } catch (GantryException e) {
            throw new Problem(
                    Problem.AWS,
                    Errors.words(e) + ". It would say which bucket is Gantry's. Is Gantry in this Region? Otherwise say"
                            + " --region, --function or --bucket",
                    e);
        }
    }

    /** How old a claim must be before another worker may act on it. */
    Duration takeover() {
        return timeout.plus(GRACE);
    }
}
