package dev.gantry.cli.bundle;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;

/** Why a file cannot be read or written, without its path. */
final class FileErrors {
    private FileErrors() {}

    static String words(IOException error) {
        if (error instanceof NoSuchFileException) {
            return "No such file or directory";
        } else if (error instanceof AccessDeniedException) {
            return "Permission denied";
        } else if (error instanceof FileSystemException system && system.getReason() != null) {
            return system.getReason();
        }
        return Optional.ofNullable(error.getMessage()).orElse(error.getClass().getSimpleName());
    }
}
