package dev.gantry.sandbox.contract;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityResponse;

/** Who is calling (STS API reference, GetCallerIdentity). */
abstract class StsContract {
    @Test
    void theEndpointAnswersAndNamesTheCaller(Endpoint endpoint) {
        GetCallerIdentityResponse caller = endpoint.sts().getCallerIdentity();

        assertTrue(caller.account().matches("\\d{12}"), caller.account());
        assertTrue(caller.arn().matches("arn:aws[a-z-]*:(iam|sts)::" + caller.account() + ":.+"), caller.arn());
        assertTrue(!caller.userId().isBlank());
    }
}
