"""Turns what the functions did in the sandbox into calls for the judge of tests/iam: with resources and condition keys
as an environment has them.

The sandbox's example names its things otherwise (function gantry-sweep, bucket gantry-sandbox, group web); what was
called and on what kind of object is the same.

The judge finds a permission that no call needs; so every call of a function in tests/iam/calls.json that has no reason
there ("why") must have been made by one: what nobody was seen to call keeps no permission.

Usage: recorded_calls.py FOLDER ZIP [CALLS]
  FOLDER  tests/system/target/function-calls
  ZIP     the functions' package; calls of any other are left out
  CALLS   instead of tests/iam/calls.json
Prints JSON like tests/iam/calls.json. Exit codes: 0 done, 1 a call of calls.json was never made, 2 wrong arguments,
3 there are no calls of this zip.
"""

import fnmatch
import json
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from rendered import Unusable, lines  # noqa: E402

CALLS = Path(__file__).resolve().parents[3] / "tests/iam/calls.json"
ACCOUNT, REGION, GROUP = "111122223333", "eu-central-1", "gantry-dev-rtsp"
BUCKET = f"arn:aws:s3:::gantry-dev-{ACCOUNT}-{REGION}"
GROUP_ARN = f"arn:aws:autoscaling:{REGION}:{ACCOUNT}:autoScalingGroup:0a1b2c3d-0000-1111-2222-333344445555"
GROUP_ARN += f":autoScalingGroupName/{GROUP}"
INSTANCE = f"arn:aws:ec2:{REGION}:{ACCOUNT}:instance/i-0123456789abcdef0"
DOCUMENT = f"arn:aws:ssm:{REGION}:{ACCOUNT}:document/document"
# They look after instances by the same code: which of them meets a case is chance.
ALIKE = ("gantry-launch-queue", "gantry-sweep", "gantry-operator")
BASTION = "gantry-bastion"
FUNCTIONS = (*ALIKE, BASTION)
# Operations of the API whose permission has another name (service authorization reference, Amazon S3).
RENAMED = {"s3:HeadObject": "s3:GetObject", "s3:ListObjectsV2": "s3:ListBucket", "s3:HeadBucket": "s3:ListBucket"}
ON_GROUPS = {"CompleteLifecycleAction", "RecordLifecycleActionHeartbeat", "SuspendProcesses", "ResumeProcesses"}
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/11111111-0000-1111-2222-333344445555"
# What such a call needs too (docs/operations/permissions.md): the key behind the bucket.
BEHIND_S3 = {"s3:GetObject": "kms:Decrypt", "s3:PutObject": "kms:GenerateDataKey"}
VIA_S3 = {
    "kms:ViaService": f"s3.{REGION}.amazonaws.com",
    "aws:ResourceTag/Project": "gantry",
    "aws:ResourceTag/Environment": "dev",
}
# The body says the queue: of those that the function may send to, one that each of them has.
QUEUES = {
    "sqs:SendMessage": "gantry-dev-bastion",
    "sqs:ChangeMessageVisibility": "gantry-dev-launches",
    "sqs:GetQueueAttributes": "gantry-dev-launches-dlq",
    "sqs:StartMessageMoveTask": "gantry-dev-launches-dlq",
}
# The recorded kind leaves the last part out; where it is no fleet's name, an object that stands there.
KEYS = {"bastion/keys/*": "bastion/keys/pair.json"}


def cases(function: str, operation: str, kind: str) -> "Iterator[tuple[str, str, dict]]":
    """What is asked for: action, resource, condition keys."""
    action = RENAMED.get(operation, operation)
    service, _, name = action.partition(":")
    if action == "ssm:SendCommand":
        # Authorised on the document and on each instance; a document has no such tag.
        yield action, DOCUMENT, {}
        yield action, INSTANCE, {"ssm:resourceTag/aws:autoscaling:groupName": GROUP}
    elif service == "s3":
        yield action, BUCKET if name == "ListBucket" else f"{BUCKET}/{KEYS.get(kind, kind.replace('*', GROUP))}", {}
    elif action in QUEUES:
        yield action, f"arn:aws:sqs:{REGION}:{ACCOUNT}:{QUEUES[action]}", {}
    elif service == "autoscaling" and name in ON_GROUPS:
        yield action, GROUP_ARN, {}
    else:
        yield action, "*", {}


def implied(function: str, operation: str, kind: str) -> "Iterator[tuple[str, str, dict]]":
    """What S3 requires although no call names it; the bastion's function has less, which its module's tests check."""
    action = RENAMED.get(operation, operation)
    if action not in BEHIND_S3 or function == BASTION:
        return
    yield BEHIND_S3[action], KEY, VIA_S3
    yield from cases(function, "s3:ListObjectsV2", "")
    if action == "s3:PutObject":
        yield from cases(function, "s3:GetObject", kind)


def role(function: str) -> str:
    name = function.replace("gantry-", "gantry-dev-", 1)
    return f"{name}-function" if function == BASTION else name


Made = "set[tuple[str, ...]]"


def was_made(call: dict, made: Made) -> bool:
    """Whether a function was seen to need it: of those alike, any."""
    whom = (BASTION,) if call["who"] == role(BASTION) else ALIKE
    return any(
        action == call["does"] and _is_on(call.get("on", "*"), resource, kind)
        for function, service, name, kind in made
        if function in whom
        for needed in (cases, implied)
        for action, resource, _ in needed(function, f"{service}:{name}", kind)
    )


def _is_on(wanted: str, resource: str, kind: str) -> bool:
    """The record has objects by their kind, and queues not at all; the engine compares the rest."""
    if kind and wanted.startswith(f"{BUCKET}/"):
        return fnmatch.fnmatchcase(wanted.removeprefix(f"{BUCKET}/"), kind)
    return wanted == resource or wanted.startswith("arn:aws:sqs:") or resource.startswith("arn:aws:kms:")


def unmade(calls: "list[dict]", made: Made) -> "Iterator[str]":
    has_bastion = any(function == BASTION for function, *_ in made)
    known = {role(function) for function in FUNCTIONS if has_bastion or function != BASTION}
    for call in calls:
        # Where no instance boots nobody asks over the bastion.
        over_it = "/bastion/" in call.get("on", "") or call.get("on", "").endswith("-bastion")
        if call["who"] in known and "why" not in call and (has_bastion or not over_it) and not was_made(call, made):
            yield f"no function made this call, and it has no reason: {call['does']} on {call.get('on', 'anything')}"


def main() -> int:
    if len(sys.argv) not in (3, 4):
        print(__doc__, file=sys.stderr)
        return 2
    folder, package, expected = map(Path, (*sys.argv[1:], CALLS)[:3])
    try:
        made = lines(folder, package)
    except Unusable as error:
        print(error, file=sys.stderr)
        return 3
    calls = [
        {"who": role(function), "does": action, "on": resource, "why": "recorded", "with": context}
        for function, service, name, kind in sorted(made)
        if function in FUNCTIONS
        for needed in (cases, implied)
        for action, resource, context in needed(function, f"{service}:{name}", kind)
    ]
    print(json.dumps(calls, indent=1))
    findings = sorted(set(unmade(json.loads(expected.read_text("utf-8")), made)))
    for finding in findings:
        print(finding, file=sys.stderr)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
