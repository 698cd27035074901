package dev.gantry.sandbox;

import dev.gantry.sandbox.ec2.Ec2;
import dev.gantry.sandbox.ec2.RoleCredentials;
import dev.gantry.sandbox.wire.AccessKeys;
import dev.gantry.sandbox.wire.AccessKeys.Identity;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The credentials of instances. An instance whose launch template names a profile is a session of that profile's role, named
 * after the instance, as EC2 does it. All others share one session of the sandbox's own role.
 */
final class InstanceRoles {
    static final String OWN = "gantry-instance";
    private static final String OWN_KEY = "ASIASANDBOXINSTANCE0";
    private static final Duration LIFETIME = Duration.ofHours(6);

    private final Cloud cloud;
    private final RoleCredentials own;
    private final Map<String, RoleCredentials> byInstance = new ConcurrentHashMap<>();

    InstanceRoles(Cloud cloud) {
        this.cloud = cloud;
        this.own = session(OWN, "instance", OWN_KEY);
    }

    /** The shared session. */
    RoleCredentials own() {
        return own;
    }

    RoleCredentials of(String instanceId, Ec2.LaunchSpec spec) {
        return spec.role()
                .map(role -> byInstance.computeIfAbsent(instanceId, id -> session(role, id, key(id))))
                .orElse(own);
    }

    /** Twenty characters, as an access key has, and another one for each instance. */
    private static String key(String instanceId) {
        return "ASIA" + instanceId.substring(instanceId.length() - 16).toUpperCase(Locale.ROOT);
    }

    private RoleCredentials session(String role, String session, String key) {
        AccessKeys keys = cloud.keys();
        keys.register(key, Identity.assumedRole(cloud.account(), role, session));
        return new RoleCredentials(
                role,
                key,
                "sandbox",
                "sandbox-session",
                cloud.timers().instant().plus(LIFETIME));
    }
}
