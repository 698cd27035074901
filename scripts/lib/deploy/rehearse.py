"""Looks at what a rehearsal has launched, and at what it was told to do.

Usage: rehearse.py in-service ENDPOINT            each instance is in service, and none was abandoned or replaced
       rehearse.py wait ENDPOINT GROUP COUNT      waits until the group has so many in service, and no other
       rehearse.py running ENDPOINT               waits until a command runs, and prints its instance
       rehearse.py commands-sent ENDPOINT COUNT   so many commands were sent to instances
       rehearse.py principal JOURNAL ROLE         instances called AWS, all of them as sessions of that role or of other
                                                  instances' roles, named after themselves
       rehearse.py left ENDPOINT ENVIRONMENT      nothing of the environment is there any more, but keys that wait for
                                                  their deletion, and addresses that bootstrap keeps
       rehearse.py commands FILE HEADING COUNT    prints the shell blocks below a heading of a document; the first
                                                  COUNT, all if it is empty

Exit codes: 0 done, 1 it is not so, with what is, 2 wrong arguments.
"""

import json
import re
import sys
import time
from collections.abc import Iterator
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
    groups = groups_of(endpoint)
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


def left(endpoint: str, environment: str) -> None:
    found = sorted({*tagged(endpoint, environment), *named(endpoint, f"gantry-{environment}")})
    if found:
        raise Failed(f"{environment} still has: {found}")
    print(f"nothing of {environment} is left")


def tagged(endpoint: str, environment: str) -> "Iterator[str]":
    wanted = {"Project": "gantry", "Environment": environment}
    filters = [{"Key": key, "Values": [value]} for key, value in wanted.items()]
    pages = client(endpoint, "resourcegroupstaggingapi").get_paginator("get_resources").paginate(TagFilters=filters)
    for resource in pages.search("ResourceTagMappingList"):
        arn, tags = resource["ResourceARN"], {tag["Key"]: tag["Value"] for tag in resource["Tags"]}
        if tags.get("Purpose") != "load-balancer" and not is_going(endpoint, arn):
            yield arn


def is_going(endpoint: str, arn: str) -> bool:
    """What AWS still shows for a time: a key until its deletion, a terminated instance, a deleted NAT gateway."""
    ec2, name = client(endpoint, "ec2"), arn.rsplit("/", 1)[-1]
    if ":key/" in arn:
        state = client(endpoint, "kms").describe_key(KeyId=arn)["KeyMetadata"]["KeyState"]
        return bool(state == "PendingDeletion")
    if ":instance/" in arn:
        found = ec2.describe_instances(InstanceIds=[name])["Reservations"]
        return all(one["State"]["Name"] == "terminated" for each in found for one in each["Instances"])
    if ":natgateway/" in arn:
        return all(one["State"] == "deleted" for one in ec2.describe_nat_gateways(NatGatewayIds=[name])["NatGateways"])
    return False


def named(endpoint: str, prefix: str) -> "Iterator[str]":
    """What the sandbox has: the tagging service does not know it."""
    ssm = client(endpoint, "ssm")
    mine = [{"Key": "Owner", "Values": ["Self"]}]
    below = [{"Key": "Name", "Option": "BeginsWith", "Values": [f"/{prefix}/"]}]
    names = [
        *(one["AutoScalingGroupName"] for one in groups_of(endpoint)),
        *(one["Name"] for one in client(endpoint, "s3").list_buckets()["Buckets"]),
        *(url.rsplit("/", 1)[-1] for url in client(endpoint, "sqs").list_queues().get("QueueUrls", [])),
        *(one["Name"] for one in ssm.list_documents(Filters=mine)["DocumentIdentifiers"]),
        *(one["Name"].lstrip("/") for one in ssm.describe_parameters(ParameterFilters=below)["Parameters"]),
    ]
    yield from (name for name in names if re.match(f"{prefix}[-/]", name))


def groups_of(endpoint: str) -> "list[dict]":
    found: "list[dict]" = client(endpoint, "autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"]
    return found


def commands(file: str, heading: str, first: str) -> None:
    sections = re.split(r"^#+ (.*)$", Path(file).read_text("utf-8"), flags=re.MULTILINE)
    try:
        section = sections[sections.index(heading) + 1]
    except ValueError:
        raise Failed(f"{file} has no heading {heading!r}") from None
    found = BLOCK.findall(section)
    if not found:
        raise Failed(f"{file} has no commands below {heading!r}")
    print("".join(found[: int(first)] if first else found), end="")


ACTIONS = {
    "in-service": in_service,
    "wait": wait,
    "running": running,
    "commands-sent": commands_sent,
    "principal": principal,
    "left": left,
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
