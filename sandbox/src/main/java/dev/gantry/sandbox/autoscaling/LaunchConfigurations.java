package dev.gantry.sandbox.autoscaling;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;

/**
 * CreateLaunchConfiguration, DescribeLaunchConfigurations and DeleteLaunchConfiguration: the part of "what an instance is
 * launched from" that belongs to Auto Scaling itself. Image, key and security groups are accepted and have no effect.
 */
final class LaunchConfigurations {
    private static final int USER_DATA_LIMIT = 21_847;

    private final String region;
    private final String account;
    private final Clockwork clock;
    private final Map<String, Stored> byName = new TreeMap<>();

    LaunchConfigurations(String region, String account, Clockwork clock) {
        this.region = region;
        this.account = account;
        this.clock = clock;
    }

    private record Stored(
            String name, String arn, String image, String instanceType, String encodedUserData, Instant created) {}

    Map<String, Function<Query, String>> actions(Groups groups) {
        return Map.of(
                "CreateLaunchConfiguration", this::create,
                "DescribeLaunchConfigurations", this::describe,
                "DeleteLaunchConfiguration", query -> delete(query, groups.all()));
    }

    /** What a group that names this configuration launches. */
    LaunchSource.Configuration named(String name) {
        Stored stored = Optional.ofNullable(byName.get(name))
                .orElseThrow(() ->
                        Faults.validation("Launch configuration name not found - A launch configuration with the name: "
                                + name + " does not exist"));
        return new LaunchSource.Configuration(name, stored.instanceType(), decoded(stored.encodedUserData()));
    }

    private String create(Query query) {
        String name = query.required("LaunchConfigurationName", 1, 255);
        if (byName.containsKey(name)) {
            throw Faults.alreadyExists(
                    "Launch Configuration by this name already exists - A launch configuration already"
                            + " exists with the name " + name);
        }
        String image = query.text("ImageId", 1, 255).orElseThrow(() -> Faults.validation("An AMI ID is required"));
        String type =
                query.text("InstanceType", 1, 255).orElseThrow(() -> Faults.validation("An instance type is required"));
        String userData = query.text("UserData", 0, USER_DATA_LIMIT).orElse("");
        decoded(userData);
        String arn = "arn:aws:autoscaling:" + region + ":" + account + ":launchConfiguration:" + UUID.randomUUID()
                + ":launchConfigurationName/" + name;
        byName.put(name, new Stored(name, arn, image, type, userData, clock.now()));
        return "";
    }

    private static String decoded(String userData) {
        try {
            return new String(Base64.getMimeDecoder().decode(userData), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw Faults.validation("Invalid user data: it is not valid base64");
        }
    }

    private String describe(Query query) {
        List<String> names = query.list("LaunchConfigurationNames");
        List<Stored> found = byName.values().stream()
                .filter(c -> names.isEmpty() || names.contains(c.name()))
                .toList();
        Page<Stored> page = Page.of(found, Stored::name, Names.pageSize(query, 50, 100), Names.nextToken(query));
        return new Xml()
                .list("LaunchConfigurations", page.items(), (x, c) -> x.text("LaunchConfigurationName", c.name())
                        .text("LaunchConfigurationARN", c.arn())
                        .text("ImageId", c.image())
                        .text("InstanceType", c.instanceType())
                        .text("UserData", c.encodedUserData())
                        .moment("CreatedTime", c.created()))
                .text("NextToken", page.next())
                .toString();
    }

    private String delete(Query query, Collection<Group> groups) {
        String name = query.required("LaunchConfigurationName", 1, 255);
        named(name);
        if (groups.stream().anyMatch(g -> isFrom(g, name))) {
            throw Faults.resourceInUse("Cannot delete launch configuration " + name + " because it is attached to an"
                    + " AutoScalingGroup");
        }
        byName.remove(name);
        return "";
    }

    private static boolean isFrom(Group group, String name) {
        return group.settings().source() instanceof LaunchSource.Configuration used
                && used.name().equals(name);
    }
}
