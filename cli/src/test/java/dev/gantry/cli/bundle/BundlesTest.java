package dev.gantry.cli.bundle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.cli.base.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** tests/bundle.bats has the rest: odd names, links, locales, and what a second implementation unpacks. */
class BundlesTest {
    @TempDir
    private Path folder;

    private Path tree;

    @BeforeEach
    void makeTree() throws IOException {
        tree = Files.createDirectory(folder.resolve("tree"));
        Files.writeString(tree.resolve("playbook.yml"), "---\n");
    }

    private Bundle make() {
        return Bundles.make(tree, Optional.empty(), folder.resolve("out"));
    }

    private String refusal() {
        return assertThrows(Problem.class, this::make).getMessage();
    }

    /** The expected bytes are those of an earlier version of this code, in another language. */
    @Test
    void theBytesAreTheSameOnEveryMachine() {
        Bundle bundle = make();

        assertEquals(
                "9cfebcd5a11109a98b2f16e7e4c01d62760f40ad99e08491ea072fc14e24df5a",
                bundle.id().sha256());
        assertEquals(126, bundle.bytes());
        assertEquals(1, bundle.files());
    }

    @Test
    void anotherImplementationReadsNamesModesAndContents() throws IOException {
        Path run =
                Files.writeString(Files.createDirectory(tree.resolve("files")).resolve("grüße.sh"), "#!/bin/sh\n");
        Files.setPosixFilePermissions(run, PosixFilePermissions.fromString("rwx------"));

        try (ZipFile zip = new ZipFile(make().path().toFile())) {
            List<String> names = zip.stream().map(ZipEntry::getName).toList();
            assertEquals(List.of("files/grüße.sh", "playbook.yml"), names);
            assertArrayEquals(
                    Files.readAllBytes(run),
                    zip.getInputStream(zip.getEntry("files/grüße.sh")).readAllBytes());
        }
    }

    /** Folders are read in the order of the disk; "a-b" sorts before "a/b", and a name of three bytes before one of four. */
    @Test
    void theOrderIsThatOfTheBytes() throws IOException {
        Files.createDirectory(tree.resolve("a"));
        for (String name : List.of("a/b", "a-b", "a.b", "\uff5e", "\ud83d\ude80", "B")) {
            Files.writeString(tree.resolve(name), "");
        }

        try (ZipFile zip = new ZipFile(make().path().toFile())) {
            assertEquals(
                    List.of("B", "a-b", "a.b", "a/b", "playbook.yml", "\uff5e", "\ud83d\ude80"),
                    zip.stream().map(ZipEntry::getName).toList());
        }
    }

    @Test
    void aFileLargerThanTheBufferIsWhole() throws IOException {
        byte[] content = new byte[200_001];
        java.util.Arrays.fill(content, (byte) 7);
        Files.write(tree.resolve("large"), content);

        try (ZipFile zip = new ZipFile(make().path().toFile())) {
            assertArrayEquals(content, zip.getInputStream(zip.getEntry("large")).readAllBytes());
        }
    }

    @Test
    void onlyTheBundleIsLeft() throws IOException {
        make();
        Bundle again = make();

        try (var files = Files.list(folder.resolve("out"))) {
            assertEquals(List.of(again.path()), files.toList());
        }
    }

    @Test
    void aRefusalLeavesNoFolder() throws IOException {
        Files.delete(tree.resolve("playbook.yml"));

        assertTrue(refusal().contains("has no playbook.yml"));
        assertFalse(Files.exists(folder.resolve("out")));
    }

    @Test
    void aFolderThatCannotBeMadeIsNamed() throws IOException {
        Files.writeString(folder.resolve("out"), "");

        assertTrue(refusal().contains("cannot write into " + folder.resolve("out")));
    }

    @Test
    void aLinkOutOfTheTreeAndALinkToAFolderAreRefused() throws IOException {
        Path link = tree.resolve("link");
        Files.createSymbolicLink(link, Path.of("../nothing"));
        assertTrue(refusal().contains("link: is a link out of the tree, to " + folder.toRealPath()), refusal());

        Files.delete(link);
        Files.createSymbolicLink(link, Files.createDirectory(tree.resolve("files")));
        assertTrue(refusal().contains("link: is a link to a folder"), refusal());
    }

    @Test
    void anotherFileOfTheTreeMayBeLinked() throws IOException {
        Files.createSymbolicLink(tree.resolve("link"), Path.of("playbook.yml"));

        assertEquals(2, make().files());
    }
}
