"""Reads who may do what in the account of a rehearsal, for the judge of tests/iam: roles with their policies and
boundaries, the policies of buckets, keys and endpoints; and what decides which resource and which condition keys a
call had.

Usage: account_policies.py ENDPOINT
Prints JSON: roles, theirs (policies of resources), endpoints, functions (their roles), buckets (their keys), keys
(their tags), groups (of instances). Exit codes: 0 done, 2 wrong arguments.
"""

import json
import sys
from typing import Any

import boto3
from botocore.exceptions import ClientError

REGION = "eu-central-1"


class Account:
    """The services of an account at one address."""

    def __init__(self, endpoint: str):
        self.endpoint = endpoint

    def client(self, service: str) -> Any:
        keys = {"aws_access_key_id": "sandbox", "aws_secret_access_key": "sandbox"}
        return boto3.client(service, endpoint_url=self.endpoint, region_name=REGION, **keys)

    def roles(self) -> "dict[str, dict]":
        iam = self.client("iam")
        managed = ManagedPolicies(iam)
        found = {}
        for role in iam.get_paginator("list_roles").paginate().search("Roles"):
            name = role["RoleName"]
            inline = iam.list_role_policies(RoleName=name)["PolicyNames"]
            attached = iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]
            policies = [
                {"name": f"{name}: {policy}", "policy": document(iam.get_role_policy(RoleName=name, PolicyName=policy))}
                for policy in inline
            ] + [managed.named(policy["PolicyArn"]) for policy in attached]
            boundary = iam.get_role(RoleName=name)["Role"].get("PermissionsBoundary")
            found[name] = {
                "policies": policies,
                "boundary": [managed.named(boundary["PermissionsBoundaryArn"])] if boundary else None,
            }
        return found

    def buckets(self) -> "tuple[list[dict], dict[str, str]]":
        """Policies of buckets, and by bucket the key of its objects."""
        s3, policies, keys = self.client("s3"), [], {}
        for bucket in [one["Name"] for one in s3.list_buckets()["Buckets"]]:
            try:
                policy = json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"])
                policies.append(
                    {"name": f"policy of bucket {bucket}", "arn": f"arn:aws:s3:::{bucket}", "policy": policy}
                )
            except ClientError:
                pass
            try:
                rules = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
                keys[bucket] = rules[0]["ApplyServerSideEncryptionByDefault"]["KMSMasterKeyID"]
            except (ClientError, KeyError):
                pass
        return policies, keys

    def keys(self) -> "tuple[list[dict], dict[str, dict]]":
        """Policies of keys, and by key its tags."""
        kms, policies, tags = self.client("kms"), [], {}
        for key in kms.list_keys()["Keys"]:
            arn = key["KeyArn"]
            policy = json.loads(kms.get_key_policy(KeyId=arn, PolicyName="default")["Policy"])
            policies.append({"name": f"policy of key {arn}", "arn": arn, "policy": policy})
            tags[arn] = {tag["TagKey"]: tag["TagValue"] for tag in kms.list_resource_tags(KeyId=arn)["Tags"]}
        return policies, tags

    def endpoints(self) -> "list[dict]":
        """The policies of the networks' endpoints, by the service that is behind each."""
        found = self.client("ec2").describe_vpc_endpoints()["VpcEndpoints"]
        return [
            {
                "name": f"policy of endpoint {one['VpcEndpointId']}",
                "service": one["ServiceName"].rsplit(".", 1)[-1],
                "policy": json.loads(one["PolicyDocument"]),
            }
            for one in found
            if one.get("PolicyDocument")
        ]

    def functions(self) -> "dict[str, str]":
        functions = self.client("lambda").list_functions()["Functions"]
        return {function["FunctionName"]: function["Role"].rsplit("/", 1)[-1] for function in functions}

    def groups(self) -> "dict[str, str]":
        groups = self.client("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"]
        return {one["InstanceId"]: group["AutoScalingGroupName"] for group in groups for one in group["Instances"]}


class ManagedPolicies:
    """The default versions of managed policies, the account's and AWS's."""

    def __init__(self, iam: Any):
        self.iam = iam
        self.known: "dict[str, dict]" = {}

    def named(self, arn: str) -> dict:
        if arn not in self.known:
            version = self.iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
            policy = document(
                self.iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"], "Document"
            )
            self.known[arn] = {"name": arn.rsplit("/", 1)[-1], "policy": policy}
        return self.known[arn]


def document(answer: dict, member: str = "PolicyDocument") -> dict:
    found = answer[member]
    return json.loads(found) if isinstance(found, str) else found


def main() -> int:
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    account = Account(sys.argv[1])
    of_buckets, encrypted = account.buckets()
    of_keys, tags = account.keys()
    found = {
        "roles": account.roles(),
        "theirs": of_buckets + of_keys,
        "endpoints": account.endpoints(),
        "functions": account.functions(),
        "buckets": encrypted,
        "keys": tags,
        "groups": account.groups(),
    }
    print(json.dumps(found, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
