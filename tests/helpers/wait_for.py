"""Waits for the sandbox in one process: a loop of commands would keep a processor busy all the while.

usage: wait_for.py group NAME STATE                    until an instance of the group is in the state; prints its id
       wait_for.py command ID INSTANCE STATUS [STEP]   until the command, or a step of it, has the status there
       wait_for.py object PREFIX                       until the sandbox's bucket has an object below the prefix
"""

import os
import sys
import time

import boto3

BUCKET = "gantry-sandbox"
PATIENCE_SECONDS = int(os.environ.get("MOST_SECONDS", "1200"))


def group(name: str, state: str):
    """The id of an instance of the group that is in the state."""
    scaling = boto3.client("autoscaling")

    def look():
        groups = scaling.describe_auto_scaling_groups(AutoScalingGroupNames=[name])["AutoScalingGroups"]
        states = {i["LifecycleState"]: i["InstanceId"] for one in groups for i in one["Instances"]}
        return states.get(state)

    return look


def command(identifier: str, instance: str, status: str, step: str = ""):
    """Whether the command, or a step of it, has the status on the instance."""
    ssm = boto3.client("ssm")
    question = {"CommandId": identifier, "InstanceId": instance, **({"PluginName": step} if step else {})}

    def look():
        try:
            return ssm.get_command_invocation(**question)["Status"] == status
        except (ssm.exceptions.InvocationDoesNotExist, ssm.exceptions.InvalidPluginName):
            return False

    return look


def object_below(prefix: str):
    """The key of an object of the sandbox's bucket."""
    s3 = boto3.client("s3")
    return lambda: next(
        (found["Key"] for found in s3.list_objects_v2(Bucket=BUCKET, Prefix=prefix).get("Contents", [])), None
    )


WAITS = {"group": group, "command": command, "object": object_below}


def main() -> int:
    look = WAITS[sys.argv[1]](*sys.argv[2:])
    end = time.monotonic() + PATIENCE_SECONDS
    while not (found := look()):
        if time.monotonic() > end:
            print(f"not within {PATIENCE_SECONDS} s: {' '.join(sys.argv[1:])}", file=sys.stderr)
            return 1
        time.sleep(0.2)
    print("" if found is True else found)
    return 0


if __name__ == "__main__":
    sys.exit(main())
