"""Turns what roles did in the sandbox into calls for the judge of tests/iam: with resources and condition keys as an
environment has them.

The sandbox's example has other names (function gantry-sweep, bucket gantry-sandbox, group web); a call is judged as the
same call in the environment dev, whose fleet each fleet of the tests is.

The judge finds a permission that no call needs; so every call of a function in tests/iam/calls.json that has no reason
there ("why") must have been made by one: a call that was never seen keeps no permission.

Usage: recorded_calls.py ZIP CALLS FOLDER…
  ZIP     the functions' package; calls of any other are left out
  CALLS   tests/iam/calls.json
  FOLDER  with journals of sandboxes, each named by the sha256 of its zip: tests/system/target/function-calls, and where
          scripts/test has the sandboxes of its suites write theirs
Prints JSON like tests/iam/calls.json. Exit codes: 0 done, 1 a call of calls.json was never made, 2 wrong arguments,
3 there are no calls of this zip.
"""

import hashlib
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))
from journal_calls import ACCOUNT, REGION, calls  # noqa: E402

GROUP, INSTANCE = "gantry-dev-rtsp", "i-0123456789abcdef0"
BUCKET = f"gantry-dev-{ACCOUNT}-{REGION}"
# They share the code that looks after instances: it is chance which of them meets a case.
ALIKE = ("gantry-dev-launch-queue", "gantry-dev-sweep", "gantry-dev-operator")
BASTION = "gantry-dev-bastion-function"
FUNCTIONS = (*ALIKE, BASTION)
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/11111111-0000-1111-2222-333344445555"
SSH_KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/33333333-0000-1111-2222-333344445555"
TAGS = {"Project": "gantry", "Environment": "dev"}
# What decides about resources and condition keys, as account_policies.py reads it of an account.
DEV = {
    "functions": {name.removesuffix("-function"): name for name in FUNCTIONS},
    "buckets": {BUCKET: KEY},
    "keys": {KEY: TAGS, SSH_KEY: TAGS},
    "groups": {INSTANCE: GROUP},
}
# A fleet has a folder below each of these; as the key of an object, and as the prefix of a list.
FOLDERS = "abandonments|artifacts|bundles|diagnostics|failures|fleets|launches|videos"
OF_FLEETS = re.compile(f"(/{BUCKET}/(?:{FOLDERS})/|[?&]prefix=(?:{FOLDERS})%2F)(?:(?!%2F)[^/?&])+")
ROLE = re.compile(r"assumed-role/(gantry-[^/]+)/(.+)$")
# What differs from call to call, and what stands for it in all calls of a kind.
ALIKE_IN_ALL = [
    (re.compile(pattern), text)
    for pattern, text in (
        (r"i-[0-9a-f]{17}(,i-[0-9a-f]{17})*", INSTANCE),
        (r"[0-9a-f]{64}", "ab" * 32),
        (r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "0a1b2c3d-0000-1111-2222-333344445555"),
        (r"run-[0-9a-z]{8,40}", "run-0a1b2c3d"),
        (r"^\"[0-9a-f]+\"$", '"0"'),
        (r"-\d+\.json", "-1.json"),
        (r"\d{8}T\d{9}Z", "20260101T000000000Z"),
        (r"127\.0\.0\.1:\d+", "127.0.0.1"),
        (r"(continuation-token|NextToken)=[^&]*", r"\1="),
    )
]
# The kind of an object: its folder, and which of a fleet's two objects it is.
KIND = re.compile(r"(bastion/[^/]+|[^/]+)/.*?((?:settings|release)\.json)?")


def recorded(package: Path, folders: "list[Path]") -> "list[dict[str, Any]]":
    """What roles did with this zip, each kind of call once."""
    sha256 = hashlib.sha256(package.read_bytes()).hexdigest() if package.is_file() else "none"
    found = {
        alike(line)
        for folder in folders
        for file in folder.glob(f"{sha256}-*")
        # A sandbox that was killed may have left half a line.
        for line in file.read_text(encoding="utf-8").splitlines(keepends=True)
        if line.endswith("\n") and ROLE.search(json.loads(line)["caller"])
    }
    return [json.loads(line) for line in sorted(found)]


