package dev.gantry.sandbox.contract;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.localstack.LocalStackContainer;
import org.testcontainers.containers.localstack.LocalStackContainer.Service;
import org.testcontainers.utility.DockerImageName;

/** LocalStack in a container, if a Docker engine answers. */
final class LocalStackEndpoint {
    /** 4.14.0, the last community release that starts without a token (docs/decisions/0004). */
    private static final DockerImageName IMAGE = DockerImageName.parse(
            "localstack/localstack@sha256:3ebc37595918b8accb852f8048fef2aff047d465167edd655528065b07bc364a");

    private LocalStackEndpoint() {}

    static Found find() {
        if (!mayHaveEngine() || !DockerClientFactory.instance().isDockerAvailable()) {
            return new Found.Absent(Implementation.LOCALSTACK, "no Docker engine answers");
        }
        return start();
    }

    @SuppressWarnings("resource") // the endpoint closes it
    private static Found start() {
        LocalStackContainer container =
                new LocalStackContainer(IMAGE).withServices(Service.S3, Service.SQS, Service.SSM, Service.STS);
        try {
            container.start();
        } catch (RuntimeException e) {
            container.close();
            return new Found.Absent(Implementation.LOCALSTACK, "its container does not start (" + e.getMessage() + ")");
        }
        return new Found.Present(
                Endpoint.emulator(Implementation.LOCALSTACK, container.getEndpoint(), container::close));
    }

    /** Checked first, because Testcontainers takes half a minute to find out that there is none. */
    private static boolean mayHaveEngine() {
        if (System.getenv("DOCKER_HOST") != null) {
            return true;
        }
        Stream<Optional<Path>> sockets = Stream.of(
                Optional.of(Path.of("/var/run/docker.sock")),
                variable("XDG_RUNTIME_DIR").map(folder -> folder.resolve("docker.sock")),
                variable("HOME").map(folder -> folder.resolve(".docker/run/docker.sock")));
        return sockets.flatMap(Optional::stream).anyMatch(LocalStackEndpoint::answers);
    }

    private static Optional<Path> variable(String name) {
        return Optional.ofNullable(System.getenv(name)).map(Path::of);
    }

    private static boolean answers(Path socket) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return channel.connect(UnixDomainSocketAddress.of(socket));
        } catch (IOException e) {
            return false;
        }
    }
}
