package dev.gantry.bastion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is in the two deployable zips, once both are made: SSH is in this one and nowhere else. */
@Tag("zip")
class ZipTest {
    private static final Path OWN = Path.of("target/gantry-bastion.zip");
    private static final Path LAUNCH = Path.of("../function/target/gantry-function.zip");
    /** About half of the other zip's limit. Apache's client of version 5 made it a megabyte larger. */
    private static final long MOST_BYTES = 11_000_000;

    /** The names of all classes in the zip's jars, with slashes. */
    private static Set<String> classes(Path file) throws IOException {
        Assumptions.assumeTrue(Files.exists(file), file + " has not been made");
        Set<String> classes = new TreeSet<>();
        try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(file))) {
            while (zip.getNextEntry() != null) {
                // Not closed: it would close the outer one.
                ZipInputStream jar = new ZipInputStream(zip);
                for (ZipEntry entry = jar.getNextEntry(); entry != null; entry = jar.getNextEntry()) {
                    classes.add(entry.getName());
                }
            }
        }
        return classes;
    }

    private static List<String> having(Set<String> classes, String part) {
        return classes.stream().filter(name -> name.contains(part)).toList();
    }

    @Test
    void thereIsNoSshInTheLaunchFunctionsZip() throws IOException {
        Set<String> classes = classes(LAUNCH);

        assertFalse(having(classes, "dev/gantry/function/").isEmpty());
        assertEquals(List.of(), having(classes, "org/apache/sshd/"));
        assertEquals(List.of(), having(classes, "dev/gantry/bastion/"));
        assertEquals(List.of(), having(classes, "jsch"));
    }

    @Test
    void inThisZipThereAreSshAndS3AndNoOtherService() throws IOException {
        Set<String> classes = classes(OWN);

        assertTrue(classes.contains("dev/gantry/bastion/BastionHandler.class"));
        assertTrue(classes.contains("org/apache/sshd/client/SshClient.class"));
        assertEquals(
                having(classes, "software/amazon/awssdk/services/s3/"),
                having(classes, "software/amazon/awssdk/services/"));
    }

    @Test
    void inThisZipThereIsNothingOfTheSandboxNoTestAndNoNetty() throws IOException {
        Set<String> classes = classes(OWN);

        for (String part : List.of("dev/gantry/sandbox/", "dev/gantry/aws/", "Test.class", "junit", "io/netty/")) {
            assertEquals(List.of(), having(classes, part));
        }
    }

    @Test
    void itIsSmall() throws IOException {
        Assumptions.assumeTrue(Files.exists(OWN));
        assertTrue(Files.size(OWN) <= MOST_BYTES, Files.size(OWN) + " bytes");
    }
}
