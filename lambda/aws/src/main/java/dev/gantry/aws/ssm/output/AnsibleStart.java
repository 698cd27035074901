package dev.gantry.aws.ssm.output;

import static dev.gantry.aws.ssm.output.AnsibleOutput.UNPACKED;
import static dev.gantry.aws.ssm.output.AnsibleOutput.oneLine;
import static dev.gantry.aws.ssm.output.AnsibleOutput.whole;

import dev.gantry.aws.ssm.output.AnsibleOutput.Fault;
import dev.gantry.aws.ssm.output.AnsibleOutput.Finding;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads in the output of AWS's script, and of the shell, why Ansible never started. */
final class AnsibleStart {
    /** The messages of AWS's script and of ansible-playbook for a missing playbook, whatever the reason. */
    private static final Pattern NOT_THERE = Pattern.compile("(?im)^.*playbook file doesn['\u2019]t exist.*$");

    private static final Pattern NO_PLAYBOOK = Pattern.compile("(?im)^.*the playbook: .* could not be found.*$");

    /** The messages of AWS's script if it cannot install Ansible. */
    private static final Pattern INSTALL_FAILED = Pattern.compile("(?im)^.*there was a problem installing.*$");

    private static final Pattern NO_UNZIP = Pattern.compile(
            "(?m)^.*unzip\\S?: (?:(?:command )?not found|No such file or directory|.*cannot execute).*$");
    private static final Pattern NO_ZIP = Pattern.compile("(?m)^.*(?:End-of-central-directory signature not found"
            + "|cannot find zipfile directory|cannot find or open).*$");
    private static final Pattern NO_ANSIBLE = Pattern.compile("(?m)^.*ansible-playbook: (?:command )?not found.*$");
    private static final Pattern NO_DEPENDENCIES = Pattern.compile("(?im)^.*(?:externally-managed-environment|No"
            + " matching distribution found|Could not find a version that satisfies|Temporary failure in name"
            + " resolution|Could not resolve host|Unable to locate package|pip3?: (?:command )?not found|No module named"
            + " pip).*$");

    private AnsibleStart() {}

    /** Why Ansible read no playbook: mostly the instance's fault. Empty if the output does not say. */
    static Optional<Finding> missing(String output) {
        return whole(INSTALL_FAILED, output)
                .map(line -> instance("Ansible could not be installed: "
                        + whole(NO_DEPENDENCIES, output)
                                .map(AnsibleOutput::oneLine)
                                .orElse(oneLine(line))
                        + "; AWS's document installs it on Amazon Linux, RHEL and Ubuntu only, and tries even where it"
                        + " is there: bake it into the image and set installDependencies to false"))
                .or(() -> whole(NOT_THERE, output).map(line -> notThere(oneLine(line), output)))
                .or(() -> whole(NO_PLAYBOOK, output)
                        .map(line -> new Finding(Optional.empty(), oneLine(line), Fault.BUNDLE)))
                .or(() -> whole(NO_DEPENDENCIES, output)
                        .map(line -> instance("Ansible could not be installed: " + oneLine(line))))
                .or(() -> whole(NO_ANSIBLE, output)
                        .map(line -> instance("Ansible is not installed on the instance: bake it into the image, or set"
                                + " installDependencies in the fleet's settings")));
    }

    /** AWS's script has the same message for a bundle that was not unpacked and for a bundle without the playbook. */
    private static Finding notThere(String said, String output) {
        if (NO_UNZIP.matcher(output).find()) {
            return instance(
                    "unzip is not installed on the instance, so the bundle was not unpacked: install it in the image");
        }
        Optional<String> noZip = whole(NO_ZIP, output);
        if (noZip.isPresent()) {
            return instance("what was downloaded as the bundle is no whole zip file: "
                    + oneLine(noZip.get()).strip() + "; publish the bundle again");
        }
        return UNPACKED.matcher(output).find()
                ? new Finding(Optional.empty(), said, Fault.BUNDLE)
                : instance(said + "; nothing shows that the bundle was unpacked: is unzip installed on the instance?");
    }

    private static Finding instance(String message) {
        return new Finding(Optional.empty(), oneLine(message), Fault.INSTANCE);
    }
}
