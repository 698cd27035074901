package dev.gantry.launch.stay;

/** The launch lifecycle hook seen as a gate: an instance with a warm pool passes two, {@code WARM} then {@code SERVICE}. */
public enum Gate {
    /** {@code Warmed:Pending:Wait}: on its way into the warm pool. */
    WARM,
    /** {@code Pending:Wait}: on its way into service. */
    SERVICE
}
