"""Waits until a command has ended on an instance, and prints the standard output of one of its steps.

usage: ended_command.py COMMAND INSTANCE STEP [SECONDS]
"""

import sys
import time

import boto3


def main() -> int:
    command, instance, step, *rest = sys.argv[1:]
    end = time.monotonic() + float(rest[0] if rest else 120)
    ssm = boto3.client("ssm")
    while not _ended(ssm.list_command_invocations(CommandId=command)):
        if time.monotonic() > end:
            print(f"command {command} has not ended", file=sys.stderr)
            return 1
        time.sleep(0.3)
    answer = ssm.get_command_invocation(CommandId=command, InstanceId=instance, PluginName=step)
    print(answer["StandardOutputContent"], end="")
    print(answer["StandardErrorContent"], end="", file=sys.stderr)
    return 0


def _ended(answer: dict) -> bool:
    statuses = [invocation["Status"] for invocation in answer["CommandInvocations"]]
    return statuses != [] and set(statuses) <= {"Success", "Failed", "TimedOut", "Cancelled"}


if __name__ == "__main__":
    sys.exit(main())
