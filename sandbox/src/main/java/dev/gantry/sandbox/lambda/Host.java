package dev.gantry.sandbox.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.api.client.AWSLambda;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import dev.gantry.sandbox.time.Timers;
import dev.gantry.sandbox.wire.AccessKeys;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.utilslite.SdkInternalThreadLocal;

/**
 * What execution environments stand on: the runtime interface client that AWS's java21 image runs too, unpacked packages,
 * and a directory for logs and temporary files. Nothing is written outside of that directory.
 */
public final class Host {
    /** The property that names the folder of a package that was trained, if there is one. */
    private static final String TRAINED = "gantry.trained";

    private static final List<Class<?>> RUNTIME =
            List.of(AWSLambda.class, Context.class, PojoSerializer.class, SdkInternalThreadLocal.class);

    private final String region;
    private final String account;
    private final Supplier<URI> endpoint;
    private final AccessKeys keys;
    private final Timers timers;
    private final LogListener logs;
    private final Path directory;
    private final Path nativeClient;
    private final Map<Path, Task> tasks = new HashMap<>();

    /**
     * Prepares the directory.
     *
     * @param endpoint what functions find in AWS_ENDPOINT_URL
     * @param directory must exist and be used by nothing else
     */
    public Host(
            String region,
            String account,
            Supplier<URI> endpoint,
            AccessKeys keys,
            Timers timers,
            LogListener logs,
            Path directory)
            throws IOException {
        this.region = region;
        this.account = account;
        this.endpoint = endpoint;
        this.keys = keys;
        this.timers = timers;
        this.logs = logs;
        this.directory = directory;
        Files.createDirectories(directory.resolve("logs"));
        this.nativeClient = unpackNativeClient();
    }

    String region() {
        return region;
    }

    String account() {
        return account;
    }

    URI endpoint() {
        return endpoint.get();
    }

    AccessKeys keys() {
        return keys;
    }

    Timers timers() {
        return timers;
    }

    LogListener logs() {
        return logs;
    }

    Path logFile(String function, String stream) throws IOException {
        Path folder = Files.createDirectories(directory.resolve("logs").resolve(function));
        return folder.resolve(stream + ".log");
    }

    Path temporary(String stream) throws IOException {
        return Files.createDirectories(directory.resolve("tmp").resolve(stream));
    }

    /** The package as its processes find it, prepared once. */
    synchronized Task task(Path zip) throws IOException {
        Task known = tasks.get(zip);
        if (known == null) {
            known = prepared(zip);
            tasks.put(zip, known);
        }
        return known;
    }

    private Task prepared(Path zip) throws IOException {
        String folder = System.getProperty(TRAINED);
        if (folder != null) {
            Optional<Task> trained = Task.trained(Path.of(folder), zip);
            if (trained.isPresent()) {
                return trained.get();
            }
        }
        Path root = Files.createDirectories(directory.resolve("task-" + tasks.size()));
        Unzip.to(root, zip);
        return Task.zipped(root, classpath(), AWSLambda.class.getName());
    }

    /** The command of the java21 runtime; heap as AWS sizes it: 85 % of the memory. Source: its bootstrap in lambci. */
    List<String> command(FunctionSpec spec, Task task, Path temporary) {
        long heap = spec.memoryMegabytes() * 1024L * 85 / 100;
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-XX:MaxHeapSize=" + heap + "k",
                "-Djava.io.tmpdir=" + temporary,
                // Otherwise every environment unpacks it to the same file below /tmp.
                "-Dcom.amazonaws.services.lambda.runtime.api.client.runtimeapi.NativeClient.JNI=" + nativeClient));
        command.addAll(task.java());
        command.add(spec.handler());
        return command;
    }

    private static String classpath() {
        return RUNTIME.stream()
                .map(Host::location)
                .map(Path::toString)
                .distinct()
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static Path location(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("the class path holds " + type + " at no file", e);
        }
    }

    private Path unpackNativeClient() throws IOException {
        boolean arm = System.getProperty("os.arch").toLowerCase(Locale.ROOT).startsWith("aarch64");
        String name =
                "libaws-lambda-jni." + (musl() ? "linux_musl-" : "linux-") + (arm ? "aarch_64" : "x86_64") + ".so";
        Path file = directory.resolve(name);
        try (InputStream library = AWSLambda.class.getResourceAsStream("/jni/" + name)) {
            if (library == null) {
                throw new IOException("The runtime interface client has no " + name + ": functions run on Linux only.");
            }
            Files.copy(library, file);
        }
        return file;
    }

    private static boolean musl() {
        try (Stream<Path> libraries = Files.list(Path.of("/lib"))) {
            return libraries.anyMatch(path -> path.getFileName().toString().startsWith("ld-musl-"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list /lib", e);
        }
    }
}
