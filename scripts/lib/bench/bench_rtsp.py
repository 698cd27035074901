"""Measures from a command to a stream that plays: bench_rtsp.py [OPTION…] -- SANDBOX-COMMAND…

Started by scripts/dev/bench-rtsp, which has built and fetched everything. Instances are launched into a group of their
own without a hook, so that the one command that is measured is the one that is sent here.
"""

import argparse
import contextlib
import functools
import hashlib
import http.server
import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(1, str(Path(__file__).resolve().parents[1] / "demo"))
from bench_report import Figure, Goal, report  # noqa: E402
from demo import Failed, Sandbox  # noqa: E402

BUCKET, FLEET, GROUP, STREAM, PORT = "gantry-sandbox", "web", "bench", "north", 8554
AWS, OURS = "AWS-ApplyAnsiblePlaybooks", "Gantry-ApplyAnsiblePlaybooks"
SHELL = "AWS-RunShellScript"
DOCUMENTS = Path(__file__).resolve().parents[3] / "ssm-documents"
PATIENCE_SECONDS = 300
LOOK_SECONDS = 0.1
# Within so many there is a key frame (workload.sh): about a second of the stream.
FRAMES = "%+#26"

WITHOUT_ANSIBLE = "DEBIAN_FRONTEND=noninteractive dpkg --purge ansible-core"
# AWS's document installs Ansible on Ubuntu, and refuses Debian; Debian and Ubuntu 24.04 make pip refuse.
LIKE_UBUNTU = r"""rm -f /etc/os-release /usr/lib/python3*/EXTERNALLY-MANAGED /etc/apt/sources.list.d/*
printf '%s\n' 'NAME="Ubuntu"' ID=ubuntu ID_LIKE=debian 'VERSION_ID="22.04"' 'VERSION="22.04 LTS"' >/etc/os-release
echo 'deb [trusted=yes] http://ADDRESS/packages ./' >/etc/apt/sources.list
printf '%s\n' '[global]' no-index=true find-links=http://ADDRESS/wheels/ trusted-host=HOST >/etc/pip.conf"""


@dataclass(frozen=True)
class Way:
    """How an instance gets its Ansible, and which document applies the bundle."""

    key: str
    what: str
    document: str
    prepare: str = ""
    parameters: "dict[str, str]" = field(default_factory=lambda: {"InstallDependencies": "False"})


@dataclass(frozen=True)
class Measured:
    """Seconds from the command to a frame that was read from outside, and to the command's success."""

    playable: float
    succeeded: float


