package dev.gantry.operator;

import dev.gantry.launch.fleet.Document;
import dev.gantry.launch.fleet.Fleet;
import dev.gantry.launch.fleet.Policy;
import dev.gantry.launch.id.BundleId;
import dev.gantry.launch.port.Fleets;
import dev.gantry.launch.port.Result;
import dev.gantry.launch.release.Release;
import dev.gantry.launch.release.Suspension;
import dev.gantry.operator.Checkup.Described;
import dev.gantry.operator.Checkup.Group;
import dev.gantry.operator.Checkup.Hook;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Checks a fleet. Pure. */
public final class Doctor {
    private final Checkup.OfFleet fleet;
    private final String where;
    private final List<Finding> findings = new ArrayList<>();

    private Doctor(Checkup.OfFleet fleet) {
        this.fleet = fleet;
        this.where = "fleet " + fleet.name();
    }

    /** The findings about one fleet. */
    public static List<Finding> check(Checkup.OfFleet fleet) {
        Doctor doctor = new Doctor(fleet);
        doctor.settings();
        read(doctor.findings, "group " + fleet.name(), fleet.group(), doctor::group);
        return List.copyOf(doctor.findings);
    }

    /** Passes on what was read, or records that it was not read. */
    static <T> void read(List<Finding> findings, String where, Result<T> result, Consumer<T> then) {
        if (result instanceof Result.Ok<T> ok) {
            then.accept(ok.value());
        } else if (result instanceof Result.Err<T> err) {
            findings.add(Finding.unread(where, Errors.words(err.error())));
        }
    }

    private void settings() {
        read(findings, where, fleet.view(), view -> {
            if (view.isEmpty()) {
                wrong(
                        where,
                        "it has no settings",
                        "write fleets/" + fleet.name().encoded() + "/settings.json, by Terraform's module fleet");
                return;
            }
            view.get()
                    .trouble()
                    .ifPresentOrElse(
                            trouble -> wrong(
                                    where,
                                    trouble.message(),
                                    "repair what it names; waiting instances go on by themselves"),
                            () -> well(
                                    where,
                                    "settings and bundle can be used, mode "
                                            + view.get()
                                                    .fleet()
                                                    .policy()
                                                    .mode()
                                                    .name()
                                                    .toLowerCase(Locale.ROOT)));
            release(view.get());
            if (view.get().fleet().policy().mode() != Policy.Mode.UNKNOWN) {
                document(view.get().fleet().document());
            }
        });
    }

    private void release(Fleets.View view) {
        Release release = view.release();
        if (release.suspension() != Suspension.NONE) {
            wrong(
                    where,
                    "Gantry keeps it from launching: "
                            + release.breaker().suspendedFor().orElse("no reason was kept"),
                    "publish a fixed bundle, then: gantry lift "
                            + Shell.quoted(fleet.name().value()));
        }
        if (release.current().isEmpty()) {
            wrong(where, "nothing was published, so every launch waits", publish());
        } else if (release.launchable().isEmpty()) {
            BundleId bundle = release.current().get();
            wrong(
                    where,
                    "its current bundle " + bundle.brief() + " is quarantined: "
                            + release.quarantined().get(bundle),
                    publish());
        } else {
            well(where, "launches take bundle " + release.current().get().brief());
        }
    }

    private String publish() {
        return "gantry publish " + Shell.quoted(fleet.name().value());
    }

    private void document(Document wanted) {
        String name = "document " + wanted.name();
        read(findings, name, fleet.document(), found -> {
            if (found.isEmpty()) {
                wrong(
                        name,
                        "there is no version " + wanted.version() + " of it in this account and Region",
                        "create it, or correct document.name and document.version in the fleet's settings");
                return;
            }
            Described described = found.get();
            if (!described.status().equals("Active")) {
                wrong(name, "it is " + described.status(), "wait until it is Active, or create it anew");
            } else if (wanted.hash().isPresent() && !wanted.hash().equals(described.hash())) {
                wrong(
                        name,
                        "version " + wanted.version() + " has another hash than document.hash of the settings",
                        "find out who changed it; correct document.hash where the change was meant");
            } else {
                well(name, "version " + wanted.version() + " is there and active");
            }
        });
    }

