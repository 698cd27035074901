package dev.gantry.sandbox.autoscaling;

import java.util.Optional;

/** The launch templates that groups name. They belong to EC2: Auto Scaling only reads them. */
public interface LaunchTemplates {
    /** An account without EC2: every name is taken for granted, and says nothing. */
    LaunchTemplates NONE = (id, name, version) -> Optional.empty();

    /** The version of a template, as a group names it: by id or by name, and by number, {@code $Latest} or {@code $Default}. */
    Optional<Version> find(Optional<String> id, Optional<String> name, String version);

    /**
     * A version of a launch template.
     *
     * @param number never {@code $Latest} or {@code $Default}
     * @param userData decoded
     * @param role the role of its instance profile, if it names one
     */
    record Version(
            String id, String name, String number, String instanceType, String userData, Optional<String> role) {}
}
