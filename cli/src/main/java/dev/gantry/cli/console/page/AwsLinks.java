package dev.gantry.cli.console.page;

import dev.gantry.operator.Explanation;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Pages of the AWS console about an instance: it, its group, its command, its objects. */
public final class AwsLinks {
    private final Setting setting;
    private final List<Link> links = new ArrayList<>();

    private AwsLinks(Setting setting) {
        this.setting = setting;
    }

    /** A page elsewhere. */
    public record Link(String words, String href) {}

    /** The links; none where it is not AWS that is asked. */
    public static List<Link> of(Explanation told, Setting setting) {
        if (!setting.isAws()) {
            return List.of();
        }
        AwsLinks links = new AwsLinks(setting);
        links.add("Instance", "ec2", "InstanceDetails:instanceId=" + told.instance());
        told.fleet()
                .ifPresent(fleet -> links.add(
                        "Auto Scaling group",
                        "ec2",
                        "AutoScalingGroupDetails:id=" + encoded(fleet.value()) + ";view=activity"));
        told.evidence().stream()
                .filter(exhibit -> exhibit.label().equals("command"))
                .forEach(exhibit -> links.links.add(new Link(
                        "Run Command",
                        links.home("systems-manager/run-command/" + encoded(exhibit.text()) + "/" + told.instance()))));
        String bucket = "s3://" + setting.bucket() + "/";
        told.evidence().stream()
                .filter(exhibit ->
                        exhibit.text().startsWith(bucket) && exhibit.text().endsWith(".json"))
                .forEach(exhibit -> links.links.add(new Link(
                        "S3: " + exhibit.label(),
                        links.home("s3/object/" + encoded(setting.bucket())) + "&prefix="
                                + encoded(exhibit.text().substring(bucket.length())))));
        return List.copyOf(links.links);
    }

    private void add(String words, String service, String fragment) {
        links.add(new Link(words, home(service + "/home") + "#" + fragment));
    }

    /** Regions of China and GovCloud have consoles of their own (AWS General Reference, partitions). */
    private String home(String path) {
        String region = encoded(setting.region());
        String domain = region.startsWith("cn-")
                ? "console.amazonaws.cn"
                : region.startsWith("us-gov-") ? "console.amazonaws-us-gov.com" : "console.aws.amazon.com";
        return "https://" + region + "." + domain + "/" + path + "?region=" + region;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
