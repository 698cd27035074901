package dev.gantry.launch.release;

/** Whether an Auto Scaling group launches instances: the state of its process "Launch". */
public enum LaunchProcess {
    RUNNING,
    SUSPENDED
}
