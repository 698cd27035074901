package dev.gantry.sandbox;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.sandbox.SandboxOptions.WrongOption;
import java.io.IOException;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** Starts the sandbox with the example fleet, says how to talk to it, and stays until Ctrl-C. */
public final class SandboxMain {
    private static final int WRONG_OPTION = 2;
    private static final int CANNOT_START = 3;

    private SandboxMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        int status = run(List.of(arguments), System.out, System.err);
        if (status != 0) {
            System.exit(status);
        }
    }

    static int run(List<String> arguments, PrintStream out, PrintStream err) throws InterruptedException {
        SandboxOptions options;
        try {
            options = SandboxOptions.parse(arguments);
        } catch (WrongOption e) {
            err.println("sandbox: " + e.getMessage());
            err.println(SandboxOptions.USAGE);
            return WRONG_OPTION;
        }
        if (options.help()) {
            out.println(SandboxOptions.USAGE);
            return 0;
        }
        try (Sandbox sandbox = start(options)) {
            out.println(options.json() ? json(sandbox) : text(sandbox));
            new CountDownLatch(1).await();
            return 0;
        } catch (IOException | IllegalArgumentException e) {
            err.println("sandbox: " + e.getMessage());
            return CANNOT_START;
        }
    }

    private static Sandbox start(SandboxOptions options) throws IOException {
        return Sandbox.builder()
                .port(options.port())
                .region(options.region())
                .with(new ExampleFleet(options.zip()))
                .start();
    }

    /** What makes any SDK, and the aws command, talk to the sandbox. */
    static Map<String, String> environment(Sandbox sandbox) {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("AWS_ENDPOINT_URL", sandbox.endpoint().toString());
        variables.put("AWS_REGION", sandbox.cloud().region());
        variables.put("AWS_DEFAULT_REGION", sandbox.cloud().region());
        variables.put("AWS_ACCESS_KEY_ID", Sandbox.ACCESS_KEY);
        variables.put("AWS_SECRET_ACCESS_KEY", Sandbox.SECRET_KEY);
        return variables;
    }

    private static String json(Sandbox sandbox) {
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        line.put("endpoint", sandbox.endpoint().toString());
        line.put("region", sandbox.cloud().region());
        line.put("account", sandbox.cloud().account());
        ObjectNode variables = line.putObject("environment");
        environment(sandbox).forEach(variables::put);
        return line.toString();
    }

    private static String text(Sandbox sandbox) {
        StringBuilder text = new StringBuilder("AWS on loopback at " + sandbox.endpoint() + ", until Ctrl-C.\n\n");
        environment(sandbox).forEach((name, value) -> text.append("export " + name + "=" + value + "\n"));
        return text.append("\nTry, in another terminal, after these lines:\n")
                .append("  aws sts get-caller-identity\n")
                .append("  aws s3 ls s3://" + ExampleFleet.BUCKET + "\n")
                .append("  aws lambda list-functions --query 'Functions[].FunctionName'\n")
                .toString();
    }
}
