"""The archives that instances install: their checksums, and their mirror in S3.

Digests enter the lock only from the release's own checksum file. A mirrored archive has the digest of the lock, or is
the operator's own, with a digest that the operator gives.
"""

import argparse
import base64
import hashlib
import json
import re
import sys
import tempfile
import urllib.error
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from aws_cli import ROOT, AwsFailed, find_aws  # noqa: E402

LOCK = ROOT / "ansible/roles/rtsp_server/files/artifacts.lock"
VERSION = "v1.20.1"
RELEASES = "https://github.com/bluenviron/mediamtx/releases/download"
ARCHITECTURES = ("amd64", "arm64")
PATIENCE_SECONDS = 60
MOST_CHECKSUM_BYTES = 1_000_000
# As sha256sum writes it, with an asterisk for binary mode.
LINE = re.compile(r"([0-9a-f]{64}) [ *](\S+)")
PLACE = re.compile(r"s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])/((?:[A-Za-z0-9._-]+/)*)")
DONE, FAILED, SURROUNDINGS = 0, 1, 3


class Refused(Exception):
    """The request would make the lock or the mirror wrong; the message says what is wrong, and what to do."""


class Unreachable(Exception):
    """An address that cannot be read from here."""


def read_address(address: str) -> bytes:
    """A file, or what is at an https address."""
    if not address.startswith("https://"):
        try:
            return Path(address).read_bytes()
        except OSError as error:
            raise Refused(f"{address}: cannot be read: {error.strerror}") from error
    try:
        with urllib.request.urlopen(address, timeout=PATIENCE_SECONDS) as answer:  # noqa: S310 # https, see above
            return answer.read()
    except (OSError, urllib.error.URLError) as error:
        raise Unreachable(f"{address} cannot be read from here: {error}") from error


def locked() -> "dict[str, str]":
    """Archive to sha256."""
    return {name: digest for digest, name in LINE.findall(LOCK.read_text(encoding="utf-8"))}


def archive_name(version: str, architecture: str) -> str:
    return f"mediamtx_{version}_linux_{architecture}.tar.gz"


def lock(options: argparse.Namespace) -> dict:
    """Takes the digests of our architectures out of the release's checksum file."""
    source = options.checksums or f"{RELEASES}/{options.version}/checksums.sha256"
    text = read_address(source)[:MOST_CHECKSUM_BYTES].decode(errors="replace")
    digests = {name: digest for digest, name in LINE.findall(text)}
    wanted = [archive_name(options.version, architecture) for architecture in ARCHITECTURES]
    missing = [name for name in wanted if name not in digests]
    if missing:
        raise Refused(
            f"{source} has no checksum of {', '.join(missing)}: is it the checksum file of {options.version}?"
        )
    before = locked()
    for name in wanted:
        if before.get(name, digests[name]) != digests[name]:
            raise Refused(
                f"{name} is locked with {before[name]}, but {source} says {digests[name]}. A release does not change: "
                f"find out why before you remove its line from {LOCK.relative_to(ROOT)}"
            )
    write_lock({**before, **{name: digests[name] for name in wanted}})
    return {"locked": {name: digests[name] for name in wanted}, "from": source}


def write_lock(digests: "dict[str, str]") -> None:
    comments = [line for line in LOCK.read_text(encoding="utf-8").splitlines() if line.startswith("#")]
    comments = [line.replace(" None was locked yet.", "") for line in comments]
    lines = [f"{digest} *{name}" for name, digest in sorted(digests.items())]
    LOCK.write_text("\n".join([*comments, *lines]) + "\n", encoding="utf-8")


def mirror(options: argparse.Namespace) -> dict:
    """Puts each archive into S3, after checking what it is."""
    place = PLACE.fullmatch(options.to)
    if not place:
        raise Refused(f"--to {options.to}: must be s3://BUCKET/PREFIX/, with a slash at its end")
    aws = find_aws()
    put = {}
    for name, digest, content in wanted_archives(options):
        found = hashlib.sha256(checked(name, digest, content))
        with tempfile.NamedTemporaryFile() as file:
            file.write(content)
            file.flush()
            key, checksum = place[2] + name, base64.b64encode(found.digest()).decode()
            arguments = ["--bucket", place[1], "--key", key, "--body", file.name, "--checksum-sha256", checksum]
            aws.call("s3api", "put-object", *arguments)
        put[name] = digest
    return {"mirrored": put, "to": options.to}


