package dev.gantry.system.faults;

import dev.gantry.sandbox.ExampleFleet.Tempo;
import java.util.ArrayList;
import java.util.List;

/**
 * One kind of fault.
 *
 * @param name unique, its parts separated by slashes, for example {@code kill/events/SendCommand-1/before}
 * @param isLong whether a claim has to be taken over, which takes more than two minutes
 * @param tempo of the deployment that it needs
 * @param trouble makes it and says how it ended
 */
record FaultCase(String name, boolean isLong, Tempo tempo, Trouble trouble) {

    /** A case on the usual deployment. */
    static FaultCase of(String name, boolean isLong, Trouble trouble) {
        return new FaultCase(name, isLong, Bench.QUICK, trouble);
    }

    /** The part of the name before the first slash. */
    String group() {
        return name.substring(0, name.indexOf('/'));
    }

    /** Plays a case on a bench, with a fleet of the given name. */
    interface Trouble {
        Ending play(Bench bench, String fleet) throws InterruptedException;
    }

    /**
     * How a case ended.
     *
     * @param complaints what is wrong; empty if it converged
     * @param notes what is still worth saying
     */
    record Ending(List<String> complaints, List<String> notes) {

        static Ending of(Launch launch) {
            return new Ending(launch.complaints(), launch.notes());
        }

        /** The same with this complaint, unless the condition holds. */
        Ending unless(boolean holds, String complaint) {
            if (holds) {
                return this;
            }
            List<String> more = new ArrayList<>(complaints);
            more.add(complaint);
            return new Ending(more, notes);
        }
    }
}
