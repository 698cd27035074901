package dev.gantry.cli.account;

import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.port.Commands;
import dev.gantry.launch.port.Fleets;
import dev.gantry.launch.port.Groups.Member;
import dev.gantry.launch.port.Result;
import dev.gantry.launch.stay.Agent;
import dev.gantry.launch.stay.Lifecycle;
import dev.gantry.launch.stay.Stay;
import dev.gantry.operator.Errors;
import dev.gantry.operator.Evidence;
import dev.gantry.operator.FleetLine;
import dev.gantry.operator.FleetLines;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** Reads fleets and their launches, in bounded calls: the groups 50 at a time, one object for each instance that waits. */
public final class FleetReader {
    /** Maximum number of launches on a screen; the rest is counted, and the number is shown. */
    public static final int MOST = 200;

    private final Account account;
    private final Fleets fleets;
    private final Map<FleetName, Result<Boolean>> suspended = new ConcurrentHashMap<>();

    FleetReader(Account account) {
        this.account = account;
        this.fleets = account.fleetsOfBucket();
    }

    /** Every fleet that has settings. */
    public Set<FleetName> names() {
        return fleets.names();
    }

    /** A line for each of these fleets. */
    public List<FleetLine> lines(Collection<FleetName> names) {
        Result<Map<FleetName, List<Member>>> members =
                Calls.tried(() -> account.groups().members(names));
        return names.stream().map(name -> line(name, of(members, name))).toList();
    }

    private FleetLine line(FleetName name, Result<Optional<List<Member>>> members) {
        List<InstanceId> waiting = value(members).orElse(List.of()).stream()
                .filter(FleetLines::waits)
                .map(Member::instance)
                .toList();
        Result<Boolean> suspended = value(members).isPresent() ? launchSuspended(name) : new Result.Ok<>(false);
        Instant midnight = account.clock().instant().truncatedTo(ChronoUnit.DAYS);
        return FleetLines.of(new FleetLines.Read(
                name,
                Calls.tried(() -> fleets.find(name)),
                members,
                stays(name, waiting),
                suspended,
                Calls.tried(() -> listing().abandonedSince(name, midnight))));
    }

    /** Read once for each group: a reader is used only as long as its cached settings are valid. */
    private Result<Boolean> launchSuspended(FleetName name) {
        return suspended.computeIfAbsent(
                name, group -> Calls.tried(() -> account.groups().isLaunchSuspended(group)));
    }

    private LedgerListing listing() {
        return new LedgerListing(account.clients().s3(), account.place().bucket());
    }

    /**
     * The launches of these fleets.
     *
     * @param launches those that wait, and those that ended since, newest first
     * @param notes what could not be read, and what was left out
     */
    public record Launches(List<Evidence> launches, List<String> notes) {}

    /** Those that wait now, and those whose record was written since the given time. */
    public Launches launches(Collection<FleetName> names, Instant since) {
        List<String> notes = new ArrayList<>();
        Map<FleetName, List<Member>> members = account.groups().members(names);
        List<Evidence> launches = new ArrayList<>();
        for (FleetName name : names) {
            launches.addAll(launches(name, members.getOrDefault(name, List.of()), since, notes));
        }
        return new Launches(launches, notes);
    }

    private List<Evidence> launches(FleetName fleet, List<Member> members, Instant since, List<String> notes) {
        Map<InstanceId, Member> byId =
                members.stream().collect(Collectors.toMap(Member::instance, member -> member, (one, other) -> one));
        List<InstanceId> waiting = members.stream()
                .filter(member -> isOnItsWay(member.state()))
                .map(Member::instance)
                .toList();
        List<LedgerListing.Written> records = listing().records(fleet);
        List<InstanceId> shown = new ArrayList<>(waiting);
        records.stream()
                .filter(written -> written.at().isAfter(since))
                .map(LedgerListing.Written::instance)
                .filter(new HashSet<>(waiting)::add)
                .forEach(shown::add);
        if (shown.size() > MOST) {
            notes.add("fleet " + fleet + ": " + (shown.size() - MOST) + " launches more than the " + MOST + " shown");
            shown = shown.subList(0, MOST);
        }
        Result<Optional<Fleets.View>> view = Calls.tried(() -> fleets.find(fleet));
        Map<InstanceId, Result<Optional<Stay>>> stays = stays(fleet, shown, records);
        Result<Map<InstanceId, Agent>> agents = agents(waiting, notes);
        Seen seen = new Seen(fleet, view, agents);
        return stays.entrySet().stream()
                .map(entry ->
                        evidence(seen, entry.getKey(), Optional.ofNullable(byId.get(entry.getKey())), entry.getValue()))
                .toList();
    }

