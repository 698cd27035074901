package dev.gantry.cli.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.cli.console.page.AwsLinks;
import dev.gantry.cli.console.page.Setting;
import dev.gantry.operator.Explanation;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AwsLinksTest {
    private static final Explanation TOLD =
            new SampleWorld().instance(SampleWorld.id(46)).told();

    private static List<String> links(String region, boolean isAws) {
        return AwsLinks.of(TOLD, new Setting(region, "gantry-sample", isAws, "")).stream()
                .map(AwsLinks.Link::href)
                .toList();
    }

    @Test
    void theyLeadToTheInstanceItsGroupItsCommandAndItsRecord() {
        String home = "https://eu-central-1.console.aws.amazon.com/";
        String id = SampleWorld.id(46).value();

        assertEquals(
                List.of(
                        home + "ec2/home?region=eu-central-1#InstanceDetails:instanceId=" + id,
                        home + "ec2/home?region=eu-central-1#AutoScalingGroupDetails:id=web;view=activity",
                        home + "systems-manager/run-command/47fde68e-e8e8-421f-bbb5-895a86cec5d3/" + id
                                + "?region=eu-central-1",
                        home + "s3/object/gantry-sample?region=eu-central-1&prefix=launches%2Fweb%2F" + id + ".json"),
                links("eu-central-1", true));
    }

    @ParameterizedTest
    @CsvSource({
        "cn-north-1, https://cn-north-1.console.amazonaws.cn/",
        "us-gov-west-1, https://us-gov-west-1.console.amazonaws-us-gov.com/"
    })
    void otherPartitionsHaveConsolesOfTheirOwn(String region, String home) {
        assertTrue(links(region, true).stream().allMatch(link -> link.startsWith(home)));
    }

    @Test
    void aStandInHasNoConsole() {
        assertEquals(List.of(), links("eu-central-1", false));
    }
}
