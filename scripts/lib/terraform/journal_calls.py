"""Turns the journal of a rehearsal into calls for the judge of tests/iam: of functions, instances, bastion, apply and
plan role, each with the resources and the condition keys that it had.

Calls of Terraform are the apply role's and the plan role's, by action, with the tags that they gave; on which kinds of
resources an action is authorised the judge takes from AWS's service authorization reference. What was called with the
operator's own keys is not judged: they are an administrator's.

Usage: journal_calls.py JOURNAL ACCOUNT
  JOURNAL  written by the sandbox (--journal)
  ACCOUNT  printed by account_policies.py
Prints JSON like tests/iam/calls.json. Exit codes: 0 done, 2 wrong arguments, 3 only the operator called.
"""

import json
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote

import botocore.loaders

sys.path.insert(0, str(Path(__file__).resolve().parent))
import provider_calls  # noqa: E402

REGION, ACCOUNT = "eu-central-1", "111122223333"
SESSION = re.compile(r"assumed-role/(?P<role>[^/]+)/(?P<session>.+)$")
INSTANCE = re.compile(r"i-[0-9a-f]{17}")
PIPELINE = re.compile(r"gantry-[a-z0-9-]+-(apply|plan)")
RENAMED = provider_calls.RENAMED
ON_GROUPS = {"CompleteLifecycleAction", "RecordLifecycleActionHeartbeat", "SuspendProcesses", "ResumeProcesses"}
# What such a call needs too (docs/operations/permissions.md): the key behind the bucket.
BEHIND_S3 = {"s3:GetObject": "kms:Decrypt", "s3:PutObject": "kms:GenerateDataKey"}
# Signing names that are not IAM's prefixes.
PREFIXES = {"monitoring": "cloudwatch"}
REST = ("lambda", "pipes", "s3", "scheduler")
# Condition keys that are members of the input.
GIVEN = {
    "iam:AttachRolePolicy": ("iam:PolicyARN", "PolicyArn"),
    "iam:CreateRole": ("iam:PermissionsBoundary", "PermissionsBoundary"),
}
# No policy can deny GetCallerIdentity. The provider calls GetUser to learn the account; if that is denied, it calls
# GetCallerIdentity (aws-sdk-go-base, getAccountIDAndPartition).
# The data source of an image asks for the last with the image's id, which no instance has, and goes on without.
UNNEEDED = provider_calls.FREE | {"iam:GetUser", "ec2:GetInstanceUefiData"}


@cache
def routes(service: str) -> "list[tuple[str, re.Pattern, frozenset[str], str]]":
    """A REST service's operations: method, path, the query's names, name. More names come first."""
    operations = botocore.loaders.Loader().load_service_model(service, "service-2")["operations"]
    found = []
    for name, operation in operations.items():
        if operation.get("deprecated"):
            continue
        path, _, query = operation["http"]["requestUri"].partition("?")
        pattern = re.sub(r"\\\{[^}]*\\\}", "[^/]+", re.sub(r"\\\{[^}]*\\\+\\\}", ".+", re.escape(path)))
        names = frozenset(part.split("=")[0] for part in query.split("&") if part)
        found.append((operation["http"]["method"], re.compile(pattern.rstrip("/") + "/?"), names, name))
    return sorted(found, key=lambda route: -len(route[2]))


def routed(service: str, request: str) -> str:
    method, _, address = request.partition(" ")
    path, _, query = address.partition("?")
    asked = set(parse_qs(query, keep_blank_values=True))
    for wanted, pattern, names, operation in routes(service):
        if method == wanted and names <= asked and pattern.fullmatch(path):
            return operation
    raise ValueError(f"{service} has no operation for {request}")


