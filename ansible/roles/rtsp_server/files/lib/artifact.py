#!/usr/bin/env python3
"""Fetches an archive and unpacks it once: only if it has the expected sha256, and only completely.

Usage: artifact.py URI SHA256 FOLDER MEMBER

URI is https:// or s3://. FOLDER is made from the archive's files and holds MEMBER then, at its top or below (its own
folder is linked as FOLDER/bin). Prints "unpacked" or "there already".
Exit codes: 0 it is there, 1 it is not, and why.
"""

import hashlib
import shutil
import sys
import tarfile
import tempfile
import urllib.error
import urllib.request
from pathlib import Path

from cloud import Cloud, CloudError

PATIENCE_SECONDS = 60
MOST_BYTES = 1_000_000_000


class Refused(Exception):
    """The archive is wrong; the message says which one and why."""


def bring(uri: str, target: Path) -> None:
    if uri.startswith("s3://"):
        Cloud().download(uri, target)
        return
    try:
        with urllib.request.urlopen(uri, timeout=PATIENCE_SECONDS) as answer, target.open("wb") as file:  # noqa: S310
            shutil.copyfileobj(answer, file)
    except (OSError, urllib.error.URLError) as error:
        raise Refused(
            f"{uri} cannot be read: {error}. Without a way to the internet: scripts/ops/mirror-artifacts puts the "
            "archives into S3, and rtsp_server_artifact_prefix names the place"
        ) from error


def sha256_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def unpack(archive: Path, folder: Path, uri: str) -> None:
    """Files and folders only, below the folder only: links, devices and absolute names are refused."""
    with tarfile.open(archive) as packed:
        members = packed.getmembers()
        for member in members:
            if not (member.isfile() or member.isdir()) or member.name.startswith("/") or ".." in member.name.split("/"):
                raise Refused(f"{uri}: {member.name} is no plain file below the archive's top")
        if sum(member.size for member in members) > MOST_BYTES:
            raise Refused(f"{uri}: unpacks to more than {MOST_BYTES} bytes")
        for member in members:
            member.uid = member.gid = 0
            member.uname = member.gname = "root"
            member.mode = 0o755 if member.isdir() or member.mode & 0o100 else 0o644
            packed.extract(member, folder)


def place(uri: str, sha256: str, folder: Path, wanted: str) -> str:
    if (folder / "bin" / wanted).exists():
        return "there already"
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".incoming-") as made:
        archive, tree = Path(made, "archive"), Path(made, "tree")
        bring(uri, archive)
        found = sha256_of(archive)
        if found != sha256:
            raise Refused(f"{uri} has the sha256 {found}, but {sha256} is expected: nothing of it was used")
        tree.mkdir(mode=0o755)
        unpack(archive, tree, uri)
        at = next(iter(sorted(path.parent for path in tree.rglob(wanted) if path.is_file())), None)
        if at is None:
            raise Refused(f"{uri} has no file {wanted}")
        if at != tree / "bin":
            (tree / "bin").symlink_to(at.relative_to(tree))
        shutil.rmtree(folder, ignore_errors=True)
        tree.replace(folder)
    return "unpacked"


def main() -> int:
    uri, sha256, folder, wanted = sys.argv[1:]
    try:
        print(place(uri, sha256, Path(folder), wanted))
    except (Refused, CloudError, tarfile.TarError) as refusal:
        print(refusal, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
