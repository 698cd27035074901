#!/usr/bin/env python3
"""Manages the server's passwords, and prints none of them.

Usage: credentials.py FOLDER PUBLISH_PARAMETER READ_USER READ_PARAMETER    (empty where there is none)

The publishers' password is the value of a SecureString parameter, or drawn once and kept. The readers' password, where
readers need one, is the value of a parameter: nobody could tell them one that was drawn here. FOLDER gets
  hashes.json    what mediamtx.yml says of each, as MediaMTX's "sha256:" form
  publisher.env  for the units that publish: GANTRY_PUBLISH_AS=name:password
  reader         for the proof: name:password
all of them readable for root only. Prints "changed" or "unchanged". Exit codes: 0 done, 1 a parameter cannot be read.
"""

import base64
import hashlib
import json
import os
import re
import secrets
import sys
from pathlib import Path

from cloud import Cloud, CloudError

PUBLISHER = "publisher"
# What a URL, a systemd environment file and MediaMTX take without escaping.
SAFE = re.compile(r"[A-Za-z0-9._~-]{8,128}")


class Unusable(Exception):
    """A password that cannot be used; the message names the parameter and the rule, not the password."""


def from_parameter(name: str) -> str:
    value = Cloud().parameter(name)
    if not SAFE.fullmatch(value):
        raise Unusable(f"the value of the parameter {name} is no password for RTSP: 8 to 128 of A-Z a-z 0-9 . _ ~ -")
    return value


def kept(folder: Path) -> str:
    """The password that an earlier run drew; empty where there is none."""
    try:
        found = re.search(rf"={PUBLISHER}:([^@\n]+)", (folder / "publisher.env").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return ""
    return found[1] if found else ""


def hashed(password: str) -> str:
    return "sha256:" + base64.b64encode(hashlib.sha256(password.encode()).digest()).decode()


def write(path: Path, text: str) -> bool:
    """Returns whether it changed anything."""
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return False
    new = path.with_name(f".{path.name}.new")
    new.unlink(missing_ok=True)
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:  # noqa: PTH123
        file.write(text)
    new.replace(path)
    return True


def main() -> int:
    folder, publish_parameter, read_user, read_parameter = Path(sys.argv[1]), *sys.argv[2:]
    try:
        publish = from_parameter(publish_parameter) if publish_parameter else kept(folder) or secrets.token_urlsafe(24)
        read = from_parameter(read_parameter) if read_user else ""
    except (CloudError, Unusable) as error:
        print(error, file=sys.stderr)
        return 1
    hashes = {"publish": hashed(publish), "read": hashed(read) if read else ""}
    changes = [
        write(folder / "hashes.json", json.dumps(hashes)),
        write(folder / "publisher.env", f"GANTRY_PUBLISH_AS={PUBLISHER}:{publish}\n"),
        write(folder / "reader", f"{read_user}:{read}" if read else ""),
    ]
    print("changed" if any(changes) else "unchanged")
    return 0


if __name__ == "__main__":
    sys.exit(main())
