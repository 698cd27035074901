package dev.gantry.function.scale;

import dev.gantry.function.scale.Machines.Machine;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The earliest time at which anybody could have all instances in service: each is completed as soon as its run can have ended
 * and Auto Scaling's quota has a token, which nothing but completions takes.
 */
final class Bound {
    private Bound() {}

    static Duration of(List<Machine> machines, Quotas quotas) {
        TokenBucket bucket = quotas.forAutoScaling();
        Instant done = VirtualTime.START;
        for (Instant ready : machines.stream().map(Machine::ready).sorted().toList()) {
            Instant from = ready.isAfter(done) ? ready : done;
            done = bucket.next(from);
            bucket.take(done);
        }
        return Duration.between(VirtualTime.START, done);
    }
}
