package dev.gantry.sandbox.ec2;

import dev.gantry.sandbox.ssm.Json;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/**
 * What the metadata service tells an instance about itself. It has no tags: AWS shows them only if that is switched on.
 *
 * @param account twelve digits
 * @param profileName the instance profile; the service tells its id and not the role's
 * @param credentials the role's temporary credentials for an instance
 */
public record MetadataTree(
        String account,
        String region,
        String profileName,
        BiFunction<String, Ec2.LaunchSpec, RoleCredentials> credentials) {
    private static final String DATA = "/latest/meta-data/";
    private static final String IMAGE = "ami-00000000000000000";

    /** The text at a path, or the listing of a folder; empty where there is nothing. */
    Optional<String> read(String path, Ec2.Instance instance, Instant now) {
        Map<String, String> leaves = leaves(instance, now);
        Optional<String> leaf = Optional.ofNullable(leaves.get(path));
        if (leaf.isPresent()) {
            return leaf;
        }
        String folder = path.endsWith("/") ? path : path + "/";
        TreeSet<String> names = leaves.keySet().stream()
                .filter(name -> name.startsWith(folder))
                .map(name -> firstPart(name.substring(folder.length())))
                .collect(Collectors.toCollection(TreeSet::new));
        return names.isEmpty() ? Optional.empty() : Optional.of(String.join("\n", names));
    }

    private static String firstPart(String name) {
        int slash = name.indexOf('/');
        return slash < 0 ? name : name.substring(0, slash + 1);
    }

    private Map<String, String> leaves(Ec2.Instance instance, Instant now) {
        RoleCredentials role = credentials.apply(instance.id(), instance.spec());
        String host = "ip-" + instance.privateIp().replace('.', '-') + "." + region + ".compute.internal";
        Map<String, String> leaves = new TreeMap<>();
        leaves.put(DATA + "ami-id", IMAGE);
        leaves.put(DATA + "hostname", host);
        leaves.put(DATA + "instance-id", instance.id());
        leaves.put(DATA + "instance-life-cycle", "on-demand");
        leaves.put(DATA + "instance-type", instance.spec().instanceType());
        leaves.put(DATA + "local-hostname", host);
        leaves.put(DATA + "local-ipv4", instance.privateIp());
        leaves.put(DATA + "placement/availability-zone", instance.spec().availabilityZone());
        leaves.put(DATA + "placement/region", region);
        leaves.put(DATA + "services/domain", "amazonaws.com");
        leaves.put(DATA + "services/partition", "aws");
        leaves.put(DATA + "iam/info", iamInfo(now));
        leaves.put(DATA + "iam/security-credentials/" + role.roleName(), credentials(role, now));
        leaves.put("/latest/dynamic/instance-identity/document", identity(instance));
        if (!instance.spec().userData().isEmpty()) {
            leaves.put("/latest/user-data", instance.spec().userData());
        }
        return leaves;
    }

    private String iamInfo(Instant now) {
        return Json.object()
                .put("Code", "Success")
                .put("LastUpdated", time(now))
                .put("InstanceProfileArn", "arn:aws:iam::" + account + ":instance-profile/" + profileName)
                .put("InstanceProfileId", "AIPA0000000000SANDBOX")
                .toPrettyString();
    }

    private static String credentials(RoleCredentials role, Instant now) {
        return Json.object()
                .put("Code", "Success")
                .put("LastUpdated", time(now))
                .put("Type", "AWS-HMAC")
                .put("AccessKeyId", role.accessKeyId())
                .put("SecretAccessKey", role.secretAccessKey())
                .put("Token", role.sessionToken())
                .put("Expiration", time(role.expiration()))
                .toPrettyString();
    }

    private String identity(Ec2.Instance instance) {
        return Json.object()
                .put("accountId", account)
                .put("architecture", System.getProperty("os.arch").equals("aarch64") ? "arm64" : "x86_64")
                .put("availabilityZone", instance.spec().availabilityZone())
                .put("imageId", IMAGE)
                .put("instanceId", instance.id())
                .put("instanceType", instance.spec().instanceType())
                .put("privateIp", instance.privateIp())
                .put("region", region)
                .put("version", "2017-09-30")
                .toPrettyString();
    }

    private static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
