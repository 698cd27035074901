#!/usr/bin/python3
"""Makes this machine a jump host, and nothing else, from its user data and S3 alone; run at boot and each minute.

A client with a valid key of bastion/keys/public.json may open TCP to port 22 of the addresses in GANTRY_SUBNETS, and
nothing else: no session of any kind. The host's own keys and address go to bastion/jump/ARN, once a day, because that
object expires. It uses boto3, or the aws command if boto3 is missing. In the environment: GANTRY_BUCKET,
GANTRY_SUBNETS (CIDRs, separated by commas), AWS_REGION.
"""

import ipaddress
import json
import os
import pwd
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from datetime import datetime, timezone
from pathlib import Path

METADATA = os.environ.get("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://169.254.169.254").rstrip("/")
ROOT = Path(os.environ.get("GANTRY_ROOT", "/"))
SSH = ROOT / "etc/ssh"
DROP_IN = SSH / "sshd_config.d/10-gantry-bastion.conf"
KEYS = ROOT / "etc/gantry/jump_keys"
TOLD = ROOT / "var/lib/gantry/told"
USER = "jump"
TELL_EVERY_SECONDS = 86_400
MAX_ADDRESSES = 65_536
PUBLIC_KEY = re.compile(r"(ecdsa-sha2-nistp256|ssh-ed25519) [A-Za-z0-9+/]+={0,2}")

# MaxSessions 0: no shell, command or subsystem, while forwarding goes on (sshd_config(5)). PermitOpen knows no ranges.
# A command for keys comes with Amazon's images (EC2 Instance Connect): what a Match block says counts more.
CONFIGURATION = """\
# Written by gantry-bastion.py.
AllowUsers {user}
PermitRootLogin no
PasswordAuthentication no
KbdInteractiveAuthentication no
AuthorizedKeysFile none
Match User {user}
    AuthenticationMethods publickey
    AuthorizedKeysFile {keys}
    AuthorizedKeysCommand none
    MaxSessions 0
    ForceCommand /usr/sbin/nologin
    PermitTTY no
    AllowAgentForwarding no
    X11Forwarding no
    PermitTunnel no
    AllowStreamLocalForwarding no
    AllowTcpForwarding local
    PermitListen none
    PermitOpen {addresses}
"""


class Trouble(Exception):
    """The message says what failed; the next minute tries again."""


def metadata(path: str) -> str:
    """By IMDSv2, the only version that the bastion's instance answers."""
    ttl = {"X-aws-ec2-metadata-token-ttl-seconds": "60"}
    token = text(urllib.request.Request(f"{METADATA}/latest/api/token", method="PUT", headers=ttl))  # noqa: S310
    wanted = urllib.request.Request(f"{METADATA}/latest/{path}", headers={"X-aws-ec2-metadata-token": token})  # noqa: S310
    return text(wanted)


def text(request: urllib.request.Request) -> str:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=5) as answer:
        return answer.read().decode().strip()


def read(key: str) -> str:
    place = f"s3://{os.environ['GANTRY_BUCKET']}/{key}"
    client = s3()
    if client is None:
        return aws(place, "-")
    try:
        return client.get_object(Bucket=os.environ["GANTRY_BUCKET"], Key=key)["Body"].read().decode()
    except Exception as error:  # botocore's, whose names are not there without it
        raise Trouble(f"{place} cannot be read: {error}") from error


def write(key: str, content: str) -> None:
    place = f"s3://{os.environ['GANTRY_BUCKET']}/{key}"
    client = s3()
    if client is None:
        aws("-", place, feed=content)
        return
    try:
        client.put_object(Bucket=os.environ["GANTRY_BUCKET"], Key=key, Body=content.encode())
    except Exception as error:
        raise Trouble(f"{place} cannot be written: {error}") from error


def s3():
    try:
        import boto3
    except ImportError:
        return None
    # Another S3 than AWS's, where the system says so: boto3 reads it itself from 1.28 on only.
    return boto3.client("s3", endpoint_url=os.environ.get("AWS_ENDPOINT_URL"))


