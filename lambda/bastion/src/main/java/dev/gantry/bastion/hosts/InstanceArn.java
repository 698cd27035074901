package dev.gantry.bastion.hosts;

import dev.gantry.launch.id.InstanceId;
import java.util.Optional;

/**
 * The ARNs of one account's instances in one Region, as {@code ec2:SourceInstanceARN} has them (IAM user guide, "Available
 * global condition keys"): {@code arn:<partition>:ec2:<region>:<account>:instance/<id>}.
 */
public record InstanceArn(String region, String account) {

    public InstanceArn {
        if (!account.matches("[0-9]{12}")) {
            throw new IllegalArgumentException("not an account's id: '" + account + "' (expected 12 digits)");
        }
    }

    public String of(InstanceId instance) {
        return prefix() + instance.value();
    }

    /** The instance that an ARN names, if it is of this account and Region. */
    public Optional<InstanceId> instance(String arn) {
        return Optional.of(arn)
                .filter(text -> text.startsWith(prefix()))
                .map(text -> text.substring(prefix().length()))
                .filter(InstanceId::isOne)
                .map(InstanceId::new);
    }

    private String prefix() {
        return "arn:" + partition() + ":ec2:" + region + ":" + account + ":instance/";
    }

    /** By the Region's name, as in the endpoint rules of every SDK (botocore, partitions.json). */
    private String partition() {
        if (region.startsWith("cn-")) {
            return "aws-cn";
        }
        return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
    }
}
