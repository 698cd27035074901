package dev.gantry.sandbox.autoscaling;

import dev.gantry.sandbox.ec2.Ec2;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A hand-written EC2: calls take effect at once, unless a test makes it slow, and every call is recorded. */
final class FakeEc2 implements Ec2 {
    private final Map<String, Instance> instances = new LinkedHashMap<>();
    private final List<String> calls = Collections.synchronizedList(new ArrayList<>());
    private String stateOnceLaunched = "running";
    private int failingFinds;
    private Optional<String> refusal = Optional.empty();

    /** New instances stay {@code pending} until {@link #setState} says otherwise. */
    void launchSlowly() {
        stateOnceLaunched = "pending";
    }

    void refuseLaunches(String reason) {
        refusal = Optional.of(reason);
    }

    void acceptLaunches() {
        refusal = Optional.empty();
    }

    /** The next look fails, as a throttled DescribeInstances would. */
    void failNextFind() {
        failingFinds = 1;
    }

    synchronized void setState(String id, String state) {
        instances.computeIfPresent(id, (key, old) -> new Instance(id, old.spec(), state, old.privateIp()));
    }

    List<String> calls() {
        return List.copyOf(calls);
    }

    @Override
    public synchronized String launch(LaunchSpec spec) {
        refusal.ifPresent(reason -> {
            throw new IllegalStateException(reason);
        });
        String id = String.format("i-%017x", instances.size() + 1);
        instances.put(id, new Instance(id, spec, stateOnceLaunched, "10.0.0." + (instances.size() + 1)));
        calls.add("launch " + id);
        return id;
    }

    @Override
    public void stop(String instanceId) {
        calls.add("stop " + instanceId);
        setState(instanceId, "stopped");
    }

    @Override
    public void start(String instanceId) {
        calls.add("start " + instanceId);
        setState(instanceId, "running");
    }

    @Override
    public void terminate(String instanceId) {
        calls.add("terminate " + instanceId);
        setState(instanceId, "terminated");
    }

    @Override
    public synchronized Optional<Instance> find(String instanceId) {
        if (failingFinds > 0) {
            failingFinds--;
            throw new IllegalStateException("RequestLimitExceeded");
        }
        return Optional.ofNullable(instances.get(instanceId));
    }
}
