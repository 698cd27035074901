package dev.gantry.cli.console;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gantry.cli.console.page.Scale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScaleTest {
    @ParameterizedTest
    @CsvSource({"0,0.00%", "0.004,0.00%", "0.005,0.01%", "0.35,0.35%", "7.1,7.10%", "33.333,33.33%", "99.999,100.00%"})
    void aPercentageHasTwoDigits(double value, String attribute) {
        assertEquals(attribute, Scale.percent(value));
    }
}
