package dev.gantry.sandbox.autoscaling;

/** The first words of an activity's Description; the instance's id follows. */
final class Descriptions {
    private Descriptions() {}

    /**
     * Those of warm pools are quoted in AWS's blog on measuring warm pools; that of a return is not quoted anywhere.
     */
    static String of(Journey journey) {
        return switch (journey) {
            case LAUNCH -> "Launching a new EC2 instance";
            case WARM -> "Launching a new EC2 instance into warm pool";
            case SCALE_OUT -> "Launching a new EC2 instance from warm pool";
            case RETURN -> "Moving EC2 instance to warm pool";
            case TERMINATE, DISCARD -> "Terminating EC2 instance";
            case DRAIN, DISCARD_WARM -> "Terminating EC2 instance from warm pool";
        };
    }
}