    private void group(Optional<Group> found) {
        String name = "group " + fleet.name();
        if (found.isEmpty()) {
            wrong(
                    name,
                    "there is no Auto Scaling group of this name in this account and Region",
                    "create it, say another --region, or delete the fleet's settings");
            return;
        }
        processes(name, found.get().suspended());
        view().map(Fleets.View::fleet)
                .filter(settings -> settings.policy().mode() != Policy.Mode.UNKNOWN)
                .ifPresent(settings -> hooks(name, settings, found.get().hooks()));
    }

    private Optional<Fleets.View> view() {
        return fleet.view() instanceof Result.Ok<Optional<Fleets.View>> ok ? ok.value() : Optional.empty();
    }

    private void processes(String name, Map<String, String> suspended) {
        boolean isGantrys = view().filter(view -> view.release().suspension() != Suspension.NONE)
                .isPresent();
        for (String process : List.of("Launch", "Terminate")) {
            if (suspended.containsKey(process) && !(isGantrys && process.equals("Launch"))) {
                wrong(
                        name,
                        "its " + process + " process is suspended, and not by Gantry: " + suspended.get(process),
                        "aws autoscaling resume-processes --auto-scaling-group-name "
                                + Shell.quoted(fleet.name().value()) + " --scaling-processes " + process);
            }
        }
    }

    private void hooks(String name, Fleet settings, List<Hook> hooks) {
        Optional<Hook> own = hooks.stream()
                .filter(hook -> hook.name().equals(settings.hook()))
                .findFirst();
        if (own.isEmpty() || !own.get().isAtLaunch()) {
            wrong(
                    name,
                    own.isEmpty()
                            ? "it has no launch hook named " + settings.hook() + ": its instances pass unseen"
                            : "hook " + settings.hook() + " is no launch hook",
                    "terraform apply; if it was bypassed: scripts/bypass off --fleet "
                            + Shell.quoted(fleet.name().value()));
        } else {
            own(name, settings.policy(), own.get());
        }
        hooks.stream()
                .filter(hook -> hook.isAtLaunch() && !hook.name().equals(settings.hook()))
                .forEach(hook -> well(
                        name,
                        "another launch hook, " + hook.name()
                                + ", holds instances too: they enter service when both are" + " completed"));
    }

    private void own(String name, Policy policy, Hook hook) {
        boolean observes = policy.mode() == Policy.Mode.OBSERVE;
        String result = observes ? "CONTINUE" : "ABANDON";
        Duration heartbeat = policy.heartbeat();
        String mend = "terraform apply; if it was bypassed: scripts/bypass off --fleet "
                + Shell.quoted(fleet.name().value());
        boolean isRight = true;
        if (!hook.defaultResult().equals(result)) {
            isRight = false;
            wrong(
                    name,
                    "hook " + hook.name() + " has default result " + hook.defaultResult() + ", and mode "
                            + policy.mode().name().toLowerCase(Locale.ROOT) + " needs " + result,
                    mend);
        }
        // An observing fleet's hook has a short one of its own (rule 8).
        if (!observes && !hook.heartbeat().equals(heartbeat)) {
            isRight = false;
            wrong(
                    name,
                    "hook " + hook.name() + " has a heartbeat of "
                            + hook.heartbeat().toSeconds()
                            + " s, and heartbeatSeconds of the settings is " + heartbeat.toSeconds()
                            + (hook.heartbeat().compareTo(heartbeat) < 0
                                    ? ": it runs out before Gantry renews it"
                                    : ": an outage is borne longer than the settings say"),
                    mend);
        }
        if (isRight) {
            well(
                    name,
                    "hook " + hook.name() + ": default result " + hook.defaultResult() + ", heartbeat "
                            + hook.heartbeat().toSeconds() + " s");
        }
    }

    private void wrong(String place, String what, String mend) {
        findings.add(Finding.wrong(place, what, mend));
    }

    private void well(String place, String what) {
        findings.add(Finding.well(place, what));
    }
}
