package dev.gantry.sandbox.autoscaling;

import java.util.Optional;

/**
 * What a group launches from. The sandbox has no EC2 API, so a launch template's name is taken for granted and only shown
 * again; a launch configuration brings instance type and user data.
 */
sealed interface LaunchSource {

    /** A launch configuration: never changed, so a group keeps what it says. */
    record Configuration(String name, String instanceType, String userData) implements LaunchSource {}

    /** A launch template; AWS shows id and name whichever was given, here the name stays empty for an id. */
    record Template(String id, Optional<String> name, String version) implements LaunchSource {

        /** An instance shows the version it was launched from: a number, never {@code $Latest} or {@code $Default}. */
        Template resolved() {
            return version.startsWith("$") ? new Template(id, name, "1") : this;
        }
    }
}
