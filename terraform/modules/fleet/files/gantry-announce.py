#!/usr/bin/python3
"""Tells Gantry's queue, once at each boot, that this instance's SSM agent has registered. Best effort: without it
Gantry finds out by looking.

Needs python3-boto3 and sqs:SendMessage for the instance's role. In the environment: GANTRY_QUEUE_URL, AWS_REGION.
Exit codes: 0 announced, 1 the agent has not registered in time, or the queue refused the message.
"""

import json
import os
import re
import sys
import time
import urllib.request
from datetime import datetime, timezone
from pathlib import Path
from urllib.parse import urlsplit

METADATA = "http://169.254.169.254/latest"
# What the agent (3.2 and newer) knows of itself. It notes credentials there when UpdateInstanceInformation succeeded
# with them, which is what makes it Online: ec2roleprovider.go and credentialrefresher.go of aws/amazon-ssm-agent.
# "ssm-cli get-instance-information" is no sign: it answers from the metadata service, before the agent has registered.
AGENT = Path("/var/lib/amazon/ssm/runtimeconfig/identity_config.json")
WAIT_SECONDS, LOOK_EVERY_SECONDS = 600, 1
# Permissions of a new role reach SQS with a delay: seconds between the tries, about a minute in all.
PAUSES = (1, 2, 4, 8, 16, 32)


def instance_id() -> str:
    """By IMDSv2, the only version that Gantry's instances answer; never through a proxy."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    ttl = {"X-aws-ec2-metadata-token-ttl-seconds": "60"}
    asked = urllib.request.Request(f"{METADATA}/api/token", method="PUT", headers=ttl)  # noqa: S310
    with opener.open(asked, timeout=5) as answer:
        token = {"X-aws-ec2-metadata-token": answer.read().decode()}
    asked = urllib.request.Request(f"{METADATA}/meta-data/instance-id", headers=token)  # noqa: S310
    with opener.open(asked, timeout=5) as answer:
        return answer.read().decode()


def registered(instance: str, now: datetime) -> bool:
    """What an image has brought of another instance, and credentials of a time before a stop, do not count."""
    try:
        known = json.loads(AGENT.read_text(encoding="utf-8"))
        # As Go writes it, with nanoseconds and a Z, which Python reads from 3.11 on.
        expires = datetime.fromisoformat(re.sub(r"\.\d+", "", known["CredentialsExpiresAt"]).replace("Z", "+00:00"))
        return known["InstanceId"] == instance and expires > now
    except (OSError, ValueError, KeyError, TypeError):
        # Not there yet, or in writing.
        return False


def await_agent(instance: str) -> bool:
    end = time.monotonic() + WAIT_SECONDS
    while not registered(instance, datetime.now(timezone.utc)):
        if time.monotonic() > end:
            return False
        time.sleep(LOOK_EVERY_SECONDS)
    return True


def tell(instance: str) -> None:
    import boto3  # Not before: it takes a second of a small instance's start.
    from botocore.config import Config

    queue = os.environ["GANTRY_QUEUE_URL"]
    # By the queue's own host: older boto3 goes to another one, for which a VPC endpoint has no name.
    endpoint = "{0.scheme}://{0.netloc}".format(urlsplit(queue))
    once = Config(connect_timeout=5, read_timeout=10, retries={"total_max_attempts": 1})
    body = {"source": "gantry", "detail-type": "Instance Announcement", "detail": {"EC2InstanceId": instance}}
    client = boto3.client("sqs", endpoint_url=endpoint, config=once)
    client.send_message(QueueUrl=queue, MessageBody=json.dumps(body))


def tried(what, *arguments):
    """Again for any reason, since nothing here can be repaired by hand in time; the last one is raised."""
    for pause in PAUSES:
        try:
            return what(*arguments)
        except Exception as error:
            print(f"{error}; again in {pause} s", file=sys.stderr, flush=True)
            time.sleep(pause)
    return what(*arguments)


def main() -> int:
    try:
        instance = tried(instance_id)
        if not await_agent(instance):
            print(f"the SSM agent has not registered within {WAIT_SECONDS} s: Gantry looks for itself", file=sys.stderr)
            return 1
        tried(tell, instance)
    except Exception as error:
        print(f"Gantry was not told, and finds this instance by looking: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
