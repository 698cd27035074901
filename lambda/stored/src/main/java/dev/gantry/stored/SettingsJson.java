package dev.gantry.stored;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.launch.fleet.BreakerLimits;
import dev.gantry.launch.fleet.Document;
import dev.gantry.launch.fleet.Fallback;
import dev.gantry.launch.fleet.Fleet;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.fleet.Policy;
import dev.gantry.launch.fleet.PolicyBuilder;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/**
 * A fleet's settings as Terraform writes them to {@code fleets/<fleet>/settings.json}. Only {@code fleet}, {@code mode} and
 * {@code document} are required; missing fields have {@link Policy#DEFAULT}'s value. An unknown field is refused: otherwise a
 * misspelt deadline would silently become the default.
 */
public final class SettingsJson {
    public static final String DEFAULT_PLAYBOOK = "playbook.yml";
    public static final String DEFAULT_EXTRA_VARIABLES = "SSM=True";
    public static final String DEFAULT_VERBOSE = "-v";

    private static final Map<String, Policy.Mode> MODES =
            Map.of("enforce", Policy.Mode.ENFORCE, "observe", Policy.Mode.OBSERVE);

    private static final Set<String> FIELDS = Set.of(
            "fleet",
            "hook",
            "mode",
            "document",
            "playbook",
            "extraVariables",
            "installDependencies",
            "verbose",
            "launchDeadlineSeconds",
            "agentDeadlineSeconds",
            "attempts",
            "backoffSeconds",
            "deliveryTimeoutSeconds",
            "runTimeoutSeconds",
            "heartbeatSeconds",
            "onFailure",
            "breaker",
            "fallback");

    private static final Map<String, Fallback.Use> USES =
            Map.of("never", Fallback.Use.NEVER, "when-unreachable", Fallback.Use.WHEN_UNREACHABLE);

    private SettingsJson() {}

    public static byte[] write(Fleet fleet) {
        Policy policy = fleet.policy();
        ObjectNode json = Json.object()
                .put("fleet", fleet.name().value())
                .put("hook", fleet.hook())
                .put("mode", word(policy.mode()));
        ObjectNode document = json.putObject("document")
                .put("name", fleet.document().name())
                .put("version", fleet.document().version());
        fleet.document().hash().ifPresent(hash -> document.put("hash", hash));
        document.put("identifiesRuns", fleet.document().identifiesRuns());
        ObjectNode parameters = document.putObject("parameters");
        fleet.document().parameters().forEach(parameters::put);
        json.put("playbook", fleet.playbook())
                .put("extraVariables", fleet.extraVariables())
                .put("installDependencies", fleet.installDependencies())
                .put("verbose", fleet.verbose())
                .put("launchDeadlineSeconds", policy.launchDeadline().toSeconds())
                .put("agentDeadlineSeconds", policy.agentDeadline().toSeconds())
                .put("attempts", policy.attempts())
                .put("backoffSeconds", policy.backoff().toSeconds())
                .put("deliveryTimeoutSeconds", policy.deliveryTimeout().toSeconds())
                .put("runTimeoutSeconds", policy.runTimeout().toSeconds())
                .put("heartbeatSeconds", policy.heartbeat().toSeconds());
        if (policy.hold().isZero()) {
            json.put("onFailure", "abandon");
        } else {
            json.putObject("onFailure").put("holdMinutes", policy.hold().toMinutes());
        }
        json.putObject("breaker")
                .put("failures", policy.breaker().failures())
                .put("abandonments", policy.breaker().abandonments());
        if (policy.fallback().isUsed()) {
            json.putObject("fallback")
                    .put("use", "when-unreachable")
                    .put("afterSeconds", policy.fallback().after().toSeconds());
        }
        return Json.bytes(json);
    }

