package dev.gantry.sandbox.ec2;

import java.time.Instant;

/**
 * Temporary credentials of the instance role, as STS of the sandbox knows them.
 *
 * @param roleName as {@code iam/security-credentials/} lists it
 */
public record RoleCredentials(
        String roleName, String accessKeyId, String secretAccessKey, String sessionToken, Instant expiration) {}
