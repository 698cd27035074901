package dev.gantry.launch.stay;

/** How a run ended on one instance. Only {@link RunFailed} speaks against the bundle. */
public sealed interface Verdict {

    /** The playbook and its checks succeeded. */
    record Succeeded() implements Verdict {}

    /** The playbook or its checks failed: retried, then abandoned. */
    record RunFailed(Failure failure) implements Verdict {}

    /** The run never got to an end of its own (not delivered, cancelled): nobody's fault, tried again. */
    record Undelivered(String detail, Ender by) implements Verdict {

        /** What kept the run from an end of its own. */
        public enum Ender {
            /** What should have carried it: another channel may. */
            CHANNEL,
            /** A shutdown, another run on the instance, EC2 taking it back: another channel helps nothing. */
            SURROUNDINGS
        }

        public Undelivered(String detail) {
            this(detail, Ender.CHANNEL);
        }

        /** A run that was going on when its surroundings ended it. */
        public static Undelivered bySurroundings(String detail) {
            return new Undelivered(detail, Ender.SURROUNDINGS);
        }
    }

    /** Systems Manager refused to run it here (access denied, wrong platform): somebody has to repair that. */
    record Refused(String detail) implements Verdict {}
}
