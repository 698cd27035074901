"""What the metadata service says about this instance, by IMDSv2; if it does not answer, what cloud-init has stored."""

import json
import os
import urllib.request
from pathlib import Path

ENDPOINT = "http://169.254.169.254"
PATIENCE = 3
NOTED = Path("/var/lib/cloud/data/instance-id")


def instance_id() -> str:
    try:
        return read("meta-data/instance-id")
    except OSError:
        return NOTED.read_text().strip() if NOTED.is_file() else "unknown"


def region() -> str:
    return read("meta-data/placement/region")


def identity() -> dict:
    """The identity document: instanceId, region, accountId, privateIp."""
    return json.loads(read("dynamic/instance-identity/document"))


def arn(identity: dict) -> str:
    """As the policies know this instance: ec2:SourceInstanceARN."""
    where = f"arn:{read('meta-data/services/partition')}:ec2:{identity['region']}:{identity['accountId']}"
    return f"{where}:instance/{identity['instanceId']}"


def read(path: str) -> str:
    """Raises OSError where the service does not answer, or knows no such path."""
    ttl = {"X-aws-ec2-metadata-token-ttl-seconds": "60"}
    token = _text(urllib.request.Request(f"{_base()}/latest/api/token", method="PUT", headers=ttl))  # noqa: S310
    path = f"{_base()}/latest/{path}"
    return _text(urllib.request.Request(path, headers={"X-aws-ec2-metadata-token": token}))  # noqa: S310


def _base() -> str:
    return os.environ.get("AWS_EC2_METADATA_SERVICE_ENDPOINT", ENDPOINT).rstrip("/")


def _text(request: urllib.request.Request) -> str:
    # No proxy: the address is this instance's own.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=PATIENCE) as answer:
        return answer.read().decode().strip()
