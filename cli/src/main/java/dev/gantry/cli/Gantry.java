package dev.gantry.cli;

import dev.gantry.cli.base.Problem;
import dev.gantry.cli.command.ApplyCommand;
import dev.gantry.cli.command.BundleCommand;
import dev.gantry.cli.command.ConsoleCommand;
import dev.gantry.cli.command.DiagnosticsCommand;
import dev.gantry.cli.command.DoctorCommand;
import dev.gantry.cli.command.ExplainCommand;
import dev.gantry.cli.command.FleetsCommand;
import dev.gantry.cli.command.HoldCommand;
import dev.gantry.cli.command.InitCommand;
import dev.gantry.cli.command.LaunchesCommand;
import dev.gantry.cli.command.LiftCommand;
import dev.gantry.cli.command.LookCommand;
import dev.gantry.cli.command.PublishCommand;
import dev.gantry.cli.command.RedriveCommand;
import dev.gantry.cli.command.ReleasesCommand;
import dev.gantry.cli.command.RetryCommand;
import dev.gantry.cli.command.RollbackCommand;
import dev.gantry.cli.command.UnholdCommand;
import dev.gantry.cli.terminal.Terminal;
import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.operator.Errors;
import dev.gantry.operator.Share;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The command's entry point: the subcommands, and the exit codes. */
@Command(
        name = "gantry",
        description = "Tells why an instance waits or was abandoned, and what to do; operates Gantry's fleets.",
        mixinStandardHelpOptions = true,
        versionProvider = Gantry.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            FleetsCommand.class,
            LaunchesCommand.class,
            ExplainCommand.class,
            DoctorCommand.class,
            ConsoleCommand.class,
            LookCommand.class,
            DiagnosticsCommand.class,
            HoldCommand.class,
            InitCommand.class,
            UnholdCommand.class,
            RetryCommand.class,
            PublishCommand.class,
            BundleCommand.class,
            ReleasesCommand.class,
            RollbackCommand.class,
            ApplyCommand.class,
            LiftCommand.class,
            RedriveCommand.class,
            AutoComplete.GenerateCompletion.class,
        },
        footer = {
            "",
            "Exit codes: 0 done, 1 refused or a finding stands, 2 wrong options, 3 AWS did not answer well, 4 a"
                    + " defect.",
            "Example: gantry explain i-0123456789abcdef0",
        })
public final class Gantry implements Runnable {
    private static final String LOG_LEVEL = "org.slf4j.simpleLogger.defaultLogLevel";
    private static final int DEFECT = 4;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    /** For {@code gantry} alone. */
    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "a command is missing");
    }

    public static void main(String[] arguments) {
        boolean debugs = Arrays.asList(arguments).contains("--debug");
        System.setProperty(LOG_LEVEL, debugs ? "warn" : "off");
        PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        int code = run(System.getenv(), out, err, arguments);
        out.flush();
        System.exit(code);
    }

    /** Runs one command line. */
    static int run(Map<String, String> environment, PrintWriter out, PrintWriter err, String... arguments) {
        Terminal terminal = Terminal.of(environment);
        CommandLine line = new CommandLine(new Gantry())
                .setOut(out)
                .setErr(err)
                .setUsageHelpWidth(Math.min(100, Math.max(60, terminal.columns())))
                .setColorScheme(CommandLine.Help.defaultColorScheme(
                        terminal.colours() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF))
                .setParameterExceptionHandler(Gantry::wrong)
                .setExecutionExceptionHandler(Gantry::failed)
                .setCaseInsensitiveEnumValuesAllowed(true);
        converter(line, FleetName.class, FleetName::new);
        converter(line, InstanceId.class, InstanceId::new);
        converter(line, Share.class, Share::parse);
        return line.execute(arguments);
    }

    /** Shows the domain's message about a wrong value, instead of a stack trace. */
    private static <T> void converter(CommandLine line, Class<T> type, Function<String, T> constructor) {
        ITypeConverter<T> converter = text -> {
            try {
                return constructor.apply(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        };
        line.registerConverter(type, converter);
    }

    private static int wrong(CommandLine.ParameterException error, String[] arguments) {
        CommandLine line = error.getCommandLine();
        line.getErr().println("gantry: " + error.getMessage());
        line.getErr().println(line.getCommandSpec().qualifiedName() + " --help shows the usage.");
        return Problem.USAGE;
    }

    private static int failed(Exception error, CommandLine line, CommandLine.ParseResult parsed) {
        if (parsed.originalArgs().contains("--debug")) {
            error.printStackTrace(line.getErr());
        }
        if (error instanceof Problem problem) {
            line.getErr().println("gantry: " + problem.getMessage());
            return problem.exitCode();
        } else if (error instanceof GantryException answered) {
            line.getErr().println("gantry: " + Errors.words(answered));
            return Problem.AWS;
        }
        line.getErr()
                .println("gantry: a defect of the command itself: " + error
                        + "; please report it with what --debug prints");
        return DEFECT;
    }

    /** The version that the build wrote. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() throws IOException {
            try (InputStream version = Gantry.class.getResourceAsStream("version.txt")) {
                return new String[] {"gantry " + new String(version.readAllBytes(), StandardCharsets.UTF_8).strip()};
            }
        }
    }
}