class Call:
    """One line of the journal."""

    def __init__(self, line: "dict[str, Any]", account: "dict[str, Any]"):
        self.account = account
        self.names = line["names"]
        self.request = line["request"]
        self.service = PREFIXES.get(line["service"], line["service"])
        known = line["operation"]
        unnamed = self.service in REST and (known == "Unsupported" or " " in known)
        self.operation = routed(self.service, self.request) if unnamed else known
        name = f"{self.service}:{self.operation}"
        self.action = RENAMED.get(name, name)
        session = SESSION.search(line["caller"])
        self.role = session["role"] if session else ""
        self.instance = ""
        if session and INSTANCE.fullmatch(session["session"]):
            self.instance = session["session"]
        elif session and session["role"] == session["session"]:
            # The sandbox calls a function's session after the function.
            self.role = account["functions"][session["role"]]

    @property
    def is_terraforms(self) -> bool:
        return bool(PIPELINE.fullmatch(self.role))

    def needed(self) -> "Iterator[dict[str, Any]]":
        """What is asked of IAM."""
        if self.service == "s3":
            yield from self._on_s3()
        elif self.is_terraforms:
            yield self._asked(self.action)
        elif self.action == "ssm:SendCommand":
            yield self._asked(self.action, self._document())
            for instance in self.names["InstanceIds"].split(","):
                group = {"ssm:resourceTag/aws:autoscaling:groupName": self.account["groups"].get(instance, "")}
                yield self._asked(self.action, self._instance(instance), group)
        elif self.action == "lambda:InvokeFunction":
            yield self._asked(self.action, self._function())
        elif self.service == "sqs":
            # A move names the dead-letter queue by its ARN, which a journal does not have.
            queue = self.names.get("QueueUrl", "gantry-dev-launches-dlq").split("/")[-1]
            yield self._asked(self.action, f"arn:aws:sqs:{REGION}:{ACCOUNT}:{queue}")
        elif self.service == "autoscaling" and self.operation in ON_GROUPS:
            group = self.names["AutoScalingGroupName"]
            on = f"arn:aws:autoscaling:{REGION}:{ACCOUNT}:autoScalingGroup:0a1b2c3d:autoScalingGroupName/{group}"
            yield self._asked(self.action, on)
        elif self.action in ("ssm:GetParameter", "ssm:GetParameters"):
            for name in (self.names.get("Name") or self.names["Names"]).split(","):
                yield self._asked(self.action, f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter/{name.lstrip('/')}")
        else:
            yield self._asked(self.action, "*")

    def _asked(self, action: str, on: str = "", keys: "dict[str, str] | None" = None) -> "dict[str, Any]":
        context = {**self._given(), **(keys or {})}
        if self.instance:
            context["ec2:SourceInstanceARN"] = self._instance(self.instance)
        return {"who": self.role, "does": action, **({"on": on} if on else {}), "why": "rehearsed", "with": context}

    def _given(self) -> "dict[str, str]":
        """What the call itself says, as condition keys."""
        given = {name: value for name, value in self.names.items() if name.startswith("aws:RequestTag/")}
        if self.action in GIVEN:
            key, member = GIVEN[self.action]
            given[key] = self.names.get(member, "")
        return given

    def _instance(self, instance: str) -> str:
        return f"arn:aws:ec2:{REGION}:{ACCOUNT}:instance/{instance}"

    def _function(self) -> str:
        """With the alias, which has a permission of its own."""
        path, _, query = self.request.partition(" ")[2].partition("?")
        name = unquote(path.split("/functions/")[1].removesuffix("/invocations")).rpartition("function:")[2]
        alias = parse_qs(query).get("Qualifier", [""])[0]
        return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}{f':{alias}' if alias else ''}"

    def _document(self) -> str:
        name = self.names["DocumentName"].split("/")[-1]
        # AWS's own documents have no account.
        return f"arn:aws:ssm:{REGION}:{'' if name.startswith('AWS-') else ACCOUNT}:document/{name}"

    def _on_s3(self) -> "Iterator[dict[str, Any]]":
        """The object or the bucket, the key behind it, and what S3 asks for besides."""
        path, _, query = self.request.partition(" ")[2].partition("?")
        bucket, _, key = unquote(path).lstrip("/").partition("/")
        # The keys of DeleteObjects stand in its body.
        key = "*" if self.operation == "DeleteObjects" else key
        arn, object_arn = f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/{key}"
        if not key:
            prefix = parse_qs(query).get("prefix", [""])[0]
            yield self._asked(self.action, arn, {"s3:prefix": prefix} if self.action == "s3:ListBucket" else {})
            return
        yield self._asked(self.action, object_arn, self._conditions())
        behind = BEHIND_S3.get(self.action)
        encrypted = self.names.get("x-amz-server-side-encryption-aws-kms-key-id") or self._key_of(bucket, key)
        if behind and encrypted:
            yield self._asked(behind, encrypted, self._of_key(encrypted))
        if self.action == "s3:PutObject" and "if-match" in self.names:
            yield self._asked("s3:GetObject", object_arn)

    def _conditions(self) -> "dict[str, str]":
        found = {
            f"s3:{name}": self.names[name]
            for name in ("if-match", "if-none-match", "x-amz-copy-source")
            if name in self.names and self.action == "s3:PutObject"
        }
        return {**found, "s3:ObjectCreationOperation": "true"} if self.action == "s3:PutObject" else found

    def _key_of(self, bucket: str, key: str) -> str:
        return self.account.get("objects", {}).get(f"{bucket}/{key}") or self.account["buckets"].get(bucket, "")

    def _of_key(self, arn: str) -> "dict[str, str]":
        tags = {f"aws:ResourceTag/{name}": value for name, value in self.account["keys"].get(arn, {}).items()}
        return {"kms:ViaService": f"s3.{REGION}.amazonaws.com", **tags}


def remember_keys(journal: "list[dict]", account: "dict[str, Any]") -> None:
    """Objects that were written under another key than their bucket's."""
    header = "x-amz-server-side-encryption-aws-kms-key-id"
    account["objects"] = {
        unquote(line["request"].partition(" ")[2].partition("?")[0]).lstrip("/"): line["names"][header]
        for line in journal
        if header in line["names"]
    }


def calls(journal: "list[dict]", account: "dict[str, Any]") -> "list[dict[str, Any]]":
    """Each once, in the order of the first."""
    remember_keys(journal, account)
    found: "dict[str, dict[str, Any]]" = {}
    for line in journal:
        # What ended before it was read asked for nothing, and an operator is an administrator.
        if not line["operation"] or "assumed-role" not in line["caller"]:
            continue
        call = Call(line, account)
        if call.action not in UNNEEDED:
            for needed in call.needed():
                found.setdefault(json.dumps(needed, sort_keys=True), needed)
    return list(found.values())


def main() -> int:
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    journal = [json.loads(line) for line in Path(sys.argv[1]).read_text("utf-8").splitlines()]
    found = calls(journal, json.loads(Path(sys.argv[2]).read_text("utf-8")))
    if not found:
        print(f"{sys.argv[1]} has no call of a role", file=sys.stderr)
        return 3
    print(json.dumps(found, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
