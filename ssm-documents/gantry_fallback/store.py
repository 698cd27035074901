"""Gantry's bucket, as this instance's role may use it."""

import os
from collections.abc import Mapping


class Unreachable(Exception):
    """An object could not be read or written; the message says which, and S3's own words."""


def endpoint(environment: "Mapping[str, str]") -> "str | None":
    """Another S3 than AWS's, if the system names one: boto3 reads it itself from 1.28 on, and Debian 12 has 1.26."""
    return environment.get("AWS_ENDPOINT_URL_S3") or environment.get("AWS_ENDPOINT_URL")


class Store:
    """A few objects by their keys. Raises Unreachable, also where boto3 is not there yet: user data may install it."""

    def __init__(self, bucket: str, region: str):
        try:
            import boto3
            from botocore.config import Config
        except ImportError as error:
            raise Unreachable("python3-boto3 is not on the instance") from error
        config = Config(connect_timeout=5, read_timeout=10, retries={"mode": "standard", "total_max_attempts": 2})
        self._bucket = bucket
        region = os.environ.get("AWS_REGION") or region
        self._make = lambda: boto3.client("s3", region_name=region, endpoint_url=endpoint(os.environ), config=config)
        self._client = None

    def read(self, key: str) -> str:
        return self._call("read", key, lambda: self._content(key)).decode()

    def _content(self, key: str) -> bytes:
        return self._s3().get_object(Bucket=self._bucket, Key=key)["Body"].read()

    def write(self, key: str, text: str) -> None:
        content = {"Body": text.encode(), "ContentType": "application/json"}
        self._call("written", key, lambda: self._s3().put_object(Bucket=self._bucket, Key=key, **content))

    def _s3(self):
        if self._client is None:
            self._client = self._make()
        return self._client

    def _call(self, what: str, key: str, do):
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            return do()
        except (BotoCoreError, ClientError) as error:
            # A client that was made before the role's keys were there never looks for them again. After an answer of
            # S3, for example that there is no record yet, the client is good.
            if isinstance(error, BotoCoreError):
                self._client = None
            raise Unreachable(f"s3://{self._bucket}/{key} cannot be {what}: {error}") from error
