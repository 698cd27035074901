package dev.gantry.bastion;

import dev.gantry.bastion.testing.Instance;
import dev.gantry.bastion.testing.Programs;
import java.nio.file.Path;

/** The configuration of sshd that the bastion's own program writes at boot: the shipped text, with the test's values. */
final class JumpHost {
    private static final Path PROGRAM =
            Instance.ROOT.resolve("terraform/modules/bastion_fallback/files/gantry-bastion.py");
    private static final String PRINT =
            """
            import runpy, sys
            text = runpy.run_path(sys.argv[1])["CONFIGURATION"]
            print(text.format(user=sys.argv[2], keys=sys.argv[3], addresses=sys.argv[4]))""";

    private JumpHost() {}

    static String configuration(String user, Path keys, String addresses) {
        return Programs.run("python3", "-B", "-c", PRINT, PROGRAM.toString(), user, keys.toString(), addresses);
    }
}
