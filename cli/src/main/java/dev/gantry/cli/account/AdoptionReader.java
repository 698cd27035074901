package dev.gantry.cli.account;

import dev.gantry.cli.base.Problem;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.port.Result;
import dev.gantry.operator.Adoption;
import dev.gantry.operator.Surroundings;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.autoscaling.model.AutoScalingGroup;
import software.amazon.awssdk.services.autoscaling.model.Instance;

/** Reads what an existing group is like that is to be adopted: it needs no deployment of Gantry yet. */
public final class AdoptionReader {
    private static final String DOCUMENT = "AWS-ApplyAnsiblePlaybooks";

    private final Account account;

    AdoptionReader(Account account) {
        this.account = account;
    }

    /** What could not be read of its instances' role is left out. */
    public Adoption read(FleetName name, String modules, String functionZip) {
        AutoScalingGroup group = Calls.said("DescribeAutoScalingGroups of group " + name, () -> account
                        .clients()
                        .autoScaling()
                        .describeAutoScalingGroups(request -> request.autoScalingGroupNames(name.value()))
                        .autoScalingGroups()
                        .stream()
                        .findFirst())
                .orElseThrow(() -> new Problem(
                        Problem.REFUSED,
                        "there is no Auto Scaling group " + name + " in "
                                + account.clients().region()));
        Optional<Surroundings.Profile> profile =
                Calls.tried(() -> profile(group)) instanceof Result.Ok<Optional<Surroundings.Profile>> ok
                        ? ok.value()
                        : Optional.empty();
        Adoption.Found found = new Adoption.Found(
                account.groupReader().launchHooks(name),
                group.warmPoolConfiguration() != null,
                profile.flatMap(Surroundings.Profile::name),
                profile.map(known -> List.copyOf(known.missing())).orElse(List.of()));
        return new Adoption(name, account.clients().region(), modules, functionZip, version(), found);
    }

    private String version() {
        return Calls.said("DescribeDocument of " + DOCUMENT, () -> account.clients()
                .ssm()
                .describeDocument(request -> request.name(DOCUMENT))
                .document()
                .latestVersion());
    }

    private Optional<Surroundings.Profile> profile(AutoScalingGroup group) {
        return group.instances().stream()
                .map(Instance::instanceId)
                .findFirst()
                .flatMap(
                        id ->
                                Calls.said("DescribeInstances of " + id, () -> account
                                        .clients()
                                        .ec2()
                                        .describeInstances(request -> request.instanceIds(id))
                                        .reservations()
                                        .stream()
                                        .flatMap(reservation -> reservation.instances().stream())
                                        .findFirst()))
                .map(instance -> instance.iamInstanceProfile())
                .map(found -> new ProfileReader(account.clients().iam()).read(found.arn()));
    }
}
