package dev.gantry.stored;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.text.Text;
import java.io.IOException;

/** Where JSON comes from. It decides the type of the error for a wrong field, and whether the error may quote the value. */
sealed interface Origin {
    /** Maximum length of what an error quotes, and of a path in it. */
    int SHOWN = 60;

    /** The error with this sentence. */
    RuntimeException error(String sentence);

    /** The error about the field at this path; an empty path is the whole document. */
    RuntimeException error(String path, String why);

    /** The wrong value, for the end of an error; empty if it may not be quoted. */
    String instead(JsonNode found);

    RuntimeException notJson(IOException cause);

    /**
     * An object that Gantry or its operators keep in S3: {@link GantryException.Misconfigured}.
     *
     * @param name the object's name, which begins each error
     */
    record Stored(String name) implements Origin {
        private static final int REASON = 200;

        @Override
        public RuntimeException error(String sentence) {
            return new GantryException.Misconfigured(name + ": " + sentence);
        }

        @Override
        public RuntimeException error(String path, String why) {
            return new GantryException.Misconfigured(name + (path.isEmpty() ? " " : ": " + path + " ") + why);
        }

        @Override
        public String instead(JsonNode found) {
            return ", not " + Text.clip(found.toString(), SHOWN);
        }

        @Override
        public RuntimeException notJson(IOException cause) {
            String why = cause instanceof JsonProcessingException e
                    ? Text.clip(String.valueOf(e.getOriginalMessage()), REASON) + line(e.getLocation())
                    // Bytes that Jackson takes for UTF-16 or UTF-32, and that are neither.
                    : Text.clip(String.valueOf(cause.getMessage()), REASON);
            return new GantryException.Misconfigured(name + " is not JSON: " + why, cause);
        }

        /**
         * Where the parser stopped. Jackson gives no location when a limit of its own is exceeded: nesting beyond 1,000, a
         * number beyond 1,000 digits, a name beyond 50,000 characters (jackson-core, {@code StreamReadConstraints}).
         */
        private static String line(JsonLocation location) {
            return location == null ? "" : " at line " + location.getLineNr();
        }
    }

    /** A message, or text of a machine: {@link Unreadable}. It may contain a secret, so no error quotes a value of it. */
    record Message() implements Origin {
        @Override
        public RuntimeException error(String sentence) {
            return new Unreadable(sentence);
        }

        @Override
        public RuntimeException error(String path, String why) {
            return new Unreadable((path.isEmpty() ? "it" : Text.clip(path, SHOWN)) + " " + why);
        }

        @Override
        public String instead(JsonNode found) {
            return "";
        }

        /** Without Jackson's own message, which quotes what it read. */
        @Override
        public RuntimeException notJson(IOException cause) {
            return new Unreadable(
                    cause instanceof JsonProcessingException e
                            ? "it is not JSON" + column(e.getLocation())
                            : "it is not JSON: not UTF-8");
        }

        private static String column(JsonLocation location) {
            return location == null
                    ? ": it is nested too deeply, or has a name or a number that is too long"
                    : ", at column " + location.getColumnNr();
        }
    }
}
