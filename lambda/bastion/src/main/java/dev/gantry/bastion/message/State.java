package dev.gantry.bastion.message;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** How an exchange ended. All except the last two are the instance's own answers. */
public enum State {
    /** The run has begun with this exchange. */
    STARTED,
    /** It had begun before, and goes on. */
    RUNNING,
    /** Another run holds the instance's lock. */
    BUSY,
    /** It has a result. */
    ENDED,
    /** A reboot or a kill ended it before it had a result. */
    INTERRUPTED,
    /** It was cancelled, by this exchange or before. */
    CANCELLED,
    /** The instance does not know this run: it may be started. */
    UNKNOWN,
    /** The exchange could not be made; it may be made later. */
    RETRYABLE,
    /** Somebody has to repair something. */
    MISCONFIGURED;

    /** The instance's answers about a run, by their names. */
    static final Map<String, State> OF_INSTANCES = Arrays.stream(values())
            .filter(state -> state != RETRYABLE && state != MISCONFIGURED)
            .collect(Collectors.toUnmodifiableMap(State::word, Function.identity()));

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
