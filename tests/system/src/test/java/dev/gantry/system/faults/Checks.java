package dev.gantry.system.faults;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.sandbox.ExampleFleet;
import dev.gantry.sandbox.wire.Journal.Entry;
import dev.gantry.system.e2e.Deployment;
import dev.gantry.system.e2e.Fleet;
import dev.gantry.system.e2e.Playbooks;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.autoscaling.model.AutoScalingInstanceDetails;

/** What must be true at the end of a launch, whatever happened before. */
final class Checks {
    private final Bench bench;
    private final Journey journey;
    private final Fleet fleet;
    private final String instance;
    private final int mark;
    private final List<String> complaints = new ArrayList<>();

    /** @param mark the API call at which the launch began */
    Checks(Bench bench, Journey journey, Fleet fleet, String instance, int mark) {
        this.bench = bench;
        this.journey = journey;
        this.fleet = fleet;
        this.instance = instance;
        this.mark = mark;
    }

    List<String> complaints() {
        JsonNode stay = fleet.record(instance).orElseGet(() -> Deployment.parse("{}"));
        same("commands sent", 1, fleet.commands(instance).size());
        same("commands executed", 1, bench.gantry.playbooks.executions(instance));
        same("attempts in the ledger", 1, stay.path("attempts").size());
        same("messages in the dead-letter queue", 0, bench.messages(ExampleFleet.DEAD_LETTERS));
        if (journey.isAbandoned()) {
            abandoned(stay);
        } else {
            inService(stay);
        }
        return complaints;
    }

    private void inService(JsonNode stay) {
        same("state", "InService", fleet.state(instance));
        same("instances", 1, fleet.members().size());
        same("messages in the launch queue", 0, bench.messages(ExampleFleet.QUEUE));
        same(
                "end in the ledger",
                "provisioned",
                stay.path("closing").path("kind").asText());
        same("completion in the ledger", true, stay.path("closing").has("doneAt"));
    }

    /** The reason is stored and paged before the instance is gone, the breaker opens, and nothing is launched in its place. */
    private void abandoned(JsonNode stay) {
        String bundle = stay.path("attempts").path(0).path("bundle").asText();
        same("state", "gone", fleet.state(instance));
        replacements();
        same("end in the ledger", "abandoned", stay.path("closing").path("kind").asText());
        same(
                "task in the ledger",
                Playbooks.TASK,
                stay.path("closing").path("failure").path("task").asText());
        JsonNode failure = object("failures/" + fleet.name() + "/" + bundle + "/" + instance + "-1.json");
        same(
                "task in the record of the failure",
                Playbooks.TASK,
                failure.path("task").asText());
        same("abandonments that count", 1L, abandonments());
        JsonNode release = object("fleets/" + fleet.name() + "/release.json");
        same("bundle is quarantined", true, release.path("quarantined").has(bundle));
        same(
                "suspension in the release",
                "suspended",
                release.path("suspension").asText());
        same("suspended processes of the group", List.of("Launch"), bench.suspended(fleet));
        paged("abandoned", instance);
        paged("breaker_opened", fleet.name());
        paged("launches_suspended", fleet.name());
        pagedBeforeCompletion();
    }

    private JsonNode object(String key) {
        return fleet.object(key).map(Deployment::parse).orElseGet(() -> Deployment.parse("{}"));
    }

    /** A function that was killed leaves one for each try, which count as one: the key is time, instance and stay. */
    private long abandonments() {
        String prefix = "abandonments/" + fleet.name() + "/";
        return bench
                .gantry
                .s3
                .listObjectsV2(request -> request.bucket(ExampleFleet.BUCKET).prefix(prefix))
                .contents()
                .stream()
                .map(object -> object.key().substring(prefix.length()).replaceFirst("^[^-]*-", ""))
                .distinct()
                .count();
    }

    /** If the suspension failed at first, an instance was launched meanwhile; it and its launch message wait for a bundle. */
    private void replacements() {
        List<AutoScalingInstanceDetails> left = fleet.members();
        boolean waits = left.size() == 1
                && left.get(0).lifecycleState().equals("Pending:Wait")
                && fleet.commands(left.get(0).instanceId()).isEmpty();
        if (left.isEmpty()) {
            same("messages in the launch queue", 0, bench.messages(ExampleFleet.QUEUE));
        } else if (!waits || !bench.trap.isSprung()) {
            complaints.add("instances: " + left);
        }
    }

    private void paged(String type, String about) {
        if (page(type, about).isEmpty()) {
            complaints.add("nobody was paged: " + type);
        }
    }

    private Optional<Instant> page(String type, String about) {
        return bench
                .gantry
                .logs
                .of(
                        type,
                        line -> line.path("page").asBoolean() && line.toString().contains(about))
                .stream()
                .map(line -> Instant.parse(line.path("time").asText()))
                .findFirst();
    }

    private void pagedBeforeCompletion() {
        Optional<Instant> completed = bench.gantry.calls.ofFunctions(mark, "CompleteLifecycleAction").stream()
                .map(Entry::time)
                .findFirst();
        Optional<Instant> page = page("abandoned", instance);
        if (completed.isPresent()
                && page.filter(at -> at.isAfter(completed.get())).isPresent()) {
            complaints.add("the page came after the completion");
        }
    }

    private void same(String what, Object expected, Object actual) {
        if (!expected.equals(actual)) {
            complaints.add(what + ": " + actual + " instead of " + expected);
        }
    }
}
