"""Puts what explains a failed run into S3: python3 diagnose.py < OPTIONS.

Options are NAME=value lines, as gantry_apply reads them: DiagnosticsUri (https, a folder), RunId, and OnlyIfFailed,
which makes it do nothing where that run succeeded. One line of JSON tells where the archive went. Needs boto3 (of
Gantry's own Ansible or of the system) or the aws command. Ansible's log hides no_log tasks; what a play prints, it has.
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

HOME = Path(os.environ.get("GANTRY_HOME", "/var/lib/gantry"))
FILE_LIMIT = 4 * 1024 * 1024
COMMANDS = {
    "journal.txt": ["journalctl", "--boot", "--no-pager", "--lines=5000", "--output=short-iso"],
    "units-failed.txt": ["systemctl", "--failed", "--no-pager", "--full"],
    "units.txt": ["systemctl", "list-units", "--no-pager", "--all"],
    "processes.txt": ["ps", "-eo", "pid,ppid,user,etimes,rss,args"],
    "disk.txt": ["df", "-h"],
    "memory.txt": ["free", "-m"],
    "sockets.txt": ["ss", "-lntup"],
}
FILES = ("/var/log/cloud-init-output.log", "/var/log/amazon/ssm/errors.log", "/var/log/amazon/ssm/amazon-ssm-agent.log")
URI = re.compile(r"https://[A-Za-z0-9.-]+/[A-Za-z0-9._~%/+=@-]+")
PATH_STYLE = re.compile(r"s3[.-](?:dualstack\.)?([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?")
VIRTUAL_HOST = re.compile(r"(.+)\.s3[.-](?:dualstack\.)?([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?")
UPLOAD = "import boto3, sys; boto3.client('s3', region_name=sys.argv[4]).upload_file(*sys.argv[1:4])"


class CannotUpload(Exception):
    """The message says what is missing."""


def main() -> int:
    os.umask(0o077)
    wanted = read(sys.stdin.read().split("\n"), os.environ)
    if not wanted["DiagnosticsUri"]:
        return tell(0, uploaded=False, message="no DiagnosticsUri was given")
    if wanted["OnlyIfFailed"] == "True" and not failed(wanted["RunId"] or command_id()):
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
    """A run that has no result was killed, which is a failure too; one that never began has nothing to show."""
    record = HOME / "runs" / f"{run}.json"
    if not run or not record.is_file():
        return False
    try:
        return json.loads(record.read_text()).get("result", {}).get("ok") is not True
    except ValueError:
        return True


def command_id() -> str:
    """As records.py does it; this file stands alone in a document of its own."""
    told = os.environ.get("SSM_COMMAND_ID", "")
    found = re.findall(r"/document/orchestration/([0-9a-f-]{36})\b", str(Path.cwd()))
    return told if re.fullmatch(r"[A-Za-z0-9-]{1,64}", told) else (found or [""])[0]


def instance() -> str:
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
            add(tar, name, said(command))
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
    return done.stdout[-FILE_LIMIT:]


def tail(path: Path) -> bytes:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - FILE_LIMIT))
        return file.read()


def add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(f"diagnostics/{name}")
    member.size = len(content)
    member.mtime = int(time.time())
    tar.addfile(member, io.BytesIO(content))


def upload(archive: Path, bucket: str, key: str, region: str) -> None:
    target = [str(archive), bucket, key, region]
    environment = {**os.environ, **settings_of_logins()}
    tried = []
    for python in [*sorted(HOME.glob("ansible/*/venv/bin/python")), sys.executable]:
        if subprocess.run([python, "-c", "import boto3"], check=False, capture_output=True).returncode == 0:
            tried.append(attempt([python, "-c", UPLOAD, *target], environment))
    if shutil.which("aws"):
        copy = ["aws", "s3", "cp", "--only-show-errors", str(archive), f"s3://{bucket}/{key}", "--region", region]
        tried.append(attempt(copy, environment))
    if not tried:
        raise CannotUpload("neither boto3 nor the aws command is on the instance: use a wheelhouse, or add one of them")
    if "" not in tried:
        raise CannotUpload(f"s3://{bucket}/{key} could not be written: {tried[0]}")


def attempt(command: "list[object]", environment: "dict[str, str]") -> str:
    """Empty when it worked, else why not."""
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
    sys.exit(main())
