package dev.gantry.function;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import dev.gantry.launch.port.EventType;
import java.time.InstantSource;
import java.util.Map;

/** The schedule's function: looks at every waiting instance of every fleet, so that a lost event costs a minute. */
public final class SweepHandler implements RequestHandler<Object, Map<String, Integer>> {
    private final Wiring wiring;
    private final InstantSource clock = InstantSource.system();

    /** Called by Lambda. */
    public SweepHandler() {
        this(Wiring.fromEnvironment());
    }

    SweepHandler(Wiring wiring) {
        this.wiring = wiring;
    }

    /** The answer counts the decisions of each kind; an error fails the invocation, which the alarms see. */
    @Override
    public Map<String, Integer> handleRequest(Object event, Context context) {
        Map<String, Integer> counts = Summary.of(wiring.reconciler()
                .sweep(TimeLeft.until(clock.instant(), context.getRemainingTimeInMillis()))
                .values());
        wiring.journal().log(EventType.SWEPT, Map.of("decisions", counts));
        return counts;
    }
}
