package dev.gantry.sandbox.wire;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The existing access keys and their owners. A call signed with any other key is refused, as by AWS. Roles
 * (of functions, of instances) register their temporary keys here and forget them when they end.
 */
public final class AccessKeys {
    private final Map<String, Identity> identities = new ConcurrentHashMap<>();

    public void register(String accessKey, Identity identity) {
        identities.put(accessKey, identity);
    }

    public void forget(String accessKey) {
        identities.remove(accessKey);
    }

    public Optional<Identity> find(String accessKey) {
        return Optional.ofNullable(identities.get(accessKey));
    }

    /**
     * A principal as STS names it.
     *
     * @param account twelve digits
     * @param arn for example {@code arn:aws:sts::111122223333:assumed-role/gantry-instance/i-0123456789abcdef0}
     * @param userId for an assumed role {@code <role id>:<session name>}
     */
    public record Identity(String account, String arn, String userId) {

        /** An assumed role's session; the role's id is made from its name, so it is the same in every run. */
        public static Identity assumedRole(String account, String role, String session) {
            String roleId = "AROA" + String.format("%017d", Integer.toUnsignedLong(role.hashCode()));
            return new Identity(
                    account,
                    "arn:aws:sts::" + account + ":assumed-role/" + role + "/" + session,
                    roleId + ":" + session);
        }
    }
}
