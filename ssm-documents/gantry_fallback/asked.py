"""What a start asks for: the hardened document's options as NAME=value lines, which instance they are for, where the
bundle is, and a last line that says that they are all there."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

import diagnose
import options
from results import Failed, Fault, Kind

RUN = r"[A-Za-z0-9][A-Za-z0-9-]{0,63}"
SOURCE = re.compile(r"s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])/(bundles/[A-Za-z0-9%._-]+/([0-9a-f]{64})\.zip)")
MAX_BYTES = 65_536
# Lines that are not options of the run.
OWN = ("Source", "Instance")


@dataclass(frozen=True)
class Bound:
    """What a start must be for: this instance, with what is in its own fleet's bucket. A client with the bastion's key
    can choose among that, and nothing else."""

    instance: str
    bucket: str
    fleet: str


def bind(home: Path, bucket: str, fleet: str) -> None:
    """At each boot, before anybody is let in; the fleet as it stands in keys."""
    path = _bound_in(home)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    new.write_text(json.dumps({"bucket": bucket, "fleet": fleet}))
    new.replace(path)


def bound(home: Path, instance: str) -> Bound:
    try:
        told = json.loads(_bound_in(home).read_text())
        return Bound(instance, told["bucket"], told["fleet"])
    except (OSError, ValueError, KeyError, TypeError):
        raise _wrong("this instance was not told its fleet and bucket, which its boot does") from None


def _bound_in(home: Path) -> Path:
    return home / "fallback" / "bound.json"


@dataclass(frozen=True)
class Asked:
    """One start, checked."""

    options: options.Options
    bucket: str
    key: str


def read(text: str, run: str, bound: Bound) -> Asked:
    """Refuses what has no end: a connection that was cut gives the first part of a start, and an end of file. And what
    is meant for another instance, or comes from elsewhere than its fleet's bucket."""
    *lines, end = text.rstrip("\n").split("\n")
    if end != f"End={run}":
        raise _wrong(f"its last line is not End={run}; was the connection cut?")
    own = [line.partition("=") for line in lines if line.partition("=")[0] in OWN]
    # Nothing but the lines counts: the environment is that of a login.
    wanted = options.read([line for line in lines if line.partition("=")[0] not in OWN], {})
    if wanted["RunId"] != run:
        raise _wrong(f"RunId is not {run}")
    if [value for name, _, value in own if name == "Instance"] != [bound.instance]:
        raise _wrong(f"one line Instance={bound.instance} is needed: this is that instance")
    sources = [value for name, _, value in own if name == "Source"]
    found = SOURCE.fullmatch(sources[0]) if len(sources) == 1 else None
    if not found:
        raise _wrong(f"one Source is needed, and it does not match {SOURCE.pattern}")
    bucket, key, sha256 = found.groups()
    if not key.startswith(f"bundles/{bound.fleet}/"):
        raise _wrong(f"Source is not a bundle of this instance's fleet, bundles/{bound.fleet}/")
    if wanted["BundleSha256"] != sha256:
        raise _wrong("BundleSha256 is not the sha256 in Source")
    others = [wanted[name] for name in ("WheelhouseUri", "DiagnosticsUri") if wanted[name]]
    if {bucket, *map(_bucket, others)} != {bound.bucket}:
        raise _wrong(f"all of it has to be in this instance's bucket, {bound.bucket}")
    return Asked(wanted, bucket, key)


def _bucket(uri: str) -> str:
    try:
        return diagnose.place(uri)[0]
    except diagnose.CannotUpload as trouble:
        raise _wrong(str(trouble)) from trouble


def _wrong(why: str) -> Failed:
    return Failed(Kind.OPTIONS, Fault.INSTANCE, f"the start cannot be used: {why}")
