package dev.gantry.cli.console;

import dev.gantry.cli.console.page.Doctored;
import dev.gantry.cli.console.page.FleetSeen;
import dev.gantry.cli.console.page.InstanceSeen;
import dev.gantry.cli.console.page.Setting;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.operator.FleetLine;
import java.util.List;
import java.util.Optional;

/** What the console reads. Each answer is read again; a call without any answer throws. */
public interface Source {
    /** Where this deployment is. */
    Setting setting();

    /** Every fleet. */
    List<FleetLine> fleets();

    /** A fleet with its launches and bundles; empty where there is none of this name. */
    Optional<FleetSeen> fleet(FleetName name);

    /** What is known of an instance. */
    InstanceSeen instance(InstanceId id);

    /** The doctor's findings about the deployment and every fleet. */
    Doctored doctor();

    /** How many calls were made to AWS so far. */
    long calls();
}
