package dev.gantry.cli.console;

import dev.gantry.cli.console.page.Doctored;
import dev.gantry.cli.console.page.FleetSeen;
import dev.gantry.cli.console.page.InstanceSeen;
import dev.gantry.cli.console.page.Setting;
import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.operator.FleetLine;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/** An invented deployment: it counts calls, and does not answer while it is set to be down. */
final class SampleSource implements Source {
    static final Setting SETTING = new Setting("eu-central-1", "gantry-sample", true, "");

    final AtomicLong asked = new AtomicLong();
    private final SampleWorld world;
    private volatile boolean isDown;
    private volatile CountDownLatch slow = new CountDownLatch(0);

    SampleSource(SampleWorld world) {
        this.world = world;
    }

    void beDown(boolean down) {
        isDown = down;
    }

    /** From now on AWS answers only when the latch is open. */
    void answerAfter(CountDownLatch latch) {
        slow = latch;
    }

    private <T> T answer(T value) {
        asked.incrementAndGet();
        try {
            slow.await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        if (isDown) {
            throw new GantryException.Retryable(
                    "DescribeAutoScalingGroups of 2 groups: the endpoint did not answer", null);
        }
        return value;
    }

    @Override
    public Setting setting() {
        return SETTING;
    }

    @Override
    public List<FleetLine> fleets() {
        return answer(world.fleets());
    }

    @Override
    public Optional<FleetSeen> fleet(FleetName name) {
        return answer(world.fleet(name));
    }

    @Override
    public InstanceSeen instance(InstanceId id) {
        return answer(world.instance(id));
    }

    @Override
    public Doctored doctor() {
        return answer(world.doctor());
    }

    @Override
    public long calls() {
        return asked.get();
    }
}
