"""Turns the AWS provider's log of an apply, a plan and a destroy into calls for the judge of tests/iam: the apply
role's, by action. The judge reads from AWS's service authorization reference on which kinds of resources an action is
authorised.

Usage: provider_calls.py LOG
  LOG  written with TF_LOG_PROVIDER=DEBUG
Prints JSON like tests/iam/calls.json, without resources. Exit codes: 0 done, 2 wrong arguments, 3 the log has no call.
"""

import json
import re
import sys
from pathlib import Path

ROLE = "gantry-dev-apply"
SENT = "HTTP Request Sent"
# The fields of a line have no order that could be relied on.
METHOD = re.compile(r"\brpc\.method=(\w+)")
SERVICE = re.compile(r'\brpc\.service=(?:"([^"]+)"|(\S+))')
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


def action(line: str) -> str:
    """What a line of the log asked for, by IAM's name; empty for any other line."""
    method, service = METHOD.search(line), SERVICE.search(line)
    if SENT not in line or not method or not service:
        return ""
    name = f"{PREFIXES[service[1] or service[2]]}:{method[1]}"
    return RENAMED.get(name, name)


def main() -> int:
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    with Path(sys.argv[1]).open(encoding="utf-8", errors="replace") as log:
        sent = [found for line in log if (found := action(line))]
    if not sent:
        print(f"{sys.argv[1]} has no call: was it written with TF_LOG_PROVIDER=DEBUG?", file=sys.stderr)
        return 3
    actions = sorted(set(sent) - FREE)
    print(json.dumps([{"who": ROLE, "does": name, "why": "called by the provider"} for name in actions], indent=1))
    print(f"{len(sent)} calls, {len(actions)} actions", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
