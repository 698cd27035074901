package dev.gantry.sandbox.sts;

import dev.gantry.sandbox.wire.AccessKeys;
import dev.gantry.sandbox.wire.AwsError;
import dev.gantry.sandbox.wire.Caller;
import dev.gantry.sandbox.wire.QueryService;
import dev.gantry.sandbox.wire.Xml;
import java.util.Map;

/** The Security Token Service for one caller: GetCallerIdentity, which no policy can deny, and nothing else. */
public final class Sts implements QueryService {
    public static final String NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/";

    private final AccessKeys keys;
    private final Caller caller;

    public Sts(AccessKeys keys, Caller caller) {
        this.keys = keys;
        this.caller = caller;
    }

    @Override
    public String namespace() {
        return NAMESPACE;
    }

    @Override
    public String call(String action, Map<String, String> parameters) {
        if (!action.equals("GetCallerIdentity")) {
            throw AwsError.badRequest(
                    "InvalidAction", "The sandbox's STS has GetCallerIdentity only; it was asked for " + action + ".");
        }
        AccessKeys.Identity identity = keys.find(caller.accessKey())
                .orElseThrow(() -> new AwsError(
                        403, "InvalidClientTokenId", "The security token included in the request is invalid."));
        return Xml.element("Arn", identity.arn())
                + Xml.element("UserId", identity.userId())
                + Xml.element("Account", identity.account());
    }
}
