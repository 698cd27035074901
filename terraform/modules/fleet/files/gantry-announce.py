#!/usr/bin/python3
"""Tells Gantry's queue, once, that this instance's SSM agent has registered. Best effort: without it Gantry finds out.

Needs python3-boto3 and sqs:SendMessage for the instance's role. In the environment: GANTRY_QUEUE_URL, AWS_REGION.
"""

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request

METADATA = os.environ.get("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://169.254.169.254").rstrip("/")
# The agent's own tool: of the distribution's package, and of Ubuntu's snap.
SSM_CLI = ("/usr/bin/ssm-cli", "/snap/amazon-ssm-agent/current/ssm-cli")
WAIT_SECONDS, LOOK_EVERY_SECONDS = 600, 2


def instance_id() -> str:
    """By IMDSv2, the only version that Gantry's instances answer."""
    ttl = {"X-aws-ec2-metadata-token-ttl-seconds": "60"}
    with urllib.request.urlopen(  # noqa: S310 # the link-local address above
        urllib.request.Request(f"{METADATA}/latest/api/token", method="PUT", headers=ttl),  # noqa: S310
        timeout=5,
    ) as answer:
        token = answer.read().decode()
    with urllib.request.urlopen(  # noqa: S310
        urllib.request.Request(  # noqa: S310
            f"{METADATA}/latest/meta-data/instance-id", headers={"X-aws-ec2-metadata-token": token}
        ),
        timeout=5,
    ) as answer:
        return answer.read().decode()


def registered(cli: str) -> bool:
    """ssm-cli answers with the instance's information from the moment the agent has registered."""
    asked = subprocess.run([cli, "get-instance-information"], capture_output=True, check=False)
    return asked.returncode == 0 and b"instance-id" in asked.stdout


def main() -> int:
    cli = next((path for path in SSM_CLI if shutil.which(path)), None)
    if cli is None:
        print(f"no ssm-cli ({', '.join(SSM_CLI)}): Gantry finds this instance by looking", file=sys.stderr)
        return 0
    end = time.monotonic() + WAIT_SECONDS
    while not registered(cli):
        if time.monotonic() > end:
            print(f"the SSM agent has not registered within {WAIT_SECONDS} s", file=sys.stderr)
            return 1
        time.sleep(LOOK_EVERY_SECONDS)
    import boto3  # Not before: it takes a second of a small instance's start.

    body = {"source": "gantry", "detail-type": "Instance Announcement", "detail": {"EC2InstanceId": instance_id()}}
    boto3.client("sqs").send_message(QueueUrl=os.environ["GANTRY_QUEUE_URL"], MessageBody=json.dumps(body))
    return 0


if __name__ == "__main__":
    sys.exit(main())
