"""Looks at what a rehearsal has launched, and at what it was told to do.

Usage: rehearse.py in-service ENDPOINT            each instance is in service, and none was abandoned or replaced
       rehearse.py wait ENDPOINT GROUP COUNT      waits until the group has so many in service, and no other
       rehearse.py running ENDPOINT               waits until a command runs, and prints its instance
       rehearse.py commands-sent ENDPOINT COUNT   so many commands were sent to instances
       rehearse.py principal JOURNAL ROLE         instances called AWS, all of them as sessions of that role or of other
                                                  instances' roles, named after themselves
       rehearse.py commands FILE HEADING          prints the shell blocks below a heading of a document

Exit codes: 0 done, 1 it is not so, with what is, 2 wrong arguments.
"""

import json
import re
import sys
import time
from pathlib import Path

import boto3

REGION = "eu-central-1"
PATIENCE_SECONDS = 600
SESSION = re.compile(r"assumed-role/([\w+=,.@-]+)/(i-[0-9a-f]{17})$")
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Failed(Exception):
    """The rehearsal failed; the message says what happened instead."""


def client(endpoint: str, service: str):
    keys = {"aws_access_key_id": "sandbox", "aws_secret_access_key": "sandbox"}
    return boto3.client(service, endpoint_url=endpoint, region_name=REGION, **keys)


def states(group: dict) -> "dict[str, str]":
    return {one["InstanceId"]: one["LifecycleState"] for one in group["Instances"]}


def refuse_losses(autoscaling, name: str) -> None:
    activities = autoscaling.describe_scaling_activities(AutoScalingGroupName=name)["Activities"]
    lost = [
        f"{one['Description']} ({one['StatusCode']}): {one['Cause']}"
        for one in activities
        if one["StatusCode"] in ("Failed", "Cancelled") or one["Description"].startswith("Terminating")
    ]
    if lost:
        raise Failed(f"group {name} lost instances on the way: {lost}")


def in_service(endpoint: str) -> None:
    autoscaling = client(endpoint, "autoscaling")
    groups = autoscaling.describe_auto_scaling_groups()["AutoScalingGroups"]
    if not groups:
        raise Failed("there is no group")
    for group in groups:
        name, found = group["AutoScalingGroupName"], states(group)
        refuse_losses(autoscaling, name)
        if list(found.values()) != ["InService"] * group["DesiredCapacity"] or not found:
            raise Failed(f"group {name} wants {group['DesiredCapacity']} in service, and has {found}")
        print(f"group {name}: {found}")


def wait(endpoint: str, name: str, count: str) -> None:
    autoscaling = client(endpoint, "autoscaling")
    seen: "dict[str, str]" = {}
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        group = autoscaling.describe_auto_scaling_groups(AutoScalingGroupNames=[name])["AutoScalingGroups"][0]
        found = states(group)
        if found != seen:
            seen = found
            print(f"group {name}: {found}", flush=True)
        refuse_losses(autoscaling, name)
        if list(found.values()) == ["InService"] * int(count):
            return
        time.sleep(1)
    raise Failed(f"after {PATIENCE_SECONDS} s group {name} has {seen or 'no instance'}")


def running(endpoint: str) -> None:
    ssm = client(endpoint, "ssm")
    in_progress = [{"key": "Status", "value": "InProgress"}]
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        found = ssm.list_command_invocations(Filters=in_progress)["CommandInvocations"]
        if found:
            print(found[0]["InstanceId"])
            return
        time.sleep(1)
    raise Failed(f"after {PATIENCE_SECONDS} s no command runs")


def commands_sent(endpoint: str, count: str) -> None:
    sent = client(endpoint, "ssm").list_commands()["Commands"]
    if len(sent) != int(count):
        raise Failed(f"{len(sent)} command(s) were sent, not {count}: {[one.get('Comment') for one in sent]}")
    print(f"{count} command(s) were sent")


def principal(journal: str, role: str) -> None:
    callers = {json.loads(line)["caller"] for line in Path(journal).read_text("utf-8").splitlines()}
    sessions = {match.groups() for match in map(SESSION.search, callers) if match}
    if role not in {name for name, _ in sessions}:
        raise Failed(f"no instance called AWS as {role}, but {sorted(callers)} did")
    if any("gantry-instance" in caller for caller in callers):
        raise Failed(f"an instance called AWS as the sandbox's own role: {sorted(callers)}")
    print("\n".join(f"{instance} called AWS as {name}" for name, instance in sorted(sessions)))


def commands(file: str, heading: str) -> None:
    sections = re.split(r"^#+ (.*)$", Path(file).read_text("utf-8"), flags=re.MULTILINE)
    try:
        section = sections[sections.index(heading) + 1]
    except ValueError:
        raise Failed(f"{file} has no heading {heading!r}") from None
    found = BLOCK.findall(section)
    if not found:
        raise Failed(f"{file} has no commands below {heading!r}")
    print("".join(found), end="")


ACTIONS = {
    "in-service": in_service,
    "wait": wait,
    "running": running,
    "commands-sent": commands_sent,
    "principal": principal,
    "commands": commands,
}


def main() -> int:
    action = ACTIONS.get(sys.argv[1] if len(sys.argv) > 1 else "")
    if action is None or len(sys.argv) - 2 != action.__code__.co_argcount:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        action(*sys.argv[2:])
    except Failed as failure:
        print(f"rehearse: {failure}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