def alike(line: str) -> str:
    """The line without what differs between calls of a kind, its time and its result."""

    def of(text: str) -> str:
        for pattern, same in ALIKE_IN_ALL:
            text = pattern.sub(same, text)
        return text

    call = json.loads(line)
    kept = {name: of(call[name]) for name in ("caller", "service", "operation", "request")}
    return json.dumps({**kept, "names": {name: of(value) for name, value in sorted(call["names"].items())}})


def in_dev(line: "dict[str, Any]") -> "dict[str, Any]":
    """The same call in the environment dev, as a line of its journal."""
    names = {name: _named(name, value) for name, value in line["names"].items()}
    request = (
        re.sub(r"^(\w+ )/[^/?]+", rf"\1/{BUCKET}", line["request"]) if line["service"] == "s3" else line["request"]
    )
    caller = ROLE.sub(lambda found: _session(request, *found.groups()), line["caller"])
    return {**line, "caller": caller, "request": OF_FLEETS.sub(rf"\g<1>{GROUP}", request), "names": names}


def _session(request: str, role: str, session: str) -> str:
    # The sandbox's instances share a role; the machine that writes this is the bastion.
    if role == "gantry-instance" and "/bastion/jump/" in request:
        return f"assumed-role/gantry-dev-bastion/{INSTANCE}"
    if role == "gantry-instance":
        return f"assumed-role/{GROUP}-instance/{INSTANCE}"
    name = role.replace("gantry-", "gantry-dev-", 1)
    return f"assumed-role/{name}/{name if session == role else INSTANCE}"


def _named(name: str, value: str) -> str:
    if name == "AutoScalingGroupName":
        return GROUP
    if name == "DocumentName":
        return "document"
    if name == "QueueUrl":
        return re.sub(r"/gantry-([a-z-]+)$", r"/gantry-dev-\1", value)
    return SSH_KEY if name == "x-amz-server-side-encryption-aws-kms-key-id" else value


def behind(call: "dict[str, Any]") -> "Iterator[dict[str, Any]]":
    """The call, and the right to list that S3 asks of a function before it says 404."""
    yield call
    if call["who"] in FUNCTIONS and call["does"] in ("s3:GetObject", "s3:PutObject"):
        yield {**call, "does": "s3:ListBucket", "on": f"arn:aws:s3:::{BUCKET}", "with": {}}


def kind_of(on: str) -> str:
    """By which a kept call and a recorded one are compared."""
    folder, slash, key = on.partition(f"{BUCKET}/")
    object_kind = KIND.fullmatch(key) if slash else None
    if object_kind:
        return f"{folder}{object_kind[1]}/{object_kind[2] or '*'}"
    return re.sub(r":autoScalingGroup:[^:]+:", ":autoScalingGroup::", on)


Made = "set[tuple[str, str, str]]"


def was_made(call: dict, made: Made) -> bool:
    """Whether a function was seen to need it; any of those that share their code."""
    whom = (BASTION,) if call["who"] == BASTION else ALIKE
    return any((who, call["does"], kind_of(call.get("on", "*"))) in made for who in whom)


def unmade(kept: "list[dict]", made: Made) -> "Iterator[str]":
    has_bastion = any(who == BASTION for who, *_ in made)
    known = {who for who in FUNCTIONS if has_bastion or who != BASTION}
    for call in kept:
        # If no instance boots, the bastion is not used.
        over_it = "/bastion/" in call.get("on", "") or call.get("on", "").endswith("-bastion")
        if call["who"] in known and "why" not in call and (has_bastion or not over_it) and not was_made(call, made):
            yield f"no function made this call, and it has no reason: {call['does']} on {call.get('on', 'anything')}"


def main() -> int:
    if len(sys.argv) < 4:
        print(__doc__, file=sys.stderr)
        return 2
    package, expected, *folders = map(Path, sys.argv[1:])
    journal = [in_dev(line) for line in recorded(package, folders)]
    if not journal:
        print(f"no role called with {package}: suite java records it (scripts/test --only java)", file=sys.stderr)
        return 3
    asked = {json.dumps(one, sort_keys=True): one for call in calls(journal, DEV) for one in behind(call)}
    print(json.dumps([{**call, "why": "recorded"} for call in asked.values()], indent=1))
    made = {(call["who"], call["does"], kind_of(call["on"])) for call in asked.values()}
    findings = sorted(set(unmade(json.loads(expected.read_text("utf-8")), made)))
    for finding in findings:
        print(finding, file=sys.stderr)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
