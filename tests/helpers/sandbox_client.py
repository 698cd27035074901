"""What tests ask of the sandbox often: one process a question, where the aws command would take several.

usage: sandbox_client.py run DOCUMENT INSTANCE STEP NAME=VALUE…   sends a command, waits, prints the step's output
       sandbox_client.py send DOCUMENT INSTANCE NAME=VALUE…       prints the command's id
       sandbox_client.py ended COMMAND INSTANCE STEP              waits, prints the step's output
       sandbox_client.py put FILE KEY                             into the sandbox's bucket
       sandbox_client.py drop KEY                                 out of it
"""

import sys
import time
from pathlib import Path

import boto3

BUCKET = "gantry-sandbox"
PATIENCE_SECONDS = 1200
ENDS = {"Success", "Failed", "TimedOut", "Cancelled"}


def main() -> int:
    what, *rest = sys.argv[1:]
    if what == "put":
        put(boto3.client("s3"), *rest)
        return 0
    if what == "drop":
        boto3.client("s3").delete_object(Bucket=BUCKET, Key=rest[0])
        return 0
    ssm = boto3.client("ssm")
    if what == "send":
        print(send(ssm, rest[0], rest[1], rest[2:]))
        return 0
    if what == "run":
        return ended(ssm, send(ssm, rest[0], rest[1], rest[3:]), rest[1], rest[2])
    return ended(ssm, *rest)


def put(s3, path: str, key: str) -> None:
    """An object that the bucket's policy protects is written only once; its name is the digest of its bytes."""
    if not key.startswith(("bundles/", "wheelhouses/")):
        s3.upload_file(path, BUCKET, key)
        return
    try:
        s3.put_object(Bucket=BUCKET, Key=key, Body=Path(path).read_bytes(), IfNoneMatch="*", ChecksumAlgorithm="SHA256")
    except s3.exceptions.ClientError as error:
        if error.response["Error"]["Code"] != "PreconditionFailed":
            raise


def send(ssm, document: str, instance: str, pairs: "list[str]") -> str:
    parameters = {name: [value] for name, value in (pair.split("=", 1) for pair in pairs)}
    answer = ssm.send_command(DocumentName=document, InstanceIds=[instance], Parameters=parameters)
    return answer["Command"]["CommandId"]


def ended(ssm, command: str, instance: str, step: str) -> int:
    end = time.monotonic() + PATIENCE_SECONDS
    while not has_ended(ssm.list_command_invocations(CommandId=command)):
        if time.monotonic() > end:
            print(f"command {command} has not ended", file=sys.stderr)
            return 1
        time.sleep(0.2)
    answer = ssm.get_command_invocation(CommandId=command, InstanceId=instance, PluginName=step)
    print(answer["StandardOutputContent"], end="", flush=True)
    print(answer["StandardErrorContent"], end="", file=sys.stderr)
    return 0


def has_ended(answer: dict) -> bool:
    statuses = [invocation["Status"] for invocation in answer["CommandInvocations"]]
    return statuses != [] and ENDS.issuperset(statuses)


if __name__ == "__main__":
    sys.exit(main())
