package dev.gantry.sandbox.ssm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.sandbox.wire.AwsError;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The instances whose agents have registered, and DescribeInstanceInformation over them (5 to 50 a page). A stopped
 * instance goes on showing Online until its silence has lasted long enough; a terminated one is shown no longer than
 * that.
 */
public final class ManagedInstances {
    static final Pattern INSTANCE_ID = Pattern.compile("(^i-(\\w{8}|\\w{17})$)|(^mi-\\w{17}$)");

    private final SsmOptions options;
    private final InstantSource clock;
    private final Map<String, ManagedInstance> instances = new TreeMap<>();

    ManagedInstances(SsmOptions options, InstantSource clock) {
        this.options = options;
        this.clock = clock;
    }

    /** An agent has started and can be reached: a new instance, or one that was stopped or rebooted. */
    public synchronized void connected(NodeInfo info, NodeAgent agent) {
        Instant now = clock.instant();
        Instant registered = Optional.ofNullable(instances.get(info.instanceId()))
                .map(ManagedInstance::registered)
                .orElse(now);
        instances.put(info.instanceId(), new ManagedInstance(info, agent, registered, now, Optional.empty(), false));
    }

    /** The machine stopped or reboots; Systems Manager is not informed, and sees it only by the missing pings. */
    public synchronized void silent(String instanceId) {
        instances.computeIfPresent(instanceId, (id, instance) -> instance.silent(clock.instant(), false));
    }

    /** The machine was terminated: commands for it are refused from now on. */
    public synchronized void terminated(String instanceId) {
        instances.computeIfPresent(instanceId, (id, instance) -> instance.silent(clock.instant(), true));
        instances.values().removeIf(instance -> instance.terminated() && !instance.online(clock.instant(), options));
    }

    /** The agent, where commands can reach it now. */
    synchronized Optional<NodeAgent> reachable(String instanceId) {
        return known(instanceId)
                .filter(instance -> instance.silentSince().isEmpty())
                .map(ManagedInstance::agent);
    }

    synchronized boolean exists(String instanceId) {
        return known(instanceId).isPresent();
    }

    /**
     * Valid states are running, pending, stopped and stopping (API reference, InvalidInstanceId): once registered, not
     * terminated.
     */
    synchronized void refuseUnknown(List<String> instanceIds) {
        List<String> unknown =
                instanceIds.stream().filter(id -> known(id).isEmpty()).toList();
        if (!unknown.isEmpty()) {
            throw AwsError.badRequest(
                    "InvalidInstanceId",
                    "Instances [" + unknown + "] not in a valid state for account " + options.account());
        }
    }

    /** The instances that match every one of the targets. */
    synchronized List<String> matching(JsonNode targets) {
        Predicate<ManagedInstance> all = instance -> !instance.terminated();
        for (JsonNode target : Json.elements(targets)) {
            all = all.and(target(target.path("Key").asText(), Json.texts(target.path("Values"))));
        }
        return instances.values().stream()
                .filter(all)
                .map(instance -> instance.info().instanceId())
                .toList();
    }

    synchronized ObjectNode describe(JsonNode input) {
        new Check(input).range("MaxResults", 5, 50);
        Instant now = clock.instant();
        Predicate<ManagedInstance> wanted = instance -> !instance.terminated() || instance.online(now, options);
        for (JsonNode filter : Json.elements(input.path("Filters"))) {
            wanted = wanted.and(filter(filter.path("Key").asText(), filter.path("Values"), now));
        }
        for (JsonNode filter : Json.elements(input.path("InstanceInformationFilterList"))) {
            wanted = wanted.and(filter(filter.path("key").asText(), filter.path("valueSet"), now));
        }
        List<ObjectNode> found = instances.values().stream()
                .filter(wanted)
                .map(instance -> instance.describe(now, options))
                .toList();
        ObjectNode output = Json.object();
        Page.fill(output, "InstanceInformationList", found, input, 50);
        return output;
    }

    private Optional<ManagedInstance> known(String instanceId) {
        return Optional.ofNullable(instances.get(instanceId)).filter(instance -> !instance.terminated());
    }

    private Predicate<ManagedInstance> filter(String key, JsonNode valueSet, Instant now) {
        List<String> values = Json.texts(valueSet);
        if (values.isEmpty() || values.size() > 100) {
            throw AwsError.badRequest(
                    "InvalidInstanceInformationFilterValue",
                    "A filter takes 1 to 100 values; " + key + " has " + values.size() + ".");
        }
        return switch (key) {
            case "InstanceIds" -> {
                refuseMalformed(values);
                yield instance -> values.contains(instance.info().instanceId());
            }
            case "PingStatus" -> instance -> values.contains(instance.pingStatus(now, options));
            case "PlatformTypes" -> instance -> values.contains("Linux");
            case "AgentVersion" -> instance -> values.contains(instance.info().agentVersion());
            case "ResourceType" -> instance -> values.contains("EC2Instance");
            case "tag-key" -> instance ->
                    values.stream().anyMatch(instance.info().tags()::containsKey);
            default -> {
                if (!key.startsWith("tag:")) {
                    throw AwsError.badRequest("InvalidFilterKey", "The filter key " + key + " isn't valid.");
                }
                yield target(key, values);
            }
        };
    }

    private static void refuseMalformed(List<String> instanceIds) {
        instanceIds.stream()
                .filter(id -> !INSTANCE_ID.matcher(id).find())
                .findFirst()
                .ifPresent(id -> {
                    throw AwsError.badRequest(
                            "InvalidInstanceInformationFilterValue", "The instance ID " + id + " isn't valid.");
                });
    }

    private static Predicate<ManagedInstance> target(String key, List<String> values) {
        if (key.equalsIgnoreCase("InstanceIds")) {
            return instance -> values.contains(instance.info().instanceId());
        }
        if (key.equals("tag-key")) {
            return instance -> values.stream().anyMatch(instance.info().tags()::containsKey);
        }
        String tag = key.startsWith("tag:") ? key.substring("tag:".length()) : "";
        if (tag.isEmpty()) {
            throw AwsError.badRequest(
                    "InvalidTarget", "The target key " + key + " isn't valid: use tag:<key> or InstanceIds.");
        }
        return instance -> values.contains(instance.info().tags().get(tag));
    }
}