    private static String word(Policy.Mode mode) {
        return MODES.entrySet().stream()
                .filter(entry -> entry.getValue() == mode)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "mode must be one that settings can say, " + MODES.keySet() + ", not " + mode));
    }

    /**
     * Reads settings.
     *
     * @param name the object's name, for errors
     * @param fleet the fleet that the key names; the settings must name the same one
     * @throws dev.gantry.launch.error.GantryException.Misconfigured naming the object and the field that does not fit
     */
    public static Fleet read(String name, FleetName fleet, byte[] bytes) {
        Fields fields = Json.fields(name, bytes);
        fields.refuseOthersThan(FIELDS);
        if (!fields.text("fleet").equals(fleet.value())) {
            throw fields.broken("fleet", "must be '" + fleet.value() + "', the fleet that the object's key names");
        }
        Document document = document(fields.object("document"));
        Policy policy = policy(fields);
        return fields.checked(() -> new Fleet(
                fleet,
                fields.text("hook", Fleet.DEFAULT_HOOK),
                document,
                fields.text("playbook", DEFAULT_PLAYBOOK),
                fields.text("extraVariables", DEFAULT_EXTRA_VARIABLES),
                fields.flag("installDependencies", false),
                fields.text("verbose", DEFAULT_VERBOSE),
                policy));
    }

    private static Document document(Fields fields) {
        fields.refuseOthersThan(Set.of("name", "version", "hash", "identifiesRuns", "parameters"));
        return fields.checked(() -> new Document(
                fields.text("name"),
                fields.text("version"),
                fields.optionalText("hash"),
                fields.flag("identifiesRuns", Document.isHardened(fields.text("name"))),
                fields.optionalObject("parameters")
                        .map(SettingsJson::parameters)
                        .orElse(Map.of())));
    }

    private static Map<String, String> parameters(Fields fields) {
        Map<String, String> parameters = fields.texts();
        parameters.keySet().stream()
                .filter(DocumentOptions.SET_FOR_EACH_RUN::contains)
                .findFirst()
                .ifPresent(name -> {
                    throw fields.broken(name, "is set by Gantry for each run, or has a setting of its own");
                });
        return parameters;
    }

    private static Policy policy(Fields fields) {
        Policy.Mode mode = fields.choice("mode", MODES);
        Policy otherwise = Policy.DEFAULT;
        return fields.checked(() -> new PolicyBuilder()
                .launchDeadline(seconds(fields, "launchDeadlineSeconds", otherwise.launchDeadline()))
                .agentDeadline(seconds(fields, "agentDeadlineSeconds", otherwise.agentDeadline()))
                .attempts(fields.optionalNumber("attempts").orElse(otherwise.attempts()))
                .backoff(seconds(fields, "backoffSeconds", otherwise.backoff()))
                .deliveryTimeout(seconds(fields, "deliveryTimeoutSeconds", otherwise.deliveryTimeout()))
                .runTimeout(seconds(fields, "runTimeoutSeconds", otherwise.runTimeout()))
                .heartbeat(seconds(fields, "heartbeatSeconds", otherwise.heartbeat()))
                .hold(hold(fields))
                .mode(mode)
                .breaker(breaker(fields))
                .fallback(fallback(fields))
                .build());
    }

    private static Fallback fallback(Fields fields) {
        return fields.optionalObject("fallback")
                .map(fallback -> {
                    fallback.refuseOthersThan(Set.of("use", "afterSeconds"));
                    Fallback.Use use = fallback.choice("use", USES);
                    int after = use == Fallback.Use.NEVER
                            ? fallback.optionalNumber("afterSeconds").orElse(0)
                            : fallback.number("afterSeconds");
                    return new Fallback(use, Duration.ofSeconds(after));
                })
                .orElse(Fallback.NEVER);
    }

    private static BreakerLimits breaker(Fields fields) {
        BreakerLimits otherwise = BreakerLimits.DEFAULT;
        return fields.optionalObject("breaker")
                .map(breaker -> {
                    breaker.refuseOthersThan(Set.of("failures", "abandonments"));
                    return new BreakerLimits(
                            breaker.optionalNumber("failures").orElse(otherwise.failures()),
                            breaker.optionalNumber("abandonments").orElse(otherwise.abandonments()));
                })
                .orElse(otherwise);
    }

    private static Duration hold(Fields fields) {
        if (!fields.isObject("onFailure")) {
            String word = fields.text("onFailure", "abandon");
            if (!word.equals("abandon")) {
                throw fields.broken("onFailure", "must be \"abandon\" or {\"holdMinutes\": n}, not \"" + word + "\"");
            }
            return Duration.ZERO;
        }
        Fields onFailure = fields.object("onFailure");
        onFailure.refuseOthersThan(Set.of("holdMinutes"));
        return Duration.ofMinutes(onFailure.number("holdMinutes"));
    }

    private static Duration seconds(Fields fields, String field, Duration otherwise) {
        return fields.optionalNumber(field).map(Duration::ofSeconds).orElse(otherwise);
    }
}
