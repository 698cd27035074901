package dev.gantry.function;

import java.util.ArrayList;
import java.util.List;
import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;

/**
 * Rehearses before Lambda takes a function's snapshot (SnapStart, docs.aws.amazon.com/lambda/latest/dg/snapstart-runtime-hooks-java.html).
 * Without a snapshot the hook is not called.
 *
 * <p>What a rehearsal leaves is code. Its clients, its connections and its names are its own; the function's have done nothing
 * yet, so that no restored copy shares a connection, a time or a name with another.
 */
final class BeforeSnapshot implements Resource {
    /** The runtime refers to its resources weakly. */
    private static final List<Resource> KEPT = new ArrayList<>();

    private final Runnable rehearsal;

    private BeforeSnapshot(Runnable rehearsal) {
        this.rehearsal = rehearsal;
    }

    /** Has it run before the snapshot, if one is taken. */
    static synchronized void run(Runnable rehearsal) {
        BeforeSnapshot resource = new BeforeSnapshot(rehearsal);
        KEPT.add(resource);
        Core.getGlobalContext().register(resource);
    }

    @Override
    public void beforeCheckpoint(Context<? extends Resource> context) {
        rehearsal.run();
    }

    @Override
    public void afterRestore(Context<? extends Resource> context) {
        // Nothing to make anew: the function has drawn, opened and learned nothing before.
    }
}
