package dev.gantry.sandbox.autoscaling;

import dev.gantry.sandbox.wire.AwsError;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** The actions on groups: create, update, delete, describe, desired capacity. */
final class GroupActions {
    private final String region;
    private final String account;
    private final Clockwork clock;
    private final Groups groups;
    private final ActivityLog log;
    private final CapacityLoop loop;
    private final HookActions hooks;
    private final GroupForm form;

    GroupActions(
            String region,
            String account,
            Clockwork clock,
            Groups groups,
            ActivityLog log,
            CapacityLoop loop,
            HookActions hooks,
            GroupForm form) {
        this.region = region;
        this.account = account;
        this.clock = clock;
        this.groups = groups;
        this.log = log;
        this.loop = loop;
        this.hooks = hooks;
        this.form = form;
    }

    Map<String, Function<Query, String>> actions() {
        return Map.of(
                "CreateAutoScalingGroup", this::create,
                "UpdateAutoScalingGroup", this::update,
                "DeleteAutoScalingGroup", this::delete,
                "DescribeAutoScalingGroups", this::describe,
                "SetDesiredCapacity", this::setDesiredCapacity);
    }

    private String create(Query query) {
        String name = Names.newGroup(query);
        if (groups.find(name).isPresent()) {
            throw Faults.alreadyExists(name);
        }
        String arn = "arn:aws:autoscaling:" + region + ":" + account + ":autoScalingGroup:" + UUID.randomUUID()
                + ":autoScalingGroupName/" + name;
        Group group = new Group(name, arn, clock.now(), form.created(query));
        GroupForm.tags(query).forEach(tag -> group.tags().put(tag.key(), tag));
        hooks.addAll(group, query.structures("LifecycleHookSpecificationList"));
        group.capacityChange(
                Optional.of(Causes.groupCreated(clock.now(), group.settings().desired())));
        groups.add(group);
        loop.changed(group);
        return "";
    }

    private String update(Query query) {
        Group group = groups.usable(Names.group(query));
        int before = group.settings().desired();
        group.settings(form.updated(query, group.settings()));
        if (group.settings().desired() != before) {
            group.capacityChange(Optional.of(Causes.groupUpdated(clock.now(), before, group.settings())));
        }
        loop.changed(group);
        return "";
    }

    private String delete(Query query) {
        Group group = groups.named(Names.group(query));
        if (query.flag("ForceDelete").orElse(false)) {
            forceDelete(group);
            return "";
        }
        if (log.inProgressFor(group)) {
            throw Faults.scalingActivityInProgress("You cannot delete an AutoScalingGroup while there are scaling"
                    + " activities in progress for that group.");
        }
        if (!group.members().isEmpty()) {
            throw Faults.resourceInUse("You cannot delete an AutoScalingGroup while there are instances or pending Spot"
                    + " instance request(s) still in the group.");
        }
        if (group.warmPool().isPresent()) {
            throw Faults.resourceInUse("You cannot delete an AutoScalingGroup while it has a warm pool.");
        }
        groups.remove(group);
        return "";
    }

    private void forceDelete(Group group) {
        group.markDeleting();
        group.members().forEach(m -> loop.conductor().force(group, m, Causes.groupDeleted(clock.now(), m.id())));
        loop.changed(group);
    }

    private String describe(Query query) {
        int size = Names.pageSize(query, 50, 100);
        List<String> names = query.list("AutoScalingGroupNames");
        if (names.size() > size) {
            throw Faults.validation(
                    "The number of Auto Scaling group names that may be passed in is limited to " + size);
        }
        List<Group> found = groups.all().stream()
                .filter(g -> names.isEmpty() || names.contains(g.name()))
                .filter(TagFilters.ofGroups(query.structures("Filters")))
                .toList();
        Page<Group> page = Page.of(found, Group::name, size, Names.nextToken(query));
        boolean withInstances = query.flag("IncludeInstances").orElse(true);
        return new Xml()
                .list("AutoScalingGroups", page.items(), (x, group) -> Rendering.group(x, group, withInstances))
                .text("NextToken", page.next())
                .toString();
    }

    private String setDesiredCapacity(Query query) {
        Group group = groups.usable(Names.group(query));
        int desired = query.requiredInteger("DesiredCapacity", 0);
        GroupSettings settings = group.settings();
        if (desired > settings.max()) {
            throw outOfBounds(desired, "above max value " + settings.max());
        }
        if (desired < settings.min()) {
            throw outOfBounds(desired, "below min value " + settings.min());
        }
        if (query.flag("HonorCooldown").orElse(false)) {
            checkCooldown(group);
        }
        if (desired != settings.desired()) {
            group.capacityChange(Optional.of(Causes.desiredSet(clock.now(), settings.desired(), desired)));
            group.settings(settings.desiring(desired));
        }
        loop.changed(group);
        return "";
    }

    private void checkCooldown(Group group) {
        Duration cooldown = Duration.ofSeconds(group.settings().cooldownSeconds());
        Instant now = clock.now();
        boolean cooling = log.lastEnd(group)
                .filter(end -> end.plus(cooldown).isAfter(now))
                .isPresent();
        if (cooling || log.inProgressFor(group)) {
            throw Faults.scalingActivityInProgress("A scaling activity is in progress or its cooldown of "
                    + cooldown.toSeconds() + " s has not passed, and blocks this action");
        }
    }

    private static AwsError outOfBounds(int desired, String what) {
        return Faults.validation(
                "New SetDesiredCapacity value " + desired + " is " + what + " for the AutoScalingGroup.");
    }
}
