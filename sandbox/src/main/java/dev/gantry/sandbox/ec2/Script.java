package dev.gantry.sandbox.ec2;

import java.time.Duration;

/**
 * Decides what a simulated machine does with a script. Downloads are really made before; the script itself is not executed.
 */
public interface Script {

    /** Asked once for each script, with the machine that it runs on. */
    Outcome play(String instanceId, Ec2.LaunchSpec spec, ShellScript script);

    /** How long a script takes, and how it ends. */
    record Outcome(Duration time, int code, String stdout, String stderr) {

        /** As ansible-playbook ends when every task went well. */
        public static Outcome success(Duration time) {
            return new Outcome(time, 0, recap("ok=3    changed=2    unreachable=0    failed=0"), "");
        }

        /** As ansible-playbook ends when a task failed: it prints the failure to stdout and exits 2. */
        public static Outcome failure(Duration time, String task, String message) {
            String stdout = "\nTASK [" + task + "] " + "*".repeat(20)
                    + "\nfatal: [localhost]: FAILED! => {\"changed\": false, \"msg\": \""
                    + message.replace("\\", "\\\\").replace("\"", "\\\"") + "\"}\n"
                    + recap("ok=1    changed=0    unreachable=0    failed=1");
            return new Outcome(time, 2, stdout, "");
        }

        private static String recap(String counts) {
            return "\nPLAY RECAP " + "*".repeat(69) + "\nlocalhost                  : " + counts
                    + "    skipped=0    rescued=0    ignored=0\n\n";
        }
    }

    /** Every script succeeds after the same time. */
    static Script succeedsAfter(Duration time) {
        return (instanceId, spec, script) -> Outcome.success(time);
    }
}
