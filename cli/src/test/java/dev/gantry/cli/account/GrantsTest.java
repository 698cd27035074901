package dev.gantry.cli.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GrantsTest {
    private static final String ACTION = "ssm:UpdateInstanceInformation";

    private static String policy(String effect, String action) {
        return "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"" + effect + "\",\"Action\":" + action
                + ",\"Resource\":\"*\"}]}";
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"ssm:UpdateInstanceInformation\" | true",
                "\"SSM:updateinstanceinformation\" | true",
                "[\"s3:GetObject\",\"ssm:Update*\"] | true",
                "\"ssm:UpdateInstanceInformatio?\" | true",
                "\"*\" | true",
                "\"ssm:Describe*\" | false",
                "[] | false",
            })
    void anActionMatchesAsIamMatchesIt(String action, boolean allowed) {
        assertEquals(allowed, Grants.allow(ACTION, List.of(policy("Allow", action))));
    }

    @Test
    void aDenyOfEverythingCounts() {
        assertFalse(Grants.allow(ACTION, List.of(policy("Allow", "\"*\""), policy("Deny", "\"ssm:*\""))));
    }

    @Test
    void whatIamEncodesIsDecoded() {
        String encoded = URLEncoder.encode(policy("Allow", "\"ssm:*\""), StandardCharsets.UTF_8);
        assertTrue(Grants.allow(ACTION, List.of(encoded)));
        assertTrue(Grants.allow(
                ACTION, List.of("{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"ssm:*\",\"Resource\":\"*\"}}")));
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/16, 10.0.255.1, true",
        "10.0.0.0/16, 10.1.0.1, false",
        "0.0.0.0/0, 203.0.113.7, true",
        "10.0.0.5/32, 10.0.0.5, true",
        "nonsense, 10.0.0.5, false",
        "10.0.0.0/16, , false"
    })
    void aRangeHasItsAddresses(String range, String address, boolean has) {
        assertEquals(has, Cidr.contains(range, address));
    }
}
