package dev.gantry.operator;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.launch.error.GantryException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What AwsErrors says to the functions' log, said to a person. */
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
        String told = Errors.words(new GantryException.Retryable(said, null));

        assertTrue(told.contains(words), told);
        assertFalse(told.contains("execution environment") || told.contains("Gantry looks"), told);
    }
}
