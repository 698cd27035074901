package dev.gantry.launch.stay;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A changed copy of a stay. What is not set stays as it was. */
final class StayCopy {
    private Opening opening;
    private Optional<Instant> heartbeatAt;
    private List<Attempt> attempts;
    private Optional<Trouble> trouble;
    private Optional<Silence> silence;
    private Intervention intervention;
    private Optional<Instant> interruptedAt;
    private Optional<Closing> closing;

    StayCopy(Stay from) {
        this.opening = from.opening();
        this.heartbeatAt = from.heartbeatAt();
        this.attempts = from.attempts();
        this.trouble = from.trouble();
        this.silence = from.silence();
        this.intervention = from.intervention();
        this.interruptedAt = from.interruptedAt();
        this.closing = from.closing();
    }

    StayCopy token(Optional<String> changed) {
        opening = opening.with(changed);
        return this;
    }

    StayCopy heartbeatAt(Instant changed) {
        heartbeatAt = Optional.of(changed);
        return this;
    }

    StayCopy attempts(List<Attempt> changed) {
        attempts = changed;
        return this;
    }

    StayCopy trouble(Optional<Trouble> changed) {
        trouble = changed;
        return this;
    }

    StayCopy silence(Optional<Silence> changed) {
        silence = changed;
        return this;
    }

    StayCopy intervention(Intervention changed) {
        intervention = changed;
        return this;
    }

    StayCopy interruptedAt(Instant changed) {
        interruptedAt = Optional.of(changed);
        return this;
    }

    StayCopy closing(Closing changed) {
        closing = Optional.of(changed);
        return this;
    }

    Stay build() {
        return new Stay(opening, heartbeatAt, attempts, trouble, silence, intervention, interruptedAt, closing);
    }
}
