package dev.gantry.sandbox.autoscaling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.sandbox.ec2.Ec2;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class LaunchConfigurationTest {
    private static final String SCRIPT = "#!/bin/sh\necho hello\n";

    private final Asg asg = new Asg();

    @Test
    void aGroupLaunchesWithItsConfigurationsTypeAndUserData() {
        create("blue", SCRIPT);
        asg.withGroup(0, 2, 0).group("UpdateAutoScalingGroup", "LaunchConfigurationName=blue");
        asg.desire(1).pass(5);
        Ec2.LaunchSpec spec = asg.ec2
                .find(asg.states().keySet().iterator().next())
                .orElseThrow()
                .spec();
        assertEquals(SCRIPT, spec.userData());
        assertEquals("t3.micro", spec.instanceType());
    }

    @Test
    void aConfigurationThatIsNotThereIsRefused() {
        asg.withGroup(0, 2, 0);
        String message = asg.groupFailing("UpdateAutoScalingGroup", "LaunchConfigurationName=none")
                .getMessage();
        assertTrue(message.contains("A launch configuration with the name: none does not exist"), message);
    }

    @Test
    void aNameIsUsedOnce() {
        create("blue", SCRIPT);
        assertEquals(
                "AlreadyExists",
                asg.failing("CreateLaunchConfiguration", "LaunchConfigurationName=blue")
                        .code());
    }

    @Test
    void aConfigurationInUseIsNotDeleted() {
        create("blue", SCRIPT);
        create("green", SCRIPT);
        asg.withGroup(0, 2, 0).group("UpdateAutoScalingGroup", "LaunchConfigurationName=blue");
        asg.call("DeleteLaunchConfiguration", "LaunchConfigurationName=green");
        assertEquals(
                "ResourceInUse",
                asg.failing("DeleteLaunchConfiguration", "LaunchConfigurationName=blue")
                        .code());
        assertTrue(asg.call("DescribeLaunchConfigurations").contains("<member><LaunchConfigurationName>blue<"));
    }

    @Test
    void userDataIsBase64() {
        assertEquals(
                "ValidationError",
                asg.failing(
                                "CreateLaunchConfiguration",
                                "LaunchConfigurationName=blue",
                                "ImageId=ami-1",
                                "InstanceType=t3.micro",
                                "UserData=A")
                        .code());
    }

    private void create(String name, String script) {
        asg.call(
                "CreateLaunchConfiguration",
                "LaunchConfigurationName=" + name,
                "ImageId=ami-0123456789abcdef0",
                "InstanceType=t3.micro",
                "UserData=" + Base64.getEncoder().encodeToString(script.getBytes(StandardCharsets.UTF_8)));
    }
}
