package dev.gantry.aws;

import java.util.Map;

/**
 * What the host names of a Region's services end with.
 *
 * <p>The SDK knows it, too, and loads the 314 classes of its metadata of all services with it. A test compares this table with
 * the SDK's for every Region. Source: botocore's {@code partitions.json}.
 */
final class DnsSuffix {
    /** By the beginnings of the Regions' names; a Region with none of them is in the partition {@code aws}. */
    private static final Map<String, String> OTHERS = Map.of(
            "cn-", "amazonaws.com.cn",
            "us-iso-", "c2s.ic.gov",
            "us-isob-", "sc2s.sgov.gov",
            "us-isof-", "csp.hci.ic.gov",
            "eu-isoe-", "cloud.adc-e.uk",
            "eusc-", "amazonaws.eu");

    private DnsSuffix() {}

    static String of(String region) {
        return OTHERS.entrySet().stream()
                .filter(entry -> region.startsWith(entry.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("amazonaws.com");
    }
}
