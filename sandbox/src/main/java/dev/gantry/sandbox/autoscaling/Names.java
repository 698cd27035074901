package dev.gantry.sandbox.autoscaling;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Names, ids and page sizes as the model bounds them. */
final class Names {
    /** ASCII 33 to 126, no colon (API_CreateAutoScalingGroup). */
    private static final Pattern NEW_GROUP = Pattern.compile("[!-9;-~]+");

    private static final Pattern HOOK = Pattern.compile("[A-Za-z0-9\\-_\\/]+");
    private static final int LONGEST = 255;

    /** EnterStandby, ExitStandby and DetachInstances take so many ids. */
    private static final int MAX_MOVED = 20;

    private Names() {}

    static String newGroup(Query query) {
        return query.required("AutoScalingGroupName", 1, LONGEST, NEW_GROUP);
    }

    static String group(Query query) {
        return query.required("AutoScalingGroupName", 1, LONGEST);
    }

    static String hook(Query query) {
        return query.required("LifecycleHookName", 1, LONGEST, HOOK);
    }

    static String instance(Query query) {
        return query.required("InstanceId", 1, 19);
    }

    static List<String> movedInstances(Query query) {
        List<String> ids = query.list("InstanceIds");
        if (ids.size() > MAX_MOVED) {
            throw Faults.validation("The number of instance ids that may be passed in is limited to " + MAX_MOVED);
        }
        if (ids.isEmpty()) {
            throw Faults.validation("At least one instance id is required");
        }
        return ids;
    }

    static int pageSize(Query query, int standard, int most) {
        return query.integer("MaxRecords", 1, most).orElse(standard);
    }

    static Optional<String> nextToken(Query query) {
        return query.text("NextToken").filter(token -> !token.isEmpty());
    }
}
