package dev.gantry.launch.reconcile;

import dev.gantry.launch.fleet.Fleet;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.fleet.Policy;
import dev.gantry.launch.port.Fleets;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The names of the fleets' hooks, as this execution environment knew them last. While a fleet's settings cannot be read its
 * instances are kept alive at the hook that an event names (the queue's rules match our hooks alone), else at the one that was
 * known, else at {@link Fleet#DEFAULT_HOOK}. A fresh environment whose sweep finds broken settings of a fleet with another hook
 * knows none of it: such an instance is kept by its own message only.
 */
final class LastKnownHookNames {
    private final Map<FleetName, String> known = new TreeMap<>();

    /** The view as it was read; without settings, with the best known name of the hook. */
    Fleets.View named(Fleets.View view, Collection<Look> looks) {
        Fleet fleet = view.fleet();
        if (fleet.policy().mode() != Policy.Mode.UNKNOWN) {
            known.put(fleet.name(), fleet.hook());
            return view;
        }
        Optional<String> told =
                looks.stream().flatMap(look -> look.hook().stream()).findFirst();
        told.ifPresent(hook -> known.put(fleet.name(), hook));
        String hook = known.getOrDefault(fleet.name(), fleet.hook());
        return new Fleets.View(fleet.atHook(hook), view.release(), view.trouble());
    }
}
