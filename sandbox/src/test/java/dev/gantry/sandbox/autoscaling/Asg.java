package dev.gantry.sandbox.autoscaling;

import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.gantry.sandbox.testing.HandTimers;
import dev.gantry.sandbox.wire.AwsError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The service among hand-written doubles, and short ways to call it: parameters are given as {@code Name=value}. */
final class Asg {
    static final String GROUP = "fleet-a";
    static final String LAUNCH_ACTION = "EC2 Instance-launch Lifecycle Action";
    static final String TERMINATE_ACTION = "EC2 Instance-terminate Lifecycle Action";
    private static final String LAUNCHING = "autoscaling:EC2_INSTANCE_LAUNCHING";
    private static final String TERMINATING = "autoscaling:EC2_INSTANCE_TERMINATING";

    final HandTimers timers = new HandTimers();
    final FakeEc2 ec2 = new FakeEc2();
    final RecordingBus bus = new RecordingBus();
    final Map<String, List<String>> queues = new TreeMap<>();
    final AutoScaling service = new AutoScaling("eu-central-1", "111122223333", ec2, bus, timers, this::send);

    private void send(String queueArn, String body) {
        if (queueArn.endsWith(":missing")) {
            throw new IllegalStateException("no such queue");
        }
        queues.computeIfAbsent(queueArn, arn -> new ArrayList<>()).add(body);
    }

    String call(String action, String... parameters) {
        return service.call(action, fields(parameters));
    }

    /** The same, about {@link #GROUP}. */
    String group(String action, String... parameters) {
        Map<String, String> fields = fields(parameters);
        fields.put("AutoScalingGroupName", GROUP);
        return service.call(action, fields);
    }

    AwsError failing(String action, String... parameters) {
        return assertThrows(AwsError.class, () -> call(action, parameters));
    }

    AwsError groupFailing(String action, String... parameters) {
        return assertThrows(AwsError.class, () -> group(action, parameters));
    }

    private static Map<String, String> fields(String... parameters) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String parameter : parameters) {
            int equals = parameter.indexOf('=');
            fields.put(parameter.substring(0, equals), parameter.substring(equals + 1));
        }
        return fields;
    }

    Asg withGroup(int min, int max, int desired, String... more) {
        List<String> all = new ArrayList<>(List.of(
                "MinSize=" + min,
                "MaxSize=" + max,
                "DesiredCapacity=" + desired,
                "LaunchTemplate.LaunchTemplateName=gantry",
                "AvailabilityZones.member.1=eu-central-1a",
                "AvailabilityZones.member.2=eu-central-1b"));
        all.addAll(List.of(more));
        group("CreateAutoScalingGroup", all.toArray(String[]::new));
        return this;
    }

    Asg withLaunchHook(String name, String... more) {
        return withHook(name, LAUNCHING, more);
    }

    Asg withTerminationHook(String name, String... more) {
        return withHook(name, TERMINATING, more);
    }

    private Asg withHook(String name, String transition, String... more) {
        List<String> all = new ArrayList<>(List.of("LifecycleHookName=" + name, "LifecycleTransition=" + transition));
        all.addAll(List.of(more));
        group("PutLifecycleHook", all.toArray(String[]::new));
        return this;
    }

    Asg desire(int capacity) {
        group("SetDesiredCapacity", "DesiredCapacity=" + capacity);
        return this;
    }

    Asg pass(int seconds) {
        timers.advance(Duration.ofSeconds(seconds));
        return this;
    }

    void complete(String hook, String instance, String result) {
        group(
                "CompleteLifecycleAction",
                "LifecycleHookName=" + hook,
                "InstanceId=" + instance,
                "LifecycleActionResult=" + result);
    }

    /** The lifecycle state of each instance, in the group or in its warm pool, by id. */
    Map<String, String> states() {
        String xml = call("DescribeAutoScalingInstances");
        Map<String, String> states = new TreeMap<>();
        List<String> ids = all(xml, "InstanceId");
        List<String> found = all(xml, "LifecycleState");
        for (int i = 0; i < ids.size(); i++) {
            states.put(ids.get(i), found.get(i));
        }
        return states;
    }

    List<String> stateList() {
        return List.copyOf(states().values());
    }

    String activities() {
        return group("DescribeScalingActivities");
    }

    /** The content of each element with this name, unescaped as far as the tests need it. */
    static List<String> all(String xml, String element) {
        Matcher matcher =
                Pattern.compile("<" + element + ">([^<]*)</" + element + ">").matcher(xml);
        List<String> values = new ArrayList<>();
        while (matcher.find()) {
            values.add(matcher.group(1).replace("&quot;", "\"").replace("&amp;", "&"));
        }
        return values;
    }

    /** The id of the n-th instance ever launched, from 1. */
    static String instance(int number) {
        return String.format("i-%017x", number);
    }
}
