#!/usr/bin/env python3
"""What the role needs from AWS: objects of S3, and a parameter's value.

Uses boto3 if the distribution has it, otherwise the aws command (Amazon Linux has the command in its images).
Credentials are the instance's own (IMDSv2). AWS_ENDPOINT_URL counts, from the environment or from
/etc/environment: units and Run Command's scripts do not get what is there, and boto3 before 1.28 does not read it.
"""

import contextlib
import json
import os
import re
import shutil
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

METADATA = "http://169.254.169.254/latest"
IMDS_SECONDS = 5
S3_URI = re.compile(r"s3://(?P<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])/(?P<key>.*)")


class CloudError(Exception):
    """A call that did not succeed: what was asked for, of which resource, and what AWS said."""


@dataclass(frozen=True)
class Stored:
    """One object as a list shows it. The ETag is used only to detect that the content changed."""

    bucket: str
    key: str
    etag: str
    size: int

    @property
    def uri(self) -> str:
        return f"s3://{self.bucket}/{self.key}"


def split(uri: str) -> "tuple[str, str]":
    """Bucket and key (or prefix) of an s3:// address."""
    parts = S3_URI.fullmatch(uri)
    if not parts:
        raise CloudError(f"{uri!r} is no address of S3: s3://BUCKET/KEY is one")
    return parts["bucket"], parts["key"]


def setting(name: str) -> str:
    """A variable of the environment, or of /etc/environment, or nothing."""
    if os.environ.get(name):
        return os.environ[name]
    with contextlib.suppress(OSError):
        for line in Path("/etc/environment").read_text(encoding="utf-8").splitlines():
            key, _, value = line.strip().removeprefix("export ").partition("=")
            if key == name:
                return value.strip("\"'")
    return ""


def metadata(path: str) -> str:
    """The instance metadata service, version 2 (EC2 user guide, "Use the Instance Metadata Service")."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        asked = urllib.request.Request(  # noqa: S310
            f"{METADATA}/api/token", method="PUT", headers={"X-aws-ec2-metadata-token-ttl-seconds": "60"}
        )
        with opener.open(asked, timeout=IMDS_SECONDS) as answer:
            token = answer.read().decode()
        asked = urllib.request.Request(  # noqa: S310
            f"{METADATA}/{path}", headers={"X-aws-ec2-metadata-token": token}
        )
        with opener.open(asked, timeout=IMDS_SECONDS) as answer:
            return answer.read().decode()
    except (OSError, urllib.error.URLError) as error:
        raise CloudError(f"the metadata service does not tell {path}: {error}") from error


def region() -> str:
    return setting("AWS_REGION") or setting("AWS_DEFAULT_REGION") or metadata("meta-data/placement/region")


class Boto:
    """Through boto3."""

    def __init__(self) -> None:
        import boto3
        import botocore.config
        import botocore.exceptions
        import urllib3.exceptions

        # Older releases of botocore let through what urllib3 says of a connection that breaks during a download.
        known = (botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError)
        self.errors = (*known, urllib3.exceptions.HTTPError)
        self.endpoint = setting("AWS_ENDPOINT_URL") or None
        self.boto3 = boto3
        self.config = botocore.config.Config(
            connect_timeout=5,
            read_timeout=60,
            retries={"max_attempts": 5, "mode": "standard"},
            # Another endpoint than AWS's has no DNS names for buckets.
            s3={"addressing_style": "path" if self.endpoint else "auto"},
        )

    def client(self, service: str) -> "object":
        return self.boto3.client(service, region_name=region(), endpoint_url=self.endpoint, config=self.config)

    def pages(self, bucket: str, prefix: str) -> "Iterator[dict]":
        yield from self.client("s3").get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)

    def download(self, bucket: str, key: str, target: Path) -> None:
        body = self.client("s3").get_object(Bucket=bucket, Key=key)["Body"]
        with target.open("wb") as file:
            shutil.copyfileobj(body, file)

    def parameter(self, name: str) -> str:
        return self.client("ssm").get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"]


class Command:
    """Through the aws command, which follows the pages of a list by itself."""

    errors = (OSError, subprocess.SubprocessError, ValueError)

    def call(self, *arguments: str) -> dict:
        endpoint = setting("AWS_ENDPOINT_URL")
        options = ["--output", "json", "--region", region(), *(["--endpoint-url", endpoint] if endpoint else [])]
        command = ["aws", *arguments, *options]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise subprocess.SubprocessError(done.stderr.strip() or f"aws ended with {done.returncode}")
        return json.loads(done.stdout or "{}")

    def pages(self, bucket: str, prefix: str) -> "Iterator[dict]":
        yield self.call("s3api", "list-objects-v2", "--bucket", bucket, "--prefix", prefix)

    def download(self, bucket: str, key: str, target: Path) -> None:
        self.call("s3api", "get-object", "--bucket", bucket, "--key", key, str(target))

    def parameter(self, name: str) -> str:
        return self.call("ssm", "get-parameter", "--name", name, "--with-decryption")["Parameter"]["Value"]


def way() -> "Boto | Command":
    try:
        return Boto()
    except ImportError:
        if shutil.which("aws"):
            return Command()
    raise CloudError("neither boto3 for /usr/bin/python3 nor the aws command is installed, so AWS cannot be asked")


class Cloud:
    """Calls to AWS; every failure is a CloudError that names its resource."""

    def __init__(self) -> None:
        self.way = way()

    @contextlib.contextmanager
    def _named(self, what: str) -> Iterator[None]:
        try:
            yield
        except self.way.errors as error:
            raise CloudError(f"{what}: {error}") from error

    def below(self, uri: str) -> "list[Stored]":
        """The objects whose keys begin with the address's key; "folders" of size zero are left out."""
        bucket, prefix = split(uri)
        with self._named(f"cannot list {uri}"):
            return [
                Stored(bucket, found["Key"], found["ETag"].strip('"'), found["Size"])
                for page in self.way.pages(bucket, prefix)
                for found in page.get("Contents") or []
                if not found["Key"].endswith("/")
            ]

    def download(self, uri: str, target: Path) -> None:
        bucket, key = split(uri)
        with self._named(f"cannot read {uri}"):
            self.way.download(bucket, key, target)

    def parameter(self, name: str) -> str:
        """The value is a secret: it is in no message."""
        with self._named(f"cannot read the parameter {name}"):
            return self.way.parameter(name)
