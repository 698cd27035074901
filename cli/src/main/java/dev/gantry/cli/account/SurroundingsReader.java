package dev.gantry.cli.account;

import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.port.Result;
import dev.gantry.operator.Guarded;
import dev.gantry.operator.Surroundings;
import dev.gantry.operator.Surroundings.Out;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ec2.model.AccountAttribute;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.GroupIdentifier;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceMetadataEndpointState;
import software.amazon.awssdk.services.ec2.model.IpPermission;
import software.amazon.awssdk.services.ec2.model.Route;
import software.amazon.awssdk.services.ec2.model.RouteState;
import software.amazon.awssdk.services.ec2.model.RouteTable;
import software.amazon.awssdk.services.ec2.model.SecurityGroup;
import software.amazon.awssdk.services.ec2.model.SecurityGroupIdentifier;
import software.amazon.awssdk.services.ec2.model.VpcEndpoint;

/** Reads where an instance lives: machine, subnet's way out, security groups, endpoints, console. */
final class SurroundingsReader {
    private static final int HTTPS = 443;
    private static final int LAST_LINES = 3;
    private static final Set<String> ANYWHERE = Set.of("0.0.0.0/0", "::/0");

    private final Account account;
    private final InstanceId instance;

    SurroundingsReader(Account account, InstanceId instance) {
        this.account = account;
        this.instance = instance;
    }

    Surroundings read() {
        Result<Optional<Instance>> machine = Calls.tried(this::machine);
        Optional<Instance> known = machine instanceof Result.Ok<Optional<Instance>> ok ? ok.value() : Optional.empty();
        return new Surroundings(
                new Surroundings.Where(instance.value(), account.clients().region()),
                machine instanceof Result.Ok<Optional<Instance>> ok
                        ? new Result.Ok<>(ok.value().map(SurroundingsReader::shown))
                        : new Result.Err<>(((Result.Err<Optional<Instance>>) machine).error()),
                Calls.tried(() -> known.map(Instance::iamInstanceProfile)
                        .map(profile -> new ProfileReader(account.clients().iam()).read(profile.arn()))),
                Calls.tried(() -> known.map(this::way).orElse(new Surroundings.Way(Out.OTHER, "unknown", false))),
                Calls.tried(() -> known.map(this::walls).orElse(new Surroundings.Walls(List.of(), true))),
                Calls.tried(() -> known.map(this::endpoints).orElse(List.of())),
                Calls.tried(this::lastWords),
                Calls.tried(this::addresses));
    }

    private Optional<Instance> machine() {
        return Calls.said("DescribeInstances of " + instance, () -> {
            try {
                return account
                        .clients()
                        .ec2()
                        .describeInstances(request -> request.instanceIds(instance.value()))
                        .reservations()
                        .stream()
                        .flatMap(reservation -> reservation.instances().stream())
                        .findFirst();
            } catch (Ec2Exception e) {
                if (e.awsErrorDetails().errorCode().startsWith("InvalidInstanceID")) {
                    return Optional.empty();
                }
                throw e;
            }
        });
    }

    private static Surroundings.Machine shown(Instance found) {
        return new Surroundings.Machine(
                found.state().nameAsString(),
                String.valueOf(found.subnetId()),
                String.valueOf(found.vpcId()),
                found.publicIpAddress() != null,
                found.metadataOptions() == null
                        || found.metadataOptions().httpEndpoint() != InstanceMetadataEndpointState.DISABLED);
    }

    /** The table that the subnet names, else the VPC's main one (VPC user guide, "Subnet route tables"). */
    private Surroundings.Way way(Instance found) {
        return Calls.said("DescribeRouteTables of VPC " + found.vpcId(), () -> {
            List<RouteTable> tables = account.clients()
                    .ec2()
                    .describeRouteTables(request -> request.filters(Filter.builder()
                            .name("vpc-id")
                            .values(found.vpcId())
                            .build()))
                    .routeTables();
            RouteTable table = tables.stream()
                    .filter(one -> one.associations().stream()
                            .anyMatch(a -> found.subnetId().equals(a.subnetId())))
                    .findFirst()
                    .or(() -> tables.stream()
                            .filter(one -> one.associations().stream().anyMatch(a -> Boolean.TRUE.equals(a.main())))
                            .findFirst())
                    .orElseThrow();
            Optional<Route> way = table.routes().stream()
                    .filter(route -> "0.0.0.0/0".equals(route.destinationCidrBlock()))
                    .findFirst();
            boolean isBlackhole =
                    way.filter(route -> route.state() == RouteState.BLACKHOLE).isPresent();
            return new Surroundings.Way(
                    way.map(SurroundingsReader::out).orElse(Out.NONE), table.routeTableId(), isBlackhole);
        });
    }

