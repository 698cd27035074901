package dev.gantry.cli.command;

import dev.gantry.cli.account.Account;
import dev.gantry.cli.base.Problem;
import dev.gantry.cli.console.ConsoleKey;
import dev.gantry.cli.console.ConsoleServer;
import dev.gantry.cli.console.Export;
import dev.gantry.cli.console.Source;
import dev.gantry.cli.screen.Answers;
import java.io.IOException;
import java.net.BindException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The launches on a page of this machine. */
@Command(
        name = "console",
        description = "Shows fleets and launches on a page of this machine, with your own credentials, until Ctrl-C.",
        footer = {
            "",
            "It listens on loopback alone, changes nothing, and asks AWS only while a page is open.",
            "Example: gantry console"
        })
public final class ConsoleCommand extends AccountCommand {
    private static final int USUAL_PORT = 4680;
    private static final int LAST_PORT = 65_535;
    private static final String SERVER = "jdk.httpserver";

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "where it listens (default: " + USUAL_PORT + ", or a free one where that is taken)")
    private Integer port;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            defaultValue = "6h",
            converter = TimeSpan.class,
            description = "show what ended since then, as 90s, 30m, 2h or 1d (default: 6h)")
    private Duration since;

    @Option(
            names = "--export",
            paramLabel = "DIR",
            description = "write the same pages as files below this folder, for a post-mortem, and end")
    private Path export;

    /** Only the export ends by itself. */
    @Override
    boolean isLong() {
        return export == null;
    }

    @Override
    int run(Account account) throws InterruptedException, IOException {
        Source source = new AccountSource(account, since, repeated(), Clock.systemUTC());
        if (export != null) {
            return export(source);
        }
        // A console that cannot find its deployment says so here, and not on its first page.
        source.setting();
        try (ConsoleServer server = start(source)) {
            print(isJson() ? Answers.console(server.address()) : "Open " + server.address() + "\nCtrl-C ends it.");
            if (isOutputClosed()) {
                throw new Problem(
                        Problem.REFUSED,
                        "standard output is closed, so nothing can read the console's address: start it on a terminal, or"
                                + " where its output is read");
            }
            new CountDownLatch(1).await();
        }
        return DONE;
    }

    private int export(Source source) throws IOException {
        Export.Written written = Export.write(source, export, Clock.systemUTC());
        Path index = export.toAbsolutePath().normalize().resolve("index.html");
        String left = written.left() == 0
                ? ""
                : "; " + written.left() + " further launches are in the lists, without a page of their own";
        print(
                isJson()
                        ? Answers.exported(index.toString(), written.pages(), written.left())
                        : written.pages() + " pages" + left + ". Open " + index);
        return DONE;
    }

    private ConsoleServer start(Source source) throws IOException {
        if (port != null && (port < 0 || port > LAST_PORT)) {
            throw new Problem(
                    Problem.USAGE, "--port " + port + " is no port: 1 to " + LAST_PORT + ", or 0 for a free one");
        }
        if (ModuleLayer.boot().findModule(SERVER).isEmpty()) {
            throw new Problem(
                    Problem.REFUSED,
                    "this Java has no module " + SERVER + ", which serves pages: run gantry on a whole JDK");
        }
        byte[] key = ConsoleKey.find(System.getenv());
        try {
            return serve(source, key, port == null ? USUAL_PORT : port);
        } catch (BindException taken) {
            if (port != null) {
                throw new Problem(
                        Problem.USAGE,
                        "port " + port + " is taken on this machine: end what listens there, or say another --port",
                        taken);
            }
            return serve(source, key, 0);
        }
    }

    private ConsoleServer serve(Source source, byte[] key, int at) throws IOException {
        return ConsoleServer.start(
                source, key, at, Clock.systemUTC(), spec().commandLine().getErr()::println);
    }
}
