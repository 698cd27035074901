package dev.gantry.sandbox.autoscaling;

import dev.gantry.sandbox.wire.AwsError;

/** The errors of the service, in AWS's codes and, where they are publicly quoted, in its words. */
final class Faults {
    private Faults() {}

    static AwsError validation(String message) {
        return AwsError.badRequest("ValidationError", message);
    }

    /** A member of the input that breaks its constraint, in the words of AWS's request validation. */
    static AwsError constraint(String value, String name, String rule) {
        String member = Character.toLowerCase(name.charAt(0)) + name.substring(1);
        return validation("1 validation error detected: Value " + value + " at '" + member
                + "' failed to satisfy constraint: Member must " + rule);
    }

    static AwsError groupNotFound(String name) {
        return validation("AutoScalingGroup name not found - AutoScalingGroup '" + name + "' not found");
    }

    static AwsError instanceNotFound(String id) {
        return validation("Instance Id not found - No managed instance found for instance ID: " + id);
    }

    static AwsError notInGroup(String id, String group) {
        return validation("The instance " + id + " is not part of Auto Scaling group " + group + ".");
    }

    static AwsError noActionForInstance(String id) {
        return validation("No active Lifecycle Action found with instance ID " + id);
    }

    static AwsError noActionForToken(String token) {
        return validation("No active Lifecycle Action found with token " + token);
    }

    static AwsError alreadyExists(String group) {
        return AwsError.badRequest(
                "AlreadyExists",
                "AutoScalingGroup by this name already exists - A group with the name " + group + " already exists");
    }

    static AwsError configurationExists(String name) {
        return AwsError.badRequest(
                "AlreadyExists",
                "Launch Configuration by this name already exists - A launch configuration already exists with the name "
                        + name);
    }

    static AwsError resourceInUse(String message) {
        return AwsError.badRequest("ResourceInUse", message);
    }

    static AwsError scalingActivityInProgress(String message) {
        return AwsError.badRequest("ScalingActivityInProgress", message);
    }

    static AwsError limitExceeded(String message) {
        return AwsError.badRequest("LimitExceeded", message);
    }

    static AwsError invalidNextToken(String token) {
        return AwsError.badRequest("InvalidNextToken", "The token '" + token + "' is invalid.");
    }

    static AwsError unknownAction(String action) {
        return AwsError.badRequest("InvalidAction", "Could not find operation " + action + " for version 2011-01-01");
    }
}