def fetch(options: argparse.Namespace) -> dict:
    """Puts each archive into a folder, after checking what it is; one that is there already is left."""
    into, fetched = Path(options.into), {}
    into.mkdir(parents=True, exist_ok=True)
    for architecture in options.arch or ARCHITECTURES:
        name = archive_name(options.version, architecture)
        expected = options.sha256 or locked().get(name)
        target = into / name
        if not (target.is_file() and hashlib.sha256(target.read_bytes()).hexdigest() == expected):
            content = checked(name, options.sha256 or digest_of(name), read_address(address_of(options, name)))
            part = into.parent / f".{name}.part"
            part.write_bytes(content)
            part.replace(target)
        fetched[name] = expected
    return {"fetched": fetched, "into": str(into)}


def checked(name: str, digest: str, content: bytes) -> bytes:
    found = hashlib.sha256(content).hexdigest()
    if found != digest:
        raise Refused(f"{name} has the sha256 {found}, but {digest} is expected: it was not taken")
    return content


def address_of(options: argparse.Namespace, name: str) -> str:
    return f"{options.source}/{name}" if options.source else f"{RELEASES}/{options.version}/{name}"


def digest_of(name: str) -> str:
    found = locked().get(name)
    if not found:
        raise Refused(
            f"{name} is not in {LOCK.relative_to(ROOT)}: run scripts/ops/lock-artifacts where there is internet, or "
            "give an archive of your own by --archive and --sha256"
        )
    return found


def wanted_archives(options: argparse.Namespace):
    """Name, expected digest and bytes of each."""
    if options.archive:
        if not options.sha256 or not re.fullmatch(r"[0-9a-f]{64}", options.sha256):
            raise Refused("--archive needs --sha256: the digest that its maker published")
        yield Path(options.archive).name, options.sha256, read_address(options.archive)
        return
    for architecture in options.arch or ARCHITECTURES:
        name = archive_name(options.version, architecture)
        yield name, digest_of(name), read_address(address_of(options, name))


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="artifacts", allow_abbrev=False)
    actions = made.add_subparsers(dest="action", required=True)
    epilog = "Exit codes: 0 done, 1 refused or failed, 2 wrong options, 3 an address or AWS cannot be reached."
    one = actions.add_parser(
        "lock",
        prog="lock-artifacts",
        epilog=epilog,
        allow_abbrev=False,
        description="Reads the checksum file of MediaMTX's release, once, where there is internet, and writes the "
        "digests into the role's artifacts.lock. Nothing is installed whose digest is not known.",
    )
    one.add_argument("--checksums", metavar="FILE", help="the release's checksums.sha256, if it was fetched already")
    two = actions.add_parser(
        "mirror",
        prog="mirror-artifacts",
        epilog=epilog,
        allow_abbrev=False,
        description="Puts the archives into S3, for instances without a way to the internet; "
        "rtsp_server_artifact_prefix names the place to the role. Only what has the expected digest is put there.",
    )
    two.add_argument("--to", required=True, metavar="s3://BUCKET/PREFIX/", help="where to")
    two.add_argument("--from", dest="source", metavar="FOLDER", help="the archives were fetched already")
    two.add_argument("--arch", action="append", choices=ARCHITECTURES, help="only this one; may be repeated")
    two.add_argument(
        "--archive", metavar="FILE", help="an archive of your own (ffmpeg's, or a MediaMTX that you built)"
    )
    two.add_argument("--sha256", metavar="DIGEST", help="its digest")
    three = actions.add_parser(
        "fetch",
        prog="fetch-artifacts",
        epilog=epilog,
        allow_abbrev=False,
        description="Puts the archives into a folder, for scripts/ops/prepare; only what has the expected digest.",
    )
    three.add_argument("--into", required=True, metavar="FOLDER", help="where to")
    three.add_argument("--from", dest="source", metavar="FOLDER", help="the archives were fetched already")
    three.add_argument("--arch", action="append", choices=ARCHITECTURES, help="only this one; may be repeated")
    three.add_argument("--sha256", metavar="DIGEST", help="the digest of an archive of your own, instead of the lock's")
    for command in (one, two, three):
        command.add_argument("--version", default=VERSION, help="MediaMTX's release; default: %(default)s")
        command.add_argument("--json", action="store_true", help="print one JSON object")
    return made


def main() -> int:
    options = parser().parse_args()
    try:
        result = {"lock": lock, "mirror": mirror, "fetch": fetch}[options.action](options)
    except (Refused, Unreachable, AwsFailed) as failure:
        print(f"{options.action}-artifacts: {failure}", file=sys.stderr)
        return FAILED if isinstance(failure, Refused) else SURROUNDINGS
    if options.json:
        print(json.dumps(result))
    else:
        for name, digest in next(iter(result.values())).items():
            print(f"{digest} *{name}")
    return DONE


if __name__ == "__main__":
    sys.exit(main())
