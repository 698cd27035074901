package dev.gantry.launch.simulation;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/** Random numbers for one subject. Subjects do not share them, so that removing one fault does not change all others. */
final class Dice {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private final SplittableRandom random;

    Dice(long seed, String subject) {
        this.random = new SplittableRandom(seed * GOLDEN + subject.hashCode());
    }

    boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    /** From least to most, both included. */
    int between(int least, int most) {
        return least + random.nextInt(most - least + 1);
    }

    Duration seconds(int least, int most) {
        return Duration.ofMillis(between(least * 1000, most * 1000));
    }

    Duration millis(int least, int most) {
        return Duration.ofMillis(between(least, most));
    }

    <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    double uniform() {
        return random.nextDouble();
    }
}