    private static Out out(Route route) {
        return route.gatewayId() != null && route.gatewayId().startsWith("igw-") ? Out.INTERNET_GATEWAY : Out.OTHER;
    }

    private Surroundings.Walls walls(Instance found) {
        List<String> ids =
                found.securityGroups().stream().map(GroupIdentifier::groupId).toList();
        boolean letsOut = groups(ids).stream()
                .flatMap(group -> group.ipPermissionsEgress().stream())
                .anyMatch(SurroundingsReader::coversHttps);
        return new Surroundings.Walls(ids, letsOut);
    }

    private List<SecurityGroup> groups(List<String> ids) {
        return ids.isEmpty()
                ? List.of()
                : Calls.said("DescribeSecurityGroups " + ids, () -> account.clients()
                        .ec2()
                        .describeSecurityGroups(request -> request.groupIds(ids))
                        .securityGroups());
    }

    /** Protocol -1 is every protocol and port (API_IpPermission). */
    private static boolean coversHttps(IpPermission permission) {
        if ("-1".equals(permission.ipProtocol())) {
            return true;
        }
        return "tcp".equals(permission.ipProtocol()) && permission.fromPort() <= HTTPS && permission.toPort() >= HTTPS;
    }

    private List<Surroundings.Endpoint> endpoints(Instance found) {
        return Calls.said("DescribeVpcEndpoints of VPC " + found.vpcId(), () -> account.clients()
                        .ec2()
                        .describeVpcEndpoints(request -> request.filters(Filter.builder()
                                .name("vpc-id")
                                .values(found.vpcId())
                                .build()))
                        .vpcEndpoints())
                .stream()
                .filter(endpoint -> "Interface".equals(endpoint.vpcEndpointTypeAsString()))
                .map(endpoint -> endpoint(found, endpoint))
                .toList();
    }

    private Surroundings.Endpoint endpoint(Instance found, VpcEndpoint endpoint) {
        List<String> ids =
                endpoint.groups().stream().map(SecurityGroupIdentifier::groupId).toList();
        boolean letsIn = ids.isEmpty()
                || groups(ids).stream()
                        .flatMap(group -> group.ipPermissions().stream())
                        .anyMatch(permission -> coversHttps(permission) && isFrom(found, permission));
        String name = endpoint.serviceName();
        return new Surroundings.Endpoint(
                endpoint.vpcEndpointId(),
                name.substring(name.lastIndexOf('.') + 1),
                endpoint.stateAsString(),
                Boolean.TRUE.equals(endpoint.privateDnsEnabled()),
                letsIn);
    }

    private static boolean isFrom(Instance found, IpPermission permission) {
        Set<String> own = new TreeSet<>(
                found.securityGroups().stream().map(GroupIdentifier::groupId).toList());
        return permission.userIdGroupPairs().stream().anyMatch(pair -> own.contains(pair.groupId()))
                || permission.ipRanges().stream()
                        .anyMatch(range -> ANYWHERE.contains(range.cidrIp())
                                || Cidr.contains(range.cidrIp(), found.privateIpAddress()));
    }

    private List<String> lastWords() {
        String output = Calls.said("GetConsoleOutput of " + instance, () -> Optional.ofNullable(account.clients()
                        .ec2()
                        .getConsoleOutput(
                                request -> request.instanceId(instance.value()).latest(true))
                        .output())
                .orElse(""));
        List<String> about = lines(output)
                .filter(line -> line.contains("ssm-agent") || line.contains("SSM Agent"))
                .map(line -> line.replaceAll("\\p{Cntrl}", " ").strip())
                .toList();
        return about.subList(Math.max(0, about.size() - LAST_LINES), about.size());
    }

    /** It comes in base64 (API_GetConsoleOutput). */
    private static Stream<String> lines(String output) {
        try {
            return new String(Base64.getMimeDecoder().decode(output), StandardCharsets.UTF_8).lines();
        } catch (IllegalArgumentException isPlain) {
            return output.lines();
        }
    }

    /** A NAT gateway needs one. */
    private Guarded.Quota addresses() {
        return Calls.said("DescribeAddresses", () -> {
            long used = account.clients().ec2().describeAddresses().addresses().size();
            long limit = account.clients().ec2().describeAccountAttributes().accountAttributes().stream()
                    .filter(attribute -> "vpc-max-elastic-ips".equals(attribute.attributeName()))
                    .map(AccountAttribute::attributeValues)
                    .flatMap(List::stream)
                    .mapToLong(value -> Long.parseLong(value.attributeValue()))
                    .findFirst()
                    .orElse(Long.MAX_VALUE);
            return new Guarded.Quota(
                    "Elastic IP addresses",
                    used,
                    limit,
                    1,
                    "release one that nothing uses, or raise the quota \"EC2-VPC Elastic IPs\"");
        });
    }
}
