package dev.gantry.cli.account;

import dev.gantry.operator.Surroundings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Reads the role of an instance profile, and whether its policies allow what an SSM agent needs. */
final class ProfileReader {
    /** Registering, and hearing of commands (Systems Manager user guide, "Configure instance permissions"). */
    private static final List<String> NEEDS = List.of(
            "ssm:UpdateInstanceInformation",
            "ssmmessages:CreateControlChannel",
            "ssmmessages:CreateDataChannel",
            "ssmmessages:OpenControlChannel",
            "ssmmessages:OpenDataChannel");

    private final IamQueries iam;

    ProfileReader(IamQueries iam) {
        this.iam = iam;
    }

    Surroundings.Profile read(String arn) {
        String name = arn.substring(arn.lastIndexOf('/') + 1);
        Optional<String> role = texts("RoleName", "GetInstanceProfile", Map.of("InstanceProfileName", name)).stream()
                .findFirst();
        Set<String> missing = new TreeSet<>();
        role.ifPresent(known -> {
            List<String> documents = documents(known);
            NEEDS.stream().filter(action -> !Grants.allow(action, documents)).forEach(missing::add);
        });
        return new Surroundings.Profile(name, role, missing);
    }

    private List<String> documents(String role) {
        List<String> documents = new ArrayList<>();
        texts("PolicyArn", "ListAttachedRolePolicies", Map.of("RoleName", role))
                .forEach(policy -> documents.addAll(managed(policy)));
        texts("member", "ListRolePolicies", Map.of("RoleName", role))
                .forEach(policy -> documents.addAll(
                        texts("PolicyDocument", "GetRolePolicy", Map.of("RoleName", role, "PolicyName", policy))));
        return documents;
    }

    private List<String> managed(String policyArn) {
        String version = texts("DefaultVersionId", "GetPolicy", Map.of("PolicyArn", policyArn)).stream()
                .findFirst()
                .orElse("v1");
        return texts("Document", "GetPolicyVersion", Map.of("PolicyArn", policyArn, "VersionId", version));
    }

    private List<String> texts(String element, String action, Map<String, String> parameters) {
        return Calls.said(action + " of " + parameters.values(), () -> iam.texts(element, action, parameters));
    }
}