class World:
    """The sandbox's clients, and one instance at a time."""

    def __init__(self, sandbox: Sandbox, options: argparse.Namespace):
        self.image = options.ffprobe_in
        self.scaling, self.systems, self.s3 = (sandbox.client(name) for name in ("autoscaling", "ssm", "s3"))
        self.region = sandbox.facts["region"]
        self.scaling.create_auto_scaling_group(
            AutoScalingGroupName=GROUP,
            LaunchConfigurationName="example",
            MinSize=0,
            MaxSize=1,
            DesiredCapacity=0,
            VPCZoneIdentifier="subnet-0123456789abcdef0",
        )
        self.systems.create_document(
            Name=OURS, DocumentType="Command", Content=(DOCUMENTS / f"{OURS}.json").read_text(encoding="utf-8")
        )
        self.sha256 = self.store("bundles/web", options.bundle)
        self.wheelhouse = self.store("wheelhouses", options.wheelhouse)
        self.server = ""

    def store(self, folder: str, path: str) -> str:
        content = Path(path).read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        try:
            self.s3.put_object(Bucket=BUCKET, Key=f"{folder}/{digest}.zip", Body=content, IfNoneMatch="*")
        except self.s3.exceptions.ClientError as refusal:
            # The sandbox has this bundle already: it is the example fleet's.
            if refusal.response["Error"]["Code"] != "PreconditionFailed":
                raise
        return digest

    def address(self, folder: str, digest: str) -> str:
        return f"https://s3.{self.region}.amazonaws.com/{BUCKET}/{folder}/{digest}.zip"

    def ways(self) -> "list[Way]":
        wheelhouse = {
            "InstallDependencies": "True",
            "InstallFrom": "Wheelhouse",
            "WheelhouseUri": self.address("wheelhouses", self.wheelhouse),
        }
        return [
            Way("ours_prepared", "Our document, an image with Ansible", OURS),
            Way("aws_prepared", "AWS's document, an image with Ansible", AWS),
            Way("ours_wheelhouse", "Our document, Ansible from a wheelhouse", OURS, WITHOUT_ANSIBLE, wheelhouse),
            Way(
                "aws_own_way",
                "AWS's document, Ansible in its own way (pip)",
                AWS,
                f"{WITHOUT_ANSIBLE}\n{LIKE_UBUNTU}",
                {"InstallDependencies": "True"},
            ),
        ]

    def instance(self) -> "tuple[str, str]":
        """A new one, whose agent is online: its id and address."""
        self.scaling.set_desired_capacity(AutoScalingGroupName=GROUP, DesiredCapacity=1)
        found = until("an instance with its agent online", self.online)
        return found["InstanceId"], found["IPAddress"]

    def online(self) -> "dict | None":
        nodes = self.systems.describe_instance_information()["InstanceInformationList"]
        members = self.members()
        return next((n for n in nodes if n["InstanceId"] in members and n["PingStatus"] == "Online"), None)

    def members(self) -> "set[str]":
        groups = self.scaling.describe_auto_scaling_groups(AutoScalingGroupNames=[GROUP])["AutoScalingGroups"]
        return {one["InstanceId"] for one in groups[0]["Instances"]}

    def clear(self) -> None:
        self.scaling.set_desired_capacity(AutoScalingGroupName=GROUP, DesiredCapacity=0)
        until("the instance gone", lambda: not self.members())

    def send(self, document: str, instance: str, parameters: "dict[str, str]") -> str:
        given = {name: [value] for name, value in parameters.items()}
        sent = self.systems.send_command(InstanceIds=[instance], DocumentName=document, Parameters=given)
        return sent["Command"]["CommandId"]

    def apply(self, way: Way, instance: str) -> str:
        """Sends the bundle; the command's id."""
        parameters = {
            "SourceType": "S3",
            "SourceInfo": json.dumps({"path": self.address("bundles/web", self.sha256)}),
            "PlaybookFile": "playbook.yml",
            **way.parameters,
        }
        if way.document == OURS:
            parameters.update(BundleSha256=self.sha256, RunId=f"run-bench{time.time_ns()}")
        return self.send(way.document, instance, parameters)

    def succeeded(self, command: str) -> bool:
        found = self.systems.list_command_invocations(CommandId=command, Details=True)["CommandInvocations"]
        if found and found[0]["Status"] in ("Failed", "TimedOut", "Cancelled"):
            raise Failed(f"command {command}: {found[0]['CommandPlugins'][-1]['Output'][-1500:]}")
        return bool(found) and found[0]["Status"] == "Success"

    def refuse_failure(self, command: str) -> bool:
        """Raises if the command has failed; otherwise false."""
        self.succeeded(command)
        return False

    def shell(self, instance: str, script: str) -> str:
        """Runs it there; what it printed."""
        command = self.send(SHELL, instance, {"commands": script})
        until("the end of a shell command", lambda: self.succeeded(command))
        answer = self.systems.get_command_invocation(CommandId=command, InstanceId=instance)
        return answer["StandardOutputContent"]

    def measure(self, way: Way, own_way: Path) -> Measured:
        instance, address = self.instance()
        with files_for(instance_host(self, instance), own_way) as served:
            if way.prepare:
                here = way.prepare.replace("ADDRESS", served).replace("HOST", served.partition(":")[0])
                self.shell(instance, f"set -e\n{here}")
            began = time.monotonic()
            command = self.apply(way, instance)
            until("a stream that plays", lambda: self.plays(address) or self.refuse_failure(command))
            playable = time.monotonic() - began
            until("the command's success", lambda: self.succeeded(command))
            succeeded = time.monotonic() - began
        self.server = json.loads(self.shell(instance, "cat /etc/gantry/instance.json"))["rtsp_server"]
        self.clear()
        return Measured(playable, succeeded)

    def plays(self, address: str) -> bool:
        """Whether a frame can be read; ffprobe runs only if the port is open, because it needs a core."""
        try:
            socket.create_connection((address, PORT), timeout=1).close()
        except OSError:
            return False
        command = ["chroot", self.image, "ffprobe", "-v", "error", "-rtsp_transport", "tcp", "-read_intervals", FRAMES]
        command += [
            "-count_frames",
            "-select_streams",
            "v:0",
            "-show_entries",
            "stream=nb_read_frames",
            "-of",
            "csv=p=0",
        ]
        done = subprocess.run(
            [*command, f"rtsp://{address}:{PORT}/{STREAM}"], capture_output=True, text=True, check=False, timeout=60
        )
        return done.returncode == 0 and done.stdout.strip().isdigit()


