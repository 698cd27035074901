#!/usr/bin/python3
"""Brings the instance's side of the bastion channel from S3, and starts it: gantry_fallback boot.

Nothing of it is unpacked before its sha256 was compared with the one in user data. Needs python3-boto3, which user data
may still be installing: tries for half an hour. In the environment: GANTRY_BUCKET, AWS_REGION and, as a sha256,
GANTRY_FALLBACK_PROGRAM.
"""

import hashlib
import io
import os
import shutil
import sys
import time
import zipfile
from pathlib import Path

HOME = Path(os.environ.get("GANTRY_HOME", "/var/lib/gantry")) / "fallback"
TRIES, PAUSE_SECONDS = 180, 10


def fetched(sha256: str) -> bytes:
    import boto3  # Not before: it may not be there yet.

    key = f"bastion/program/{sha256}.zip"
    # Another S3 than AWS's, where the system says so: boto3 reads it itself from 1.28 on only.
    s3 = boto3.client("s3", endpoint_url=os.environ.get("AWS_ENDPOINT_URL"))
    content = s3.get_object(Bucket=os.environ["GANTRY_BUCKET"], Key=key)["Body"].read()
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        raise ValueError(f"{key} has sha256 {found}: nothing of it was unpacked")
    return content


def install(content: bytes, place: Path) -> None:
    new = place.with_name(f"{place.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.extractall(new)
    new.rename(place)


def main() -> int:
    os.umask(0o077)
    sha256 = os.environ["GANTRY_FALLBACK_PROGRAM"]
    place = HOME / sha256[:16]
    said = ""
    for _ in range(TRIES):
        try:
            if not place.exists():
                install(fetched(sha256), place)
            os.execv(sys.executable, [sys.executable, "-I", str(place / "gantry_fallback"), "boot"])  # noqa: S606 # no shell
        except Exception as trouble:  # Whatever it is, the next try may do better.
            if str(trouble) != said:
                said = str(trouble)
                print(f"the program of the bastion channel: {said}; trying again", file=sys.stderr)
            time.sleep(PAUSE_SECONDS)
    print("given up: the bastion cannot reach this instance", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
