package dev.gantry.system.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.sandbox.ExampleFleet;
import dev.gantry.sandbox.Region;
import dev.gantry.sandbox.Sandbox;
import dev.gantry.sandbox.ec2.Script;
import dev.gantry.sandbox.ec2.SimulatedFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What is in the deployable zip, and what must not be. */
@Tag("e2e")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FunctionZipTest {
    /** The limit of the README's table of figures. */
    private static final long MOST_BYTES = 20_000_000;

    private final Set<String> jars = new TreeSet<>();
    private final Set<String> classes = new TreeSet<>();

    @BeforeAll
    void read() throws IOException {
        try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(Deployment.zip()))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                jars.add(entry.getName());
                // Not closed: it would close the outer one.
                ZipInputStream jar = new ZipInputStream(zip);
                for (ZipEntry file = jar.getNextEntry(); file != null; file = jar.getNextEntry()) {
                    classes.add(file.getName());
                }
            }
        }
    }

    private static List<String> having(Set<String> names, String part) {
        return names.stream().filter(name -> name.contains(part)).toList();
    }

    @Test
    void itIsNoLargerThanTwentyMillionBytes() throws IOException {
        long bytes = Files.size(Deployment.zip());
        assertTrue(bytes <= MOST_BYTES, "the zip has " + bytes + " bytes");
    }

    @Test
    void itHoldsNothingOfTheSandbox() {
        assertEquals(List.of(), having(classes, "dev/gantry/sandbox"));
        assertEquals(List.of(), having(jars, "sandbox"));
    }

    @Test
    void itHoldsNoTest() {
        assertEquals(List.of(), having(classes, "dev/gantry/launch/twin"));
        assertEquals(List.of(), having(classes, "Test.class"));
        assertEquals(List.of(), having(jars, "tests.jar"));
        assertEquals(List.of(), having(jars, "junit"));
    }

    @Test
    void itHoldsNoNetty() {
        assertEquals(List.of(), having(jars, "netty"));
        assertEquals(List.of(), having(classes, "io/netty/"));
    }

    /** Native libraries of other processors and systems would be megabytes that no function loads. */
    @Test
    void itHoldsOneNativeLibraryOutsideOfAJar() {
        assertEquals(List.of("lib/libaws-crt-jni.so"), having(jars, "crt-jni"));
        assertEquals(List.of(), having(classes, "libaws-crt-jni"));
        assertEquals(List.of(), having(classes, ".dll"));
    }

    @Test
    void itHoldsTheHandlerOfEveryFunction() throws IOException {
        Region region = new Region(cloud -> new SimulatedFactory(
                cloud.timers(),
                new SimulatedFactory.Times(Duration.ZERO, Duration.ZERO),
                Script.succeedsAfter(Duration.ZERO)));
        try (Sandbox sandbox = Sandbox.builder()
                .with(region)
                .with(new ExampleFleet(Deployment.zip(), region, Optional.empty()))
                .start()) {
            for (String function : List.of(
                    ExampleFleet.LAUNCH_FUNCTION, ExampleFleet.SWEEP_FUNCTION, ExampleFleet.OPERATOR_FUNCTION)) {
                String handler = sandbox.cloud()
                        .lambda()
                        .find(function)
                        .orElseThrow()
                        .spec()
                        .handler();
                String file = handler.substring(0, handler.indexOf("::")).replace('.', '/') + ".class";
                assertTrue(classes.contains(file), file);
            }
        }
    }
}
