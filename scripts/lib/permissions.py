"""Compares the policies that Terraform renders for the functions with the calls that the functions made.

No call without its permission, those that no call names (the key behind S3 …) included; and no permission that nobody
needs, but for those that docs/operations/permissions.md gives a reason for. The calls are what the end-to-end tests
wrote to lambda/sandbox/target/function-calls; the policies are those of tests/rendered, rendered with a mocked
provider.

Usage: permissions.py RENDERED FOLDER ZIP
  RENDERED  what `terraform test -json -verbose` in tests/rendered printed
  FOLDER    the calls, a file for each zip and process
  ZIP       the functions' package; calls of any other are left out
Exit codes: 0 they agree, 1 they differ, 2 wrong arguments, 3 there are no calls of this zip.
"""

import fnmatch
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))
from rendered import Unusable, lines, resources  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/operations/permissions.md"
HEADING = "## Permissions that no call needed"

BUCKET = "arn:aws:s3:::gantry-sandbox"
KEY = "arn:aws:kms:eu-central-1:111122223333:key/0a1b2c3d-0000-1111-2222-333344445555"
DOCUMENT = "arn:aws:ssm:eu-central-1::document/AWS-ApplyAnsiblePlaybooks"
INSTANCE = "arn:aws:ec2:eu-central-1:111122223333:instance/i-0123456789abcdef0"
GROUP = "arn:aws:autoscaling:eu-central-1:111122223333:autoScalingGroup:0a1b2c3d:autoScalingGroupName/web"
QUEUE = "arn:aws:sqs:eu-central-1:111122223333:gantry-launches"
DEAD_LETTERS = "arn:aws:sqs:eu-central-1:111122223333:gantry-launches-dlq"
BASTION = "arn:aws:sqs:eu-central-1:111122223333:gantry-bastion"
ANSWERS = "bastion/answers/*"
FUNCTIONS = ("gantry-launch-queue", "gantry-sweep", "gantry-operator")

# Operations of the API whose permission has another name (service authorization reference, Amazon S3).
RENAMED = {"s3:HeadObject": "s3:GetObject", "s3:ListObjectsV2": "s3:ListBucket", "s3:HeadBucket": "s3:ListBucket"}
# What a call is about where the request's body says so; "*" for what AWS authorises on no resource.
ABOUT = {
    "autoscaling:CompleteLifecycleAction": GROUP,
    "autoscaling:RecordLifecycleActionHeartbeat": GROUP,
    "autoscaling:SuspendProcesses": GROUP,
    "autoscaling:ResumeProcesses": GROUP,
    "sqs:ChangeMessageVisibility": QUEUE,
}
TAGGED = {"ssm:resourceTag/aws:autoscaling:groupName": "web"}
VIA_S3 = {"kms:ViaService": "s3.eu-central-1.amazonaws.com"}


@dataclass(frozen=True)
class Need:
    """A permission that something needs."""

    function: str
    action: str
    resource: str
    why: str
    context: "tuple[tuple[str, str], ...]" = ()
    either: str = ""

    def __str__(self) -> str:
        return f"{self.function}: {self.action} on {self.resource} ({self.why})"


@dataclass
class Grant:
    """One action on one resource of a statement, and whether anybody needed it."""

    function: str
    action: str
    resource: str
    conditions: "dict[str, dict[str, Any]]"
    used: bool = field(default=False)

    def allows(self, need: Need) -> bool:
        """Whatever the function."""
        return (
            fnmatch.fnmatchcase(need.action, self.action)
            and any(fnmatch.fnmatchcase(where, self.resource) for where in (need.resource, need.either) if where)
            and self._holds(dict(need.context))
        )

    def _holds(self, context: "dict[str, str]") -> bool:
        for operator, tests in self.conditions.items():
            for key, wanted in tests.items():
                if key not in context or not _matches(operator, context[key], _list(wanted)):
                    return False
        return True


def _matches(operator: str, value: str, wanted: "list[str]") -> bool:
    if operator == "StringEquals":
        return value in wanted
    if operator in ("StringLike", "ArnLike"):
        return any(fnmatch.fnmatchcase(value, pattern) for pattern in wanted)
    raise ValueError(f"this comparison does not know the condition operator {operator}; teach it")


def _list(value: Any) -> "list[Any]":
    return value if isinstance(value, list) else [value]


def grants(rendered: Path) -> "list[Grant]":
    """What the roles of the functions may do. A statement that does not allow by actions and resources is refused."""
    found: list[Grant] = []
    for resource in resources(rendered):
        if resource["type"] != "aws_iam_role_policy":
            continue
        name = resource["index"] if "index" in resource else resource["name"]
        function = "gantry-" + name.replace("_", "-")
        if function not in FUNCTIONS:
            continue
        for statement in json.loads(resource["values"]["policy"])["Statement"]:
            if statement["Effect"] != "Allow" or "NotAction" in statement or "NotResource" in statement:
                raise ValueError(
                    f"{resource['address']}: this comparison knows Allow, Action and Resource: {statement}"
                )
            for action in _list(statement["Action"]):
                for where in _list(statement["Resource"]):
                    found.append(Grant(function, action, where, statement.get("Condition", {})))
    return found


