"""Turns what the functions did in the sandbox into calls for the judge of tests/iam: with resources and condition keys
as an environment has them.

The sandbox's example names its things otherwise (function gantry-sweep, bucket gantry-sandbox, group web); what was
called and on what kind of object is the same.

Usage: recorded_calls.py FOLDER ZIP
  FOLDER  lambda/sandbox/target/function-calls
  ZIP     the functions' package; calls of any other are left out
Prints JSON like tests/iam/calls.json. Exit codes: 0 done, 2 wrong arguments, 3 there are no calls of this zip.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from rendered import Unusable, lines  # noqa: E402

ACCOUNT, REGION, GROUP = "111122223333", "eu-central-1", "gantry-dev-rtsp"
BUCKET = f"arn:aws:s3:::gantry-dev-{ACCOUNT}-{REGION}"
GROUP_ARN = f"arn:aws:autoscaling:{REGION}:{ACCOUNT}:autoScalingGroup:0a1b2c3d-0000-1111-2222-333344445555"
GROUP_ARN += f":autoScalingGroupName/{GROUP}"
INSTANCE = f"arn:aws:ec2:{REGION}:{ACCOUNT}:instance/i-0123456789abcdef0"
DOCUMENT = f"arn:aws:ssm:{REGION}:{ACCOUNT}:document/document"
FUNCTIONS = ("gantry-launch-queue", "gantry-sweep", "gantry-operator", "gantry-bastion")
# Operations of the API whose permission has another name (service authorization reference, Amazon S3).
RENAMED = {"s3:HeadObject": "s3:GetObject", "s3:ListObjectsV2": "s3:ListBucket", "s3:HeadBucket": "s3:ListBucket"}
ON_GROUPS = {"CompleteLifecycleAction", "RecordLifecycleActionHeartbeat", "SuspendProcesses", "ResumeProcesses"}
# The body says the queue: of those that the function may send to, one that each of them has.
QUEUES = {"sqs:SendMessage": "gantry-dev-bastion", "sqs:ChangeMessageVisibility": "gantry-dev-launches"}
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


def role(function: str) -> str:
    name = function.replace("gantry-", "gantry-dev-", 1)
    return f"{name}-function" if function == "gantry-bastion" else name


def main() -> int:
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        made = lines(Path(sys.argv[1]), Path(sys.argv[2]))
    except Unusable as error:
        print(error, file=sys.stderr)
        return 3
    calls = [
        {"who": role(function), "does": action, "on": resource, "why": "recorded", "with": context}
        for function, service, name, kind in sorted(made)
        if function in FUNCTIONS
        for action, resource, context in cases(function, f"{service}:{name}", kind)
    ]
    print(json.dumps(calls, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
