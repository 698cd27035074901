package dev.gantry.sandbox.wire;

import java.util.Map;
import java.util.Set;

/** One AWS service that speaks the AWS Query protocol: form parameters in, XML out. */
public interface QueryService {

    /** The XML namespace of its answers, for example {@code http://autoscaling.amazonaws.com/doc/2011-01-01/}. */
    String namespace();

    /**
     * Calls one action.
     *
     * @param parameters the flattened form fields, for example {@code InstanceIds.member.1}
     * @return what stands inside of {@code <ActionResult>}, escaped; empty for an action without a result
     * @throws AwsError as the service would answer it
     */
    String call(String action, Map<String, String> parameters);

    /**
     * The actions that answer an empty {@code <ActionResult/>}. Where the model of a service names a result, even an empty
     * one, the aws command fails without the element.
     */
    default Set<String> emptyResults() {
        return Set.of();
    }
}
