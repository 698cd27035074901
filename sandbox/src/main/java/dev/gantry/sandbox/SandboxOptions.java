package dev.gantry.sandbox;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The command line of the sandbox.
 *
 * @param port 0 for any that is free
 * @param zip the package that the example's functions run
 * @param bundle the example fleet's first bundle
 * @param instances what an instance is
 * @param image the folder that real instances boot from
 * @param tools the folder with the programs of local instances
 * @param tree the playbook tree of the fleet's bundles, for those who publish the next
 * @param objects a folder whose files become objects of the example's bucket
 * @param journal where each API call gets a line
 * @param fallback the files of the bastion fallback, for a fleet that has it
 * @param behind another stand-in for AWS, whose account is run instead of the example fleet
 * @param zips packages that functions of that account have
 * @param sessions roles; an access key with a role's name is that of one of its sessions
 * @param deadAgent the number of the instance whose SSM agent never registers, from 1; 0 for none
 * @param noSsm whether every call of Systems Manager fails
 * @param json true for one line of JSON instead of text
 * @param clean whether it only removes what killed sandboxes have left
 */
record SandboxOptions(
        int port,
        String region,
        Path zip,
        Optional<Path> bundle,
        Instances instances,
        Optional<Path> image,
        Optional<Path> tools,
        Optional<Path> tree,
        Optional<Path> objects,
        Optional<Path> journal,
        Optional<BastionFiles> fallback,
        Optional<URI> behind,
        List<Path> zips,
        List<String> sessions,
        int deadAgent,
        boolean noSsm,
        boolean json,
        boolean clean,
        boolean help) {
    static final String USAGE =
            """
            usage: sandbox [--port N] [--region NAME] [--zip FILE] [--bundle FILE] [--instances KIND]
                           [--image FOLDER] [--tools FOLDER] [--tree FOLDER] [--objects FOLDER] [--journal FILE]
                           [--fallback PROGRAM] [--repository FOLDER] [--dead-agent N] [--no-ssm] [--behind ADDRESS]
                           [--session ROLE] [--json]
                   sandbox --clean | --help

              --port N       the endpoint's port on loopback; any free one by default
              --region NAME  eu-central-1 by default
              --zip FILE     the functions' package; lambda/function/target/gantry-function.zip by default
              --bundle FILE  the example fleet's first bundle, as gantry bundle makes it; none by default
              --instances KIND  real: systemd-nspawn machines that run Ansible (root only); local: folders and processes of
                             this user, in which Ansible runs; simulated (the default): scripted outcomes
              --image FOLDER what real instances boot from, as scripts/lib/instances/build-image.sh prints it
              --tools FOLDER where local instances find ansible-playbook and python3
              --tree FOLDER  the playbook tree of the bundles, for the environment that is printed
              --objects FOLDER its files become objects of the bucket, each with its path below the folder as the key
              --behind ADDRESS  another stand-in for AWS, for example moto's server, answers what the sandbox does not; what
                             Terraform makes there runs here, instead of the example fleet. Its functions have the package
                             of --zip, which may be repeated
              --session ROLE the access key ROLE is that of a session of this role; may be repeated
              --journal FILE one JSON line for each API call: time, service, operation, caller, status, error, request, names
              --fallback PROGRAM the fleet has the bastion fallback: PROGRAM is what scripts/dev/build-documents --program
                             makes; needs --instances real
              --repository FOLDER where the fallback's other files are; this folder by default
              --dead-agent N the SSM agent of the fleet's N-th instance never registers
              --no-ssm       every call of Systems Manager fails, and no agent registers
              --json         print the endpoint and the environment as one line of JSON
              --clean        remove what killed sandboxes have left here, and end; each start does that too
              --help         print this

            It stays until Ctrl-C. Exit status: 2 for a wrong option, 3 where it cannot start.""";

    /** What an instance of the sandbox is. */
    enum Instances {
        REAL,
        LOCAL,
        SIMULATED
    }

    /** A command line that cannot be understood; the message says which part and why. */
    static final class WrongOption extends Exception {
        private static final long serialVersionUID = 1L;

        WrongOption(String message) {
            super(message);
        }
    }

    static SandboxOptions parse(List<String> arguments) throws WrongOption {
        int port = 0;
        String region = Sandbox.REGION;
        Optional<Path> bundle = Optional.empty();
        Instances instances = Instances.SIMULATED;
        Optional<Path> image = Optional.empty();
        Optional<Path> tools = Optional.empty();
        Optional<Path> tree = Optional.empty();
        Optional<Path> objects = Optional.empty();
        Optional<Path> journal = Optional.empty();
        Optional<Path> program = Optional.empty();
        Optional<URI> behind = Optional.empty();
        List<Path> zips = new ArrayList<>();
        List<String> sessions = new ArrayList<>();
        Path repository = Path.of("");
        int deadAgent = 0;
        boolean noSsm = false;
        boolean json = false;
        boolean clean = false;
        boolean help = false;
        Deque<String> left = new ArrayDeque<>(arguments);
        while (!left.isEmpty()) {
            String option = left.pop();
            switch (option) {
                case "--port" -> port = port(value(option, left));
                case "--region" -> region = region(value(option, left));
                case "--zip" -> zips.add(Path.of(value(option, left)));
                case "--bundle" -> bundle = Optional.of(Path.of(value(option, left)));
                case "--image" -> image = Optional.of(Path.of(value(option, left)));
                case "--tools" -> tools = Optional.of(Path.of(value(option, left)));
                case "--tree" -> tree = Optional.of(Path.of(value(option, left)));
                case "--objects" -> objects = Optional.of(Path.of(value(option, left)));
                case "--journal" -> journal = Optional.of(Path.of(value(option, left)));
                case "--instances" -> instances = instances(value(option, left));
                case "--fallback" -> program = Optional.of(Path.of(value(option, left)));
                case "--repository" -> repository = Path.of(value(option, left));
                case "--dead-agent" -> deadAgent = number(option, value(option, left));
                case "--behind" -> behind = Optional.of(address(value(option, left)));
                case "--session" -> sessions.add(role(value(option, left)));
                case "--no-ssm" -> noSsm = true;
                case "--json" -> json = true;
                case "--clean" -> clean = true;
                case "--help", "-h" -> help = true;
                default -> throw new WrongOption("There is no option " + option + ".");
            }
        }
        if (!help && instances == Instances.REAL && image.isEmpty()) {
            throw new WrongOption("--instances real needs --image.");
        }
        if (!help && instances == Instances.LOCAL && tools.isEmpty()) {
            throw new WrongOption("--instances local needs --tools.");
        }
        if (!help && instances != Instances.REAL && program.isPresent()) {
            throw new WrongOption("--fallback needs --instances real: no other kind has SSH.");
        }
        return new SandboxOptions(
                port,
                region,
                zips.isEmpty() ? Path.of("lambda/function/target/gantry-function.zip") : zips.get(zips.size() - 1),
                bundle,
                instances,
                image,
                tools,
                tree,
                objects,
                journal,
                fallback(repository, program, help),
                behind,
                List.copyOf(zips),
                List.copyOf(sessions),
                deadAgent,
                noSsm,
                json,
                clean,
                help);
    }

    private static Optional<BastionFiles> fallback(Path repository, Optional<Path> program, boolean help)
            throws WrongOption {
        try {
            return help ? Optional.empty() : program.map(file -> BastionFiles.in(repository, file));
        } catch (IllegalArgumentException e) {
            throw new WrongOption(e.getMessage());
        }
    }

    private static String value(String option, Deque<String> left) throws WrongOption {
        if (left.isEmpty()) {
            throw new WrongOption(option + " needs a value.");
        }
        return left.pop();
    }

    private static URI address(String value) throws WrongOption {
        if (!value.matches("http://[0-9A-Za-z.-]+:\\d{1,5}")) {
            throw new WrongOption("--behind must be an address as in http://127.0.0.1:5000, but is " + value + ".");
        }
        return URI.create(value);
    }

    private static String role(String value) throws WrongOption {
        if (!value.matches("[A-Za-z0-9_-]{1,64}")) {
            throw new WrongOption("--session must be a role's name, but is " + value + ".");
        }
        return value;
    }

    private static int number(String option, String value) throws WrongOption {
        if (!value.matches("\\d{1,3}")) {
            throw new WrongOption(option + " must be 0 to 999, but is " + value + ".");
        }
        return Integer.parseInt(value);
    }

    private static int port(String value) throws WrongOption {
        if (!value.matches("\\d{1,5}") || Integer.parseInt(value) > 65_535) {
            throw new WrongOption("--port must be 0 to 65535, but is " + value + ".");
        }
        return Integer.parseInt(value);
    }

    private static String region(String value) throws WrongOption {
        if (!value.matches("[a-z]{2}(-[a-z]+)+-\\d")) {
            throw new WrongOption("--region must be a region's name, as in eu-central-1, but is " + value + ".");
        }
        return value;
    }

    private static Instances instances(String value) throws WrongOption {
        return switch (value) {
            case "real" -> Instances.REAL;
            case "local" -> Instances.LOCAL;
            case "simulated" -> Instances.SIMULATED;
            default -> throw new WrongOption("--instances must be real, local or simulated, but is " + value + ".");
        };
    }
}
