package dev.gantry.operator;

import dev.gantry.launch.port.Result;
import dev.gantry.operator.Surroundings.Endpoint;
import dev.gantry.operator.Surroundings.Machine;
import dev.gantry.operator.Surroundings.Out;
import dev.gantry.operator.Surroundings.Profile;
import dev.gantry.operator.Surroundings.Walls;
import dev.gantry.operator.Surroundings.Way;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Finds what keeps an agent from Systems Manager: state, role, metadata, the way out, security groups, endpoints (Systems
 * Manager user guide, "Troubleshooting managed node availability", and "VPC endpoints"). Pure.
 */
public final class NetworkDoctor {
    /** Without these two services no agent registers, and none hears of a command. */
    private static final List<String> SERVICES = List.of("ssm", "ssmmessages");

    private final Surroundings seen;
    private final String where;
    private final List<Finding> findings = new ArrayList<>();

    private NetworkDoctor(Surroundings seen) {
        this.seen = seen;
        this.where = "instance " + seen.where().instance();
    }

    /** The findings about an instance whose agent is away. */
    public static List<Finding> check(Surroundings seen) {
        NetworkDoctor doctor = new NetworkDoctor(seen);
        Doctor.read(doctor.findings, doctor.where, seen.machine(), doctor::machine);
        Doctor.read(doctor.findings, doctor.where + "'s role", seen.profile(), doctor::profile);
        Doctor.read(doctor.findings, doctor.where + "'s security groups", seen.walls(), doctor::walls);
        doctor.way();
        Doctor.read(
                doctor.findings, "quotas", seen.addresses(), quota -> doctor.findings.add(GuardDoctor.finding(quota)));
        Doctor.read(doctor.findings, doctor.where + "'s console", seen.lastWords(), doctor::lastWords);
        return List.copyOf(doctor.findings);
    }

    private void machine(Optional<Machine> found) {
        if (found.isEmpty()) {
            wrong(where, "EC2 knows no such instance in this account and Region", "say another --region or --profile");
            return;
        }
        if (!found.get().state().equals("running")) {
            wrong(where, "it is " + found.get().state(), "an agent needs a running instance: find out what stopped it");
        }
        if (!found.get().hasMetadata()) {
            wrong(
                    where,
                    "its metadata service is disabled, so its agent gets no credentials",
                    "aws ec2 modify-instance-metadata-options --http-endpoint enabled --instance-id "
                            + seen.where().instance() + "; and mend the launch template");
        }
    }

    private void profile(Optional<Profile> found) {
        if (found.isEmpty()) {
            wrong(
                    where,
                    "it has no instance profile, so its agent has no credentials (unless Default Host Management is on)",
                    "give the launch template an instance profile whose role has AmazonSSMManagedInstanceCore; a new"
                            + " instance has it, or: aws ec2 associate-iam-instance-profile");
        } else if (found.get().name().isEmpty()) {
            wrong(
                    "instance profile " + found.get().profile(),
                    "it has no role",
                    "aws iam add-role-to-instance-profile --instance-profile-name "
                            + found.get().profile() + " --role-name ROLE");
        } else if (!found.get().missing().isEmpty()) {
            String role = found.get().name().get();
            wrong(
                    "role " + role,
                    "none of its policies allows "
                            + String.join(", ", new TreeSet<>(found.get().missing())),
                    "aws iam attach-role-policy --role-name " + role
                            + " --policy-arn arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore; then restart the"
                            + " agent");
        } else {
            well("role " + found.get().name().get(), "allows what the agent needs");
        }
    }

    private void walls(Walls walls) {
        String name = "security groups " + String.join(", ", walls.groups());
        if (walls.letsHttpsOut()) {
            well(name, "let HTTPS out");
        } else {
            wrong(name, "no egress rule lets TCP 443 out", "add one to 0.0.0.0/0, or to the endpoints' security group");
        }
    }

    /** Endpoints serve where there is no way to the internet; they come first where they have private DNS. */
    private void way() {
        List<Endpoint> endpoints = seen.endpoints() instanceof Result.Ok<List<Endpoint>> ok ? ok.value() : List.of();
        boolean isServed = SERVICES.stream().allMatch(service -> endpoints.stream()
                .anyMatch(endpoint -> endpoint.service().equals(service)));
        endpoints.stream().filter(e -> SERVICES.contains(e.service())).forEach(this::endpoint);
        if (isServed) {
            return;
        }
        Doctor.read(findings, where + "'s subnet", seen.way(), way -> way(way, endpoints));
    }

    private void endpoint(Endpoint endpoint) {
        String name = "endpoint " + endpoint.id() + " (" + endpoint.service() + ")";
        if (!endpoint.state().equalsIgnoreCase("available")) {
            wrong(name, "it is " + endpoint.state(), "wait until it is available, or make it anew");
        } else if (!endpoint.hasPrivateDns()) {
            wrong(
                    name,
                    "it has no private DNS, so the agent does not find it",
                    "aws ec2 modify-vpc-endpoint --private-dns-enabled --vpc-endpoint-id " + endpoint.id());
        } else if (!endpoint.letsIn()) {
            wrong(
                    name,
                    "its security groups do not let the instance in on TCP 443",
                    "add an ingress rule for its group");
        } else {
            well(name, "available, with private DNS, and lets the instance in");
        }
    }

    private void way(Way way, List<Endpoint> endpoints) {
        List<String> lacking = SERVICES.stream()
                .filter(service -> endpoints.stream()
                        .noneMatch(endpoint -> endpoint.service().equals(service)))
                .toList();
        String name = "route table " + way.table();
        String mend =
                "give the subnet a way to the internet (a NAT gateway), or the VPC interface endpoints with private"
                        + " DNS for com.amazonaws." + seen.where().region() + "." + String.join(" and ", lacking);
        if (way.isBlackhole()) {
            wrong(name, "its default route leads to what is gone (blackhole)", mend);
        } else if (way.out() == Out.NONE) {
            wrong(name, "it has no default route, and its VPC no endpoint for " + String.join(", ", lacking), mend);
        } else if (way.out() == Out.INTERNET_GATEWAY && isWithoutAddress()) {
            wrong(
                    name,
                    "it leads to an internet gateway, and the instance has no public address",
                    "let the subnet give public addresses (launch template, or map-public-ip-on-launch); or " + mend);
        } else {
            well(name, "leads out");
        }
    }

    private boolean isWithoutAddress() {
        return seen.machine() instanceof Result.Ok<Optional<Machine>> ok
                && ok.value().filter(machine -> !machine.hasPublicAddress()).isPresent();
    }

    private void lastWords(List<String> lines) {
        well(
                where + "'s console",
                lines.isEmpty()
                        ? "says nothing about the agent: is it in the image?"
                        : "its last words about the agent: " + String.join(" | ", lines));
    }

    private void wrong(String place, String what, String mend) {
        findings.add(Finding.wrong(place, what, mend));
    }

    private void well(String place, String what) {
        findings.add(Finding.well(place, what));
    }
}
