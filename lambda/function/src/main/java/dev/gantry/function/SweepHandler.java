package dev.gantry.function;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.gantry.launch.port.EventType;
import dev.gantry.stored.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;

/** The schedule's function: looks at every waiting instance of every fleet, so that a lost event costs a minute. */
public final class SweepHandler implements RequestStreamHandler {
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
    public void handleRequest(InputStream event, OutputStream answer, Context context) throws IOException {
        answer.write(Json.text(sweep(context)).getBytes(StandardCharsets.UTF_8));
    }

    private Map<String, Integer> sweep(Context context) {
        Map<String, Integer> counts = Summary.of(wiring.reconciler()
                .sweep(TimeLeft.until(clock.instant(), context.getRemainingTimeInMillis()))
                .values());
        wiring.journal().log(EventType.SWEPT, Map.of("decisions", counts));
        return counts;
    }
}
