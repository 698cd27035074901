package dev.gantry.sandbox.lambda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TaskTest {
    @TempDir
    Path directory;

    private Path zip;
    private Path trained;

    @BeforeEach
    void write() throws IOException {
        zip = Files.writeString(directory.resolve("functions.zip"), "these functions");
        trained = Files.createDirectory(directory.resolve("trained"));
    }

    @Test
    void aTrainedPackageRunsByItsOwnArguments() throws IOException {
        Files.copy(zip, trained.resolve("package.zip"));
        assertEquals(
                Optional.of(new Task(trained, List.of("@" + trained.resolve("java.args")))),
                Task.trained(trained, zip));
    }

    @Test
    void anotherPackageThanTheTrainedOneRunsAsAZip() throws IOException {
        Files.writeString(trained.resolve("package.zip"), "these Functions");
        assertEquals(Optional.empty(), Task.trained(trained, zip));
    }

    @Test
    void aTrainingThatDidNotEndCountsForNothing() throws IOException {
        assertEquals(Optional.empty(), Task.trained(trained, zip));
    }
}
