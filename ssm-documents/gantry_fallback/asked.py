"""What a start asks for: the hardened document's options as NAME=value lines, where the bundle is, and a last line that
says that they are all there."""

import re
from dataclasses import dataclass

import options
from results import Failed, Fault, Kind

RUN = r"[A-Za-z0-9][A-Za-z0-9-]{0,63}"
SOURCE = re.compile(r"s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])/(bundles/[A-Za-z0-9%._-]+/([0-9a-f]{64})\.zip)")
MAX_BYTES = 65_536


@dataclass(frozen=True)
class Asked:
    """One start, checked."""

    options: options.Options
    bucket: str
    key: str


def read(text: str, run: str) -> Asked:
    """Refuses what has no end: a connection that was cut gives the first part of a start, and an end of file."""
    *lines, end = text.rstrip("\n").split("\n")
    if end != f"End={run}":
        raise _wrong(f"its last line is not End={run}; was the connection cut?")
    sources = [line.partition("=")[2] for line in lines if line.startswith("Source=")]
    # Nothing but the lines counts: the environment is that of a login.
    wanted = options.read([line for line in lines if not line.startswith("Source=")], {})
    if wanted["RunId"] != run:
        raise _wrong(f"RunId is not {run}")
    found = SOURCE.fullmatch(sources[0]) if len(sources) == 1 else None
    if not found:
        raise _wrong(f"one Source is needed, and it does not match {SOURCE.pattern}")
    bucket, key, sha256 = found.groups()
    if wanted["BundleSha256"] != sha256:
        raise _wrong("BundleSha256 is not the sha256 in Source")
    return Asked(wanted, bucket, key)


def _wrong(why: str) -> Failed:
    return Failed(Kind.OPTIONS, Fault.INSTANCE, f"the start cannot be used: {why}")