def aws(source: str, target: str, feed: str = "") -> str:
    if not shutil.which("aws"):
        raise Trouble("neither boto3 nor the aws command is on the bastion: use an image that has one of them")
    command = ["aws", "s3", "cp", "--only-show-errors", source, target]
    done = subprocess.run(command, check=False, input=feed, capture_output=True, text=True, timeout=50)
    if done.returncode != 0:
        raise Trouble(f"{source} to {target}: {done.stderr.strip()}")
    return done.stdout


def keys() -> str:
    """Lines of authorized_keys. What has not a key's own form gets no further: such a line has options, too."""
    lines = []
    for key in json.loads(read("bastion/keys/public.json"))["keys"]:
        public = " ".join(key["public"].split()[:2])
        if PUBLIC_KEY.fullmatch(public) and valid(key.get("validUntil")):
            lines.append(f'restrict,port-forwarding,permitopen="*:22" {public}\n')
    return "".join(lines)


def valid(until) -> bool:
    if not until:
        return True
    whole, _, _ = until.rstrip("Z").partition(".")
    return datetime.fromisoformat(whole).replace(tzinfo=timezone.utc) > datetime.now(timezone.utc)


def configuration() -> str:
    networks = [ipaddress.IPv4Network(cidr.strip()) for cidr in os.environ["GANTRY_SUBNETS"].split(",")]
    if sum(network.num_addresses for network in networks) > MAX_ADDRESSES:
        raise Trouble(f"GANTRY_SUBNETS has more than {MAX_ADDRESSES} addresses")
    addresses = " ".join(f"{address}:22" for network in networks for address in network.hosts())
    return CONFIGURATION.format(user=USER, keys=f"/{KEYS.relative_to(ROOT)}", addresses=addresses)


def put(path: Path, content: str, mode: int) -> bool:
    """Whether it is another one than before."""
    if path.is_file() and path.read_text() == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f"{path.name}.new")
    new.write_text(content)
    new.chmod(mode)
    new.replace(path)
    return True


def user() -> None:
    try:
        pwd.getpwnam(USER)
    except KeyError:
        command = ["useradd", "--system", "--no-create-home", "--home-dir", "/", "--shell", "/usr/sbin/nologin"]
        done = subprocess.run([*command, "--password", "*", USER], check=False, capture_output=True, text=True)
        if done.returncode != 0:
            raise Trouble(f"the user {USER} cannot be made: {done.stderr.strip()}") from None


def configure() -> None:
    if not put(DROP_IN, configuration(), 0o600):
        return
    checked = subprocess.run([sshd(), "-t"], check=False, capture_output=True, text=True)
    if checked.returncode != 0:
        DROP_IN.unlink()
        raise Trouble(f"sshd does not take its configuration: {checked.stderr.strip()}")
    reload = ["systemctl", "try-reload-or-restart", "ssh.service", "sshd.service"]
    subprocess.run(reload, check=False, capture_output=True)


def sshd() -> str:
    return shutil.which("sshd", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin") or "sshd"


def tell() -> None:
    if TOLD.is_file() and time.time() - TOLD.stat().st_mtime < TELL_EVERY_SECONDS:
        return
    found = [" ".join(path.read_text().split()[:2]) for path in sorted(SSH.glob("ssh_host_*_key.pub"))]
    if not found:
        raise Trouble(f"{SSH} has no host keys yet")
    identity = json.loads(metadata("dynamic/instance-identity/document"))
    where = f"arn:{metadata('meta-data/services/partition')}:ec2:{identity['region']}:{identity['accountId']}"
    told = {
        "format": 1,
        "instance": identity["instanceId"],
        "address": identity["privateIp"],
        "keys": found,
        "at": datetime.now(timezone.utc).isoformat(timespec="seconds").replace("+00:00", "Z"),
    }
    write(f"bastion/jump/{where}:instance/{identity['instanceId']}", json.dumps(told))
    TOLD.parent.mkdir(parents=True, exist_ok=True)
    TOLD.touch()


def main() -> int:
    code = 0
    # Each by itself: a bucket that cannot be read leaves the keys as they were.
    for step in (user, configure, lambda: put(KEYS, keys(), 0o644), tell):
        try:
            step()
        except (Trouble, OSError, ValueError, KeyError, subprocess.TimeoutExpired) as trouble:
            print(f"bastion: {trouble}", file=sys.stderr)
            code = 1
    return code


if __name__ == "__main__":
    sys.exit(main())
