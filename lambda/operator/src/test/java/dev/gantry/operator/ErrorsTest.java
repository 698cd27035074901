package dev.gantry.operator;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.launch.error.GantryException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The errors of AwsErrors, in words for a person. */
class ErrorsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ExpiredToken: x; fresh credentials come with the next execution environment | aws sso login",
                "Rate exceeded; throttled, Gantry looks again | throttled, try again",
                "AccessDenied: x; allow it in the role's policy | allow it in your own policy",
                "InvalidClientTokenId: x; check the credentials that the process runs with | --profile",
            })
    void thePersonIsToldWhatToDo(String said, String words) {
        String message = Errors.words(new GantryException.Retryable(said, null));

        assertTrue(message.contains(words), message);
        assertFalse(message.contains("execution environment") || message.contains("Gantry looks"), message);
    }
}
