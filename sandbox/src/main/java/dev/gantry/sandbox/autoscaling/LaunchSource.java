package dev.gantry.sandbox.autoscaling;

import java.util.Optional;

/**
 * What a group launches from. A launch configuration brings instance type and user data. A launch template brings them where
 * the sandbox can ask for it; otherwise its name is taken for granted and only shown again.
 */
sealed interface LaunchSource {

    /** A launch configuration: never changed, so a group keeps what it says. */
    record Configuration(String name, String instanceType, String userData) implements LaunchSource {}

    /**
     * A launch template. AWS shows id and name, whichever of them was given; here the name stays empty where the id is not known.
     *
     * @param content as it was when the group was told of it; on AWS each launch reads {@code $Latest} and {@code $Default} anew
     */
    record Template(String id, Optional<String> name, String version, Optional<LaunchTemplates.Version> content)
            implements LaunchSource {

        /** An instance shows the version it was launched from: a number, never {@code $Latest} or {@code $Default}. */
        Template resolved() {
            return version.startsWith("$")
                    ? new Template(
                            id,
                            name,
                            content.map(LaunchTemplates.Version::number).orElse("1"),
                            content)
                    : this;
        }
    }
}
