"""Downloads a run's files into their folder, as the document's agent does on the other channel: with the
distribution's boto3, the instance's role and the Region of the metadata service."""

import os
from pathlib import Path

import archives
import diagnose
import metadata
from asked import Asked
from results import Failed, Fault, Kind
from store import endpoint
from waits import Deadline

# S3's error codes after which a retry does not help before somebody has repaired something.
LASTING = {"403", "404", "AccessDenied", "NoSuchBucket", "NoSuchKey", "PermanentRedirect", "InvalidAccessKeyId"}


def downloads(asked: Asked, folder: Path, deadline: Deadline) -> None:
    s3 = _client()
    _object(s3, asked.bucket, asked.key, folder / Path(asked.key).name, Fault.BUNDLE, deadline)
    if asked.options.from_wheelhouse:
        bucket, key, _ = diagnose.place(asked.options["WheelhouseUri"])
        _object(s3, bucket, key, folder / asked.options.wheelhouse_file, Fault.INSTANCE, deadline)


def _client():
    try:
        import boto3
        from botocore.config import Config
    except ImportError:
        message = "the instance's python3 has no boto3, which downloads the bundle: install python3-boto3 in the image"
        raise Failed(Kind.DEPENDENCIES, Fault.INSTANCE, message) from None
    try:
        region = os.environ.get("AWS_REGION") or metadata.region()
    except OSError as error:
        message = f"the metadata service does not say the Region: {error}"
        raise Failed(Kind.BUNDLE, Fault.NOBODY, message) from error
    config = Config(connect_timeout=5, read_timeout=20, retries={"mode": "standard", "total_max_attempts": 4})
    return boto3.client("s3", region_name=region, endpoint_url=endpoint(os.environ), config=config)


def _object(s3, bucket: str, key: str, path: Path, too_big: Fault, deadline: Deadline) -> None:
    from botocore.exceptions import BotoCoreError, ClientError

    where = f"s3://{bucket}/{key}"
    try:
        answer = s3.get_object(Bucket=bucket, Key=key)
        _write(answer["Body"], path, where, too_big, deadline)
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "unknown")
        fault = Fault.INSTANCE if code in LASTING else Fault.NOBODY
        message = f"{where} cannot be read by this instance ({code}): is it there, and may the instance's role read it?"
        raise Failed(Kind.BUNDLE, fault, message) from error
    except BotoCoreError as error:
        message = f"{where} cannot be read by this instance, which has no way to S3 or no role: {error}"
        raise Failed(Kind.BUNDLE, Fault.NOBODY, message) from error


def _write(body, path: Path, where: str, too_big: Fault, deadline: Deadline) -> None:
    left = archives.MAX_BYTES
    with path.open("wb") as file:
        for block in body.iter_chunks(archives.BLOCK):
            left -= len(block)
            if left < 0:
                raise Failed(Kind.BUNDLE, too_big, f"{where} has more than {archives.MAX_BYTES} bytes")
            if deadline.left() <= 0:
                raise Failed(Kind.TIMEOUT, Fault.NOBODY, f"{where} did not arrive within the run's time")
            file.write(block)