def instance_host(world: World, instance: str) -> str:
    """This machine, as the instance sees it: where it finds the sandbox."""
    return world.shell(instance, "sed -nE 's#^AWS_ENDPOINT_URL=http://([0-9.]+):.*#\\1#p' /etc/environment").strip()


@contextlib.contextmanager
def files_for(host: str, folder: Path) -> Iterator[str]:
    """What instances would fetch from the internet, on the sandbox's bridge only; its host and port."""
    quiet = type("Quiet", (http.server.SimpleHTTPRequestHandler,), {"log_message": lambda *_: None})
    server = http.server.ThreadingHTTPServer((host, 0), functools.partial(quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"{host}:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def until(what: str, happened: "Callable[[], object]") -> object:
    end = time.monotonic() + PATIENCE_SECONDS
    while not (answer := happened()):
        if time.monotonic() > end:
            raise Failed(f"{what}: not within {PATIENCE_SECONDS} s")
        time.sleep(LOOK_SECONDS)
    return answer


def measure(world: World, options: argparse.Namespace) -> "list[Figure]":
    """One instance of each kind after the other, so that other load affects all of them equally."""
    measured: "dict[str, list[Measured]]" = {}
    for number in range(options.repetitions):
        # Every second time in the opposite order, so that none is favoured by what ran before it.
        for way in world.ways()[:: -1 if number % 2 else 1]:
            print(f"{way.what}, {number + 1} of {options.repetitions} …", file=sys.stderr, flush=True)
            measured.setdefault(way.key, []).append(world.measure(way, Path(options.own_way)))
    figures = []
    for way in world.ways():
        found = measured[way.key]
        figures.append(Figure(f"{way.key}_playable", f"{way.what}: a stream plays", [m.playable for m in found], "s"))
        figures.append(Figure(f"{way.key}_succeeded", f"{way.what}: succeeded", [m.succeeded for m in found], "s"))
    return [*figures, ratio(measured["ours_prepared"], measured["aws_prepared"])]


def ratio(ours: "list[Measured]", aws: "list[Measured]") -> Figure:
    """Each turn's own: what else the machine did then made both slower."""
    times = [mine.playable / theirs.playable for mine, theirs in zip(ours, aws)]
    what = "An image with Ansible, a stream plays: our document's time, of AWS's"
    return Figure("prepared_ratio", what, times, "times", Goal(1.05, "≤ 1.05 times"))


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench_rtsp.py", description=__doc__)
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--ffprobe-in", required=True, help="the image whose ffprobe plays")
    parser.add_argument("--bundle", required=True)
    parser.add_argument("--wheelhouse", required=True)
    parser.add_argument("--own-way", required=True, help="folder of packages/ and wheels/")
    parser.add_argument("command", nargs="+")
    options = parser.parse_args()
    sandbox = Sandbox(options.command)
    try:
        sandbox.await_ready()
        world = World(sandbox, options)
        figures = measure(world, options)
        return report(figures, "rtsp", options.json, options.write, [f"Streams were served by: {world.server}."])
    except Failed as failure:
        print(f"bench-rtsp: {failure}", file=sys.stderr)
        return 1
    finally:
        sandbox.stop()


if __name__ == "__main__":
    sys.exit(main())
