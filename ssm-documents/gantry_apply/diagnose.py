"""Uploads the diagnostics of a failed run to S3: python3 -I diagnose.py [DOWNLOADS [REMOVED]] < OPTIONS.

Options are NAME=value lines, as gantry_apply reads them: DiagnosticsUri (https, a folder), RunId, and OnlyIfFailed,
which makes it do nothing where that run succeeded. One line of JSON tells where the archive went. DOWNLOADS is the
agent's folder (the working folder where it is not given); the folder REMOVED goes at the end. Needs boto3 (of Gantry's
own Ansible or of the system) or the aws command.

Arguments of processes and descriptions of units stay out of the archive, and what looks like a secret is replaced in
all of it. Ansible's log hides no_log tasks; what else a play prints, it has.
"""

import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from pathlib import Path
from urllib.parse import unquote, urlsplit

# Isolated, Python does not look beside its script.
sys.path.append(str(Path(__file__).resolve().parent))
import metadata  # noqa: E402
import surroundings  # noqa: E402

HOME = Path(os.environ.get("GANTRY_HOME", "/var/lib/gantry"))
FILE_LIMIT = 4 * 1024 * 1024
COMMANDS = {
    "journal.txt": ["journalctl", "--boot", "--no-pager", "--lines=5000", "--output=short-iso"],
    "units-failed.txt": ["systemctl", "--failed", "--no-pager", "--full", "--plain"],
    "units.txt": ["systemctl", "list-units", "--no-pager", "--all", "--plain"],
    "processes.txt": ["ps", "-eo", "pid,ppid,user,etimes,rss,comm"],
    "disk.txt": ["df", "-h"],
    "memory.txt": ["free", "-m"],
    "sockets.txt": ["ss", "-lntup"],
}
# Name, load, active, sub: the fifth column is a description, which of transient units is a command line.
COLUMNS = {"units-failed.txt": 4, "units.txt": 4}
FILES = ("/var/log/cloud-init-output.log", "/var/log/amazon/ssm/errors.log", "/var/log/amazon/ssm/amazon-ssm-agent.log")
URI = re.compile(r"https://[A-Za-z0-9.-]+/[A-Za-z0-9._~%/+=@-]+")
PATH_STYLE = re.compile(r"s3[.-](?:dualstack\.)?([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?")
VIRTUAL_HOST = re.compile(r"(.+)\.s3[.-](?:dualstack\.)?([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?")
HIDDEN = b"***"
_SECRET = rb"(?:pass(?:word|wd|phrase)|secret|token|api[_-]?key|access[_-]?key|credentials?|authorization|signature)"
# Repetitions have bounds: what a play has printed decides how long these take.
SECRETS = (
    # What stands before the host of an address: a user with a password, or a token.
    (re.compile(rb"(//)[^/\s@\"'<>]{1,400}@"), rb"\1***@"),
    (re.compile(rb"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----.*?(?:-----END |\Z)", re.DOTALL), HIDDEN),
    (re.compile(rb"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"), HIDDEN),
    (re.compile(rb'("ExtraVariables": ?)"[^"\n]*"'), rb'\1"***"'),
    # name=value, "name": "value", Name: Bearer value
    (
        re.compile(
            rb"(" + _SECRET + rb"[\w.-]{0,60}\\{0,4}[\"']?\s{0,9}[=:]\s{0,9}(?:(?:bearer|basic) )?)"
            rb"(?:\\{0,4}\"[^\"\n]*\"|'[^'\n]*'|[^\s,;&\"'}]+)",
            re.IGNORECASE,
        ),
        rb"\1***",
    ),
    (re.compile(rb"(--?[\w-]{0,40}" + _SECRET + rb"[\w-]{0,40} {1,9})[^\s-]\S*", re.IGNORECASE), rb"\1***"),
)
UPLOAD = "import boto3, sys; boto3.client('s3', region_name=sys.argv[4]).upload_file(*sys.argv[1:4])"


class CannotUpload(Exception):
    """The message says what is missing."""


def main(arguments: "list[str]") -> int:
    os.umask(0o077)
    downloads = Path(*arguments[:1]).absolute()
    # Before the environment is chosen: newer agents put the parameters there.
    said_by_agent = dict(os.environ)
    surroundings.enter()
    try:
        return diagnose(downloads, said_by_agent)
    finally:
        for folder in arguments[1:]:
            shutil.rmtree(folder, ignore_errors=True)


def diagnose(downloads: Path, said_by_agent: "dict[str, str]") -> int:
    wanted = read(sys.stdin.read().split("\n"), said_by_agent)
    if not wanted["DiagnosticsUri"]:
        return tell(0, uploaded=False, message="no DiagnosticsUri was given")
    if wanted["OnlyIfFailed"] == "True" and not failed(wanted["RunId"] or surroundings.command_id(downloads)):
        return tell(0, uploaded=False, message="the run did not fail")
    try:
        bucket, folder, region = place(wanted["DiagnosticsUri"])
        name = f"{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}-{wanted['RunId'] or 'by-hand'}.tar.gz"
        key = f"{folder}/{instance()}/{name}"
        with tempfile.TemporaryDirectory(prefix="gantry-") as work:
            archive = Path(work) / name
            collect(archive)
            upload(archive, bucket, key, region)
    except CannotUpload as trouble:
        return tell(1, uploaded=False, message=str(trouble))
    return tell(0, uploaded=True, bucket=bucket, key=key)


def tell(code: int, **what) -> int:
    print(json.dumps({"gantryDiagnostics": 1, **what}))
    return code


