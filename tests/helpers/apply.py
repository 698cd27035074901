"""Applies a bundle to an instance of the sandbox as an operator does by hand, and prints what came of it.

Usage: apply.py INSTANCE BUNDLE.zip PLAYBOOK [NAME=VALUE…]    more parameters of the document

The document is $GANTRY_DOCUMENT (AWS-ApplyAnsiblePlaybooks); ours gets the bundle's sha256 and a run id, too. Prints
the status, then the output of the step that ran Ansible, as much as Run Command keeps of it. Exit codes: 0 the command
succeeded, 1 it did not.
"""

import hashlib
import json
import os
import sys
import time
from pathlib import Path

import botocore.exceptions
import botocore.session

BUCKET, FLEET = "gantry-sandbox", "web"
PATIENCE_SECONDS = 1200
# The step that runs Ansible has this name in either document.
STEP = "runShellScript"


def client(service):
    return botocore.session.get_session().create_client(service, endpoint_url=os.environ["AWS_ENDPOINT_URL"])


def send(systems, instance, key, playbook, more):
    path = {"path": f"https://s3.{os.environ['AWS_REGION']}.amazonaws.com/{BUCKET}/{key}"}
    document = os.environ.get("GANTRY_DOCUMENT", "AWS-ApplyAnsiblePlaybooks")
    parameters = {
        "SourceType": ["S3"],
        "SourceInfo": [json.dumps(path)],
        "InstallDependencies": ["False"],
        "PlaybookFile": [playbook],
        "ExtraVariables": [f"SSM=True gantry_bundle={Path(key).stem}"],
        **(
            {"BundleSha256": [Path(key).stem], "RunId": [f"by-hand-{time.time_ns()}"]}
            if identifies_runs(document)
            else {}
        ),
        **{name: [value] for name, _, value in (pair.partition("=") for pair in more)},
    }
    return systems.send_command(InstanceIds=[instance], DocumentName=document, Parameters=parameters)["Command"][
        "CommandId"
    ]


def identifies_runs(document):
    return document.startswith("Gantry-")


def result(systems, command, instance):
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        try:
            answer = systems.get_command_invocation(CommandId=command, InstanceId=instance, PluginName=STEP)
            if answer["Status"] not in ("Pending", "InProgress", "Delayed"):
                return answer
        except botocore.exceptions.ClientError as error:
            if error.response["Error"]["Code"] != "InvocationDoesNotExist":
                raise
        time.sleep(0.2)
    raise SystemExit(f"command {command} did not end within {PATIENCE_SECONDS} s")


def main():
    instance, bundle, playbook, *more = sys.argv[1:]
    content = Path(bundle).read_bytes()
    key = f"bundles/{FLEET}/{hashlib.sha256(content).hexdigest()}.zip"
    try:
        client("s3").put_object(Bucket=BUCKET, Key=key, Body=content, IfNoneMatch="*")
    except botocore.exceptions.ClientError as error:
        if error.response["Error"]["Code"] != "PreconditionFailed":
            raise
    systems = client("ssm")
    answer = result(systems, send(systems, instance, key, playbook, more), instance)
    print(answer["Status"])
    print(answer["StandardOutputContent"])
    print(answer["StandardErrorContent"])
    return 0 if answer["Status"] == "Success" else 1


if __name__ == "__main__":
    sys.exit(main())
