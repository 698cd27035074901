package dev.gantry.sandbox.autoscaling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class MetricsTest {
    private static final String TOTAL = "<Metric>GroupTotalInstances</Metric><Granularity>1Minute</Granularity>";

    private final Asg asg = new Asg().withGroup(0, 2, 0);

    @Test
    void metricsThatAreEnabledAreShownUntilTheyAreDisabled() {
        asg.group("EnableMetricsCollection", "Granularity=1Minute", "Metrics.member.1=GroupTotalInstances");
        assertTrue(described().contains("<member>" + TOTAL), described());
        asg.group("DisableMetricsCollection", "Granularity=1Minute");
        assertFalse(described().contains("GroupTotalInstances"), described());
    }

    @Test
    void ifNoneIsNamedAllAreEnabled() {
        asg.group("EnableMetricsCollection", "Granularity=1Minute");
        assertTrue(described().contains(TOTAL), described());
        assertTrue(described().contains("WarmPoolTotalCapacity"), described());
    }

    @Test
    void anotherGranularityOrMetricIsRefused() {
        assertEquals(
                "ValidationError",
                asg.groupFailing("EnableMetricsCollection", "Granularity=5Minutes")
                        .code());
        assertEquals(
                "ValidationError",
                asg.groupFailing("EnableMetricsCollection", "Granularity=1Minute", "Metrics.member.1=Group")
                        .code());
    }

    private String described() {
        return asg.call("DescribeAutoScalingGroups");
    }
}
