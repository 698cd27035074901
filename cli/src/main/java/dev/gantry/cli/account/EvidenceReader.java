package dev.gantry.cli.account;

import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.port.Commands;
import dev.gantry.launch.port.Fleets;
import dev.gantry.launch.port.Groups.Member;
import dev.gantry.launch.port.Ledger;
import dev.gantry.launch.port.Result;
import dev.gantry.launch.stay.Agent;
import dev.gantry.launch.stay.Attempt;
import dev.gantry.launch.stay.Stay;
import dev.gantry.operator.Activity;
import dev.gantry.operator.Evidence;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Reads everything that is known about one instance: seven calls, most of them in parallel. */
public final class EvidenceReader {
    private final Account account;

    EvidenceReader(Account account) {
        this.account = account;
    }

    /** Does not fail because of one call: what could not be read is part of the answer. */
    public Evidence of(InstanceId instance) {
        var place = account.place();
        CompletableFuture<Result<Optional<Agent>>> agent = later(() ->
                Optional.ofNullable(account.agents().describe(List.of(instance)).get(instance)));
        Result<Optional<Member>> member = Calls.tried(() ->
                Optional.ofNullable(account.groups().describe(List.of(instance)).get(instance)));
        Result<Optional<FleetName>> found = fleet(instance, member);
        Optional<FleetName> fleet = found instanceof Result.Ok<Optional<FleetName>> ok ? ok.value() : Optional.empty();
        CompletableFuture<Result<Optional<Fleets.View>>> view =
                later(() -> fleet.flatMap(name -> account.fleetsOfBucket().find(name)));
        CompletableFuture<Result<List<Activity>>> activities =
                later(() -> fleet.map(name -> account.groupReader().activities(name, instance))
                        .orElse(List.of()));
        CompletableFuture<Result<List<String>>> hooks = later(
                () -> fleet.map(name -> account.groupReader().launchHooks(name)).orElse(List.of()));
        Result<Optional<Stay>> stay = found instanceof Result.Err<Optional<FleetName>> err
                ? new Result.Err<>(err.error())
                : fleet.map(name -> stay(name, instance)).orElseGet(() -> new Result.Ok<>(Optional.empty()));
        Result<Optional<Commands.Progress>> progress = Calls.tried(() -> progress(instance, stay));
        return new Evidence(
                instance,
                account.clock().instant(),
                account.deployment().takeover(),
                place,
                new Evidence.FromAutoScaling(member, activities.join(), hooks.join()),
                new Evidence.FromGantry(fleet, view.join(), stay),
                new Evidence.FromSystemsManager(agent.join(), progress));
    }

    /** The fleet that the instance is of, or was. */
    Result<Optional<FleetName>> fleetOf(InstanceId instance) {
        return fleet(
                instance,
                Calls.tried(() -> Optional.ofNullable(
                        account.groups().describe(List.of(instance)).get(instance))));
    }

    private static <T> CompletableFuture<Result<T>> later(Supplier<T> call) {
        return CompletableFuture.supplyAsync(() -> Calls.tried(call));
    }

    /** The instance's fleet. If the instance is in no group now, the ledger is read, one object for each fleet. */
    private Result<Optional<FleetName>> fleet(InstanceId instance, Result<Optional<Member>> member) {
        if (member instanceof Result.Ok<Optional<Member>> ok && ok.value().isPresent()) {
            return new Result.Ok<>(ok.value().map(Member::group));
        }
        return Calls.tried(() -> account.fleetsOfBucket().names().stream()
                .filter(name -> stay(name, instance) instanceof Result.Ok<Optional<Stay>> read
                        && read.value().isPresent())
                .findFirst());
    }

    private Result<Optional<Stay>> stay(FleetName fleet, InstanceId instance) {
        Map<InstanceId, Result<Ledger.Entry>> entries = account.ledger().load(fleet, List.of(instance));
        return stay(entries.get(instance));
    }

    /** The stay in the ledger's entry. */
    static Result<Optional<Stay>> stay(Result<Ledger.Entry> entry) {
        return entry instanceof Result.Ok<Ledger.Entry> ok
                ? new Result.Ok<>(ok.value().stay())
                : new Result.Err<>(((Result.Err<Ledger.Entry>) entry).error());
    }

    private Optional<Commands.Progress> progress(InstanceId instance, Result<Optional<Stay>> stay) {
        Optional<Attempt> run = stay instanceof Result.Ok<Optional<Stay>> ok
                ? ok.value().flatMap(Stay::lastAttempt).filter(Attempt::isUnderWay)
                : Optional.empty();
        return run.flatMap(attempt -> attempt.commandId().flatMap(command -> Optional.ofNullable(account.commands()
                        .progressOf(
                                List.of(new Commands.RunQuery(command, instance, attempt.claimedAt())),
                                Commands.Expected.ANYTHING)
                        .get(command))
                .map(byInstance -> byInstance.get(instance))));
    }
}