@dataclass(frozen=True)
class Page:
    """The tables of the page: a call and what it needs also; a permission without a call and its resource."""

    implied: "tuple[tuple[str, str], ...]"
    uncalled: "tuple[tuple[str, str], ...]"

    @staticmethod
    def read(path: Path) -> "Page":
        first, _, second = path.read_text(encoding="utf-8").partition(HEADING)
        implied = re.findall(r"^\| `(\w+:\w+)` \| `(\w+:\w+)`[^|]* \| .+ \| .+ \|$", first, re.MULTILINE)
        uncalled = re.findall(r"^\| `([\w:*]+)` \| `([^`]+)` \| .+ \|$", second, re.MULTILINE)
        return Page(tuple(implied), tuple(uncalled))


def needs(made: "set[tuple[str, str, str]]", page: Page) -> "Iterator[Need]":
    for function, operation, kind in sorted(made):
        if function not in FUNCTIONS:
            # The bastion function's role is held by the tests of its own module.
            continue
        called = RENAMED.get(operation, operation)
        yield from _of_call(function, called, kind, operation)
        for call, also in page.implied:
            if call == called:
                yield _implied(function, also, kind, f"{operation} needs it too")


def _of_call(function: str, action: str, kind: str, why: str) -> "Iterator[Need]":
    if action == "ssm:SendCommand":
        # Authorised on the document and on each instance; a document has no such tag.
        yield Need(function, action, DOCUMENT, why)
        yield Need(function, action, INSTANCE, why, tuple(TAGGED.items()))
    elif action.startswith("s3:"):
        yield Need(function, action, _object(kind), why)
    elif action == "sqs:SendMessage":
        # The queue stands in the body: to either, if the function may send to one of them.
        yield Need(function, action, DEAD_LETTERS, why, either=BASTION)
    else:
        yield Need(function, action, ABOUT.get(action, "*"), why)


def _implied(function: str, action: str, kind: str, why: str) -> Need:
    if action.startswith("kms:"):
        return Need(function, action, KEY, why, tuple(VIA_S3.items()))
    return Need(function, action, BUCKET if action == "s3:ListBucket" else _object(kind), why)


def _object(kind: str) -> str:
    return f"{BUCKET}/{kind.replace('*', 'x')}" if kind else BUCKET


def compare(allowed: "list[Grant]", needed: "list[Need]", page: Page) -> "Iterator[str]":
    """A need is its function's own. A permission is needed when any function needs it: all of them look after instances
    by the same code, and which of them meets a case is chance."""
    for need in needed:
        if not any(grant.function == need.function and grant.allows(need) for grant in allowed):
            yield f"no permission for a call: {need}"
        for grant in allowed:
            grant.used = grant.used or grant.allows(need)
    uncalled = {(grant.action, short(grant.resource)) for grant in allowed if not grant.used}
    uncalled -= {(grant.action, short(grant.resource)) for grant in allowed if grant.used}
    for action, where in sorted(uncalled - set(page.uncalled)):
        yield f"a permission that no call needed, and no reason in {PAGE.name}: | `{action}` | `{where}` |"
    for action, where in sorted(set(page.uncalled) - uncalled):
        yield f"{PAGE.name} has a reason for | `{action}` | `{where}` |, but a call needs it, or no policy has it"


def compared(allowed: "list[Grant]", made: "set[tuple[str, str, str]]") -> "list[Grant]":
    """The channel over the bastion is called only where real instances boot; elsewhere nothing can be said of it."""
    if any(kind == ANSWERS for _, _, kind in made):
        return allowed
    print("no call of the bastion channel was made here: its permissions are not compared")
    return [grant for grant in allowed if grant.resource not in (BASTION, f"{BUCKET}/{ANSWERS}")]


def short(resource: str) -> str:
    """A resource as the page writes it: without what every ARN here has."""
    resource = resource.removeprefix(BUCKET + "/")
    for whole, name in ((BUCKET, "the bucket"), (KEY, "the key")):
        if resource == whole:
            return name
    return re.sub(r"^arn:aws:(\w+):[\w-]*:\d*:", r"\1:", resource)


def main() -> int:
    if len(sys.argv) != 4:
        print(__doc__, file=sys.stderr)
        return 2
    rendered, folder, zip_file = map(Path, sys.argv[1:])
    page = Page.read(PAGE)
    try:
        made = {(function, f"{service}:{name}", kind) for function, service, name, kind in lines(folder, zip_file)}
        allowed, needed = compared(grants(rendered), made), list(needs(made, page))
    except Unusable as error:
        print(error)
        return 3
    findings = list(compare(allowed, needed, page))
    for finding in findings:
        print(finding)
    print(f"{len(made)} kinds of calls, {len(needed)} needs, {len(allowed)} permissions, {len(findings)} findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