def read(lines, environment) -> "dict[str, str]":
    """Values from the environment where the agent puts them there, as for a run."""
    values = {"DiagnosticsUri": "", "RunId": "", "OnlyIfFailed": "False"}
    for line in lines:
        name, _, text = line.rstrip("\r\n").partition("=")
        if name in values:
            values[name] = environment.get(f"SSM_{name}", text)
    if values["DiagnosticsUri"] and not URI.fullmatch(values["DiagnosticsUri"]):
        sys.exit("DiagnosticsUri must be an https address of a folder in S3")
    if not re.fullmatch(r"[A-Za-z0-9-]{0,64}", values["RunId"]):
        sys.exit("RunId has letters, digits and hyphens only")
    return values


def failed(run: str) -> bool:
    """Whether the run failed. A run without a result was killed, which is a failure; one that never began is not."""
    record = HOME / "runs" / f"{run}.json"
    if not run or not record.is_file():
        return False
    try:
        return json.loads(record.read_text()).get("result", {}).get("ok") is not True
    except ValueError:
        return True


def instance() -> str:
    """As the policy of the instances' role names this one, which lets it write only below its own name:
    ec2:SourceInstanceARN. Its id where the metadata service does not answer."""
    try:
        return metadata.arn(metadata.identity())
    except (OSError, ValueError, KeyError):
        told = os.environ.get("AWS_SSM_INSTANCE_ID", "")
        return told if re.fullmatch(r"[A-Za-z0-9-]{1,64}", told) else "unknown"


def place(uri: str) -> "tuple[str, str, str]":
    """Bucket, folder and region of an address, as aws:downloadContent reads them."""
    parts = urlsplit(uri)
    path = unquote(parts.path).strip("/")
    found = PATH_STYLE.fullmatch(parts.netloc)
    if found and "/" in path:
        bucket, _, folder = path.partition("/")
        return bucket, folder, found.group(1)
    found = VIRTUAL_HOST.fullmatch(parts.netloc)
    if not found:
        raise CannotUpload(f"{parts.netloc} is no S3 host with a region, as in s3.eu-central-1.amazonaws.com")
    return found.group(1), path, found.group(2)


def collect(archive: Path) -> None:
    with tarfile.open(archive, "w:gz") as tar:
        for name, command in COMMANDS.items():
            add(tar, name, columns(said(command), COLUMNS.get(name, 0)))
        for path in [*map(Path, FILES), *sorted(HOME.glob("log/*.log")), *sorted(HOME.glob("runs/*.json"))]:
            if path.is_file():
                add(tar, path.name, tail(path))


def said(command: "list[str]") -> bytes:
    if not shutil.which(command[0]):
        return f"{command[0]} is not on this system\n".encode()
    try:
        done = subprocess.run(
            command, check=False, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=30
        )
    except subprocess.TimeoutExpired:
        return f"{command[0]} did not end\n".encode()
    return end_of(done.stdout)


def columns(text: bytes, count: int) -> bytes:
    """The first so many of each line; all for 0."""
    return b"".join(b" ".join(line.split()[:count]) + b"\n" for line in text.splitlines()) if count else text


def tail(path: Path) -> bytes:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - FILE_LIMIT - 1))
        return end_of(file.read())


def end_of(content: bytes) -> bytes:
    """The last lines of what is too long, whole lines only: half a line may be half a secret."""
    return content if len(content) <= FILE_LIMIT else content[-FILE_LIMIT:].partition(b"\n")[2]


def redacted(content: bytes) -> bytes:
    for secret, instead in SECRETS:
        content = secret.sub(instead, content)
    return content


def add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    content = redacted(content)
    member = tarfile.TarInfo(f"diagnostics/{name}")
    member.size = len(content)
    member.mtime = int(time.time())
    tar.addfile(member, io.BytesIO(content))


def upload(archive: Path, bucket: str, key: str, region: str) -> None:
    target = [str(archive), bucket, key, region]
    environment = {**os.environ, **settings_of_logins()}
    tried = []
    for python in [*sorted(HOME.glob("ansible/*/venv/bin/python")), sys.executable]:
        if subprocess.run([python, "-I", "-c", "import boto3"], check=False, capture_output=True).returncode == 0:
            tried.append(attempt([python, "-I", "-c", UPLOAD, *target], environment))
    if shutil.which("aws"):
        copy = ["aws", "s3", "cp", "--only-show-errors", str(archive), f"s3://{bucket}/{key}", "--region", region]
        tried.append(attempt(copy, environment))
    if not tried:
        raise CannotUpload("neither boto3 nor the aws command is on the instance: use a wheelhouse, or add one of them")
    if "" not in tried:
        raise CannotUpload(f"s3://{bucket}/{key} could not be written: {tried[0]}")


def attempt(command: "list[object]", environment: "dict[str, str]") -> str:
    """Empty if it worked, otherwise the reason why not."""
    done = subprocess.run(
        [str(part) for part in command],
        check=False,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env=environment,
        timeout=40,
    )
    words = done.stderr.strip().splitlines()
    return "" if done.returncode == 0 else (words[-1] if words else f"exit {done.returncode}")[:300]


def settings_of_logins() -> "dict[str, str]":
    """An endpoint or a proxy that /etc/environment gives to logins counts here too; the agent does not read it."""
    path = Path("/etc/environment")
    lines = path.read_text().splitlines() if path.is_file() else []
    pairs = [line.partition("=") for line in lines]
    names = re.compile(r"AWS_ENDPOINT_URL(_S3)?|AWS_CA_BUNDLE|(HTTPS?|NO)_PROXY|(https?|no)_proxy")
    return {name: value.strip("\"'") for name, _, value in pairs if names.fullmatch(name)}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