    private static boolean isOnItsWay(String state) {
        Lifecycle lifecycle = Lifecycle.of(state);
        return lifecycle == Lifecycle.ARRIVING || lifecycle.gate().isPresent();
    }

    private Result<Map<InstanceId, Agent>> agents(List<InstanceId> waiting, List<String> notes) {
        Result<Map<InstanceId, Agent>> agents = Calls.tried(() -> waiting.isEmpty()
                ? Map.of()
                : account.agents().describe(waiting.subList(0, Math.min(MOST, waiting.size()))));
        if (agents instanceof Result.Err<Map<InstanceId, Agent>> err) {
            notes.add(Errors.words(err.error()));
        }
        return agents;
    }

    /** What all launches of a fleet share. */
    private record Seen(FleetName fleet, Result<Optional<Fleets.View>> view, Result<Map<InstanceId, Agent>> agents) {}

    private Evidence evidence(Seen seen, InstanceId id, Optional<Member> member, Result<Optional<Stay>> stay) {
        Result<Optional<Agent>> agent = seen.agents() instanceof Result.Ok<Map<InstanceId, Agent>> ok
                ? new Result.Ok<>(Optional.ofNullable(ok.value().get(id)))
                : new Result.Err<>(((Result.Err<Map<InstanceId, Agent>>) seen.agents()).error());
        List<String> hook = seen.view() instanceof Result.Ok<Optional<Fleets.View>> ok
                ? ok.value().map(view -> List.of(view.fleet().hook())).orElse(List.of())
                : List.of();
        return new Evidence(
                id,
                account.clock().instant(),
                account.deployment().takeover(),
                account.place(),
                new Evidence.FromAutoScaling(
                        new Result.Ok<>(member), new Result.Ok<>(List.of()), new Result.Ok<>(hook)),
                new Evidence.FromGantry(Optional.of(seen.fleet()), seen.view(), stay),
                new Evidence.FromSystemsManager(agent, new Result.Ok<>(Optional.<Commands.Progress>empty())));
    }

    private Map<InstanceId, Result<Optional<Stay>>> stays(FleetName fleet, List<InstanceId> instances) {
        if (instances.isEmpty()) {
            return Map.of();
        }
        Result<List<LedgerListing.Written>> records =
                Calls.tried(() -> listing().records(fleet));
        if (records instanceof Result.Err<List<LedgerListing.Written>> err) {
            return instances.stream().collect(Collectors.toMap(id -> id, id -> new Result.Err<>(err.error())));
        }
        return stays(fleet, instances, ((Result.Ok<List<LedgerListing.Written>>) records).value());
    }

    private Map<InstanceId, Result<Optional<Stay>>> stays(
            FleetName fleet, List<InstanceId> instances, List<LedgerListing.Written> records) {
        Map<InstanceId, String> versions = new HashMap<>();
        records.forEach(record -> versions.put(record.instance(), record.version()));
        return account.knownStays().load(account.ledger(), fleet, instances, versions);
    }

    private static Result<Optional<List<Member>>> of(Result<Map<FleetName, List<Member>>> members, FleetName name) {
        return members instanceof Result.Ok<Map<FleetName, List<Member>>> ok
                ? new Result.Ok<>(Optional.ofNullable(ok.value().get(name)))
                : new Result.Err<>(((Result.Err<Map<FleetName, List<Member>>>) members).error());
    }

    private static <T> Optional<T> value(Result<Optional<T>> result) {
        return result instanceof Result.Ok<Optional<T>> ok ? ok.value() : Optional.empty();
    }
}
