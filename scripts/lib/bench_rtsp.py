"""Measures from a command to a stream that plays: bench_rtsp.py [OPTION…] -- SANDBOX-COMMAND…

Started by scripts/bench-rtsp, which has built everything. Instances are launched into a group of their own without a
hook, so that the one command that is measured is the one that is sent here.
"""

import argparse
import hashlib
import json
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from demo import Failed, Sandbox, play_stream

BUCKET, FLEET, GROUP, STREAM, PORT = "gantry-sandbox", "web", "bench", "north", 8554
PATIENCE_SECONDS = 300
LOOK_SECONDS = 0.2


@dataclass(frozen=True)
class Measured:
    """Seconds from the command to a frame that was read from outside, and to the command's success."""

    playable: float
    succeeded: float


class World:
    """The sandbox's clients, and one instance at a time."""

    def __init__(self, sandbox: Sandbox, options: argparse.Namespace):
        self.options = options
        self.scaling, self.systems, self.s3 = (sandbox.client(name) for name in ("autoscaling", "ssm", "s3"))
        self.region = sandbox.facts["region"]
        self.scaling.create_auto_scaling_group(
            AutoScalingGroupName=GROUP,
            LaunchConfigurationName="example",
            MinSize=0,
            MaxSize=1,
            DesiredCapacity=0,
            AvailabilityZones=[f"{self.region}a"],
        )
        content = Path(options.bundle).read_bytes()
        self.sha256 = hashlib.sha256(content).hexdigest()
        self.key = f"bundles/{FLEET}/{self.sha256}.zip"
        self.s3.put_object(Bucket=BUCKET, Key=self.key, Body=content)

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

    def send(self, document: str, instance: str) -> str:
        path = {"path": f"https://s3.{self.region}.amazonaws.com/{BUCKET}/{self.key}"}
        parameters = {
            "SourceType": ["S3"],
            "SourceInfo": [json.dumps(path)],
            "InstallDependencies": ["False"],
            "PlaybookFile": ["playbook.yml"],
            **{name: [value] for name, _, value in (pair.partition("=") for pair in self.options.parameter)},
        }
        if "BundleSha256" in self.parameters_of(document):
            parameters.update(BundleSha256=[self.sha256], RunId=[f"run-bench{time.time_ns()}"])
        sent = self.systems.send_command(InstanceIds=[instance], DocumentName=document, Parameters=parameters)
        return sent["Command"]["CommandId"]

    def parameters_of(self, document: str) -> "set[str]":
        described = self.systems.describe_document(Name=document)["Document"]
        return {parameter["Name"] for parameter in described.get("Parameters", [])}

    def status(self, command: str) -> str:
        found = self.systems.list_command_invocations(CommandId=command, Details=True)["CommandInvocations"]
        if found and found[0]["Status"] in ("Failed", "TimedOut", "Cancelled"):
            raise Failed(f"command {command}: {found[0]['CommandPlugins'][-1]['Output'][-1500:]}")
        return found[0]["Status"] if found else "Pending"

    def measure(self, document: str) -> Measured:
        instance, address = self.instance()
        began = time.monotonic()
        command = self.send(document, instance)
        until("a stream that plays", lambda: self.status(command) and self.plays(address))
        playable = time.monotonic() - began
        until("the command's success", lambda: self.status(command) == "Success")
        succeeded = time.monotonic() - began
        self.clear()
        return Measured(playable, succeeded)

    def plays(self, address: str) -> bool:
        try:
            play_stream(self.options.ffprobe_in, f"rtsp://{address}:{PORT}/{STREAM}")
        except Failed:
            return False
        return True


def until(what: str, happened: "Callable[[], object]") -> object:
    end = time.monotonic() + PATIENCE_SECONDS
    while not (answer := happened()):
        if time.monotonic() > end:
            raise Failed(f"{what}: not within {PATIENCE_SECONDS} s")
        time.sleep(LOOK_SECONDS)
    return answer


def report(figures: "dict[str, list[Measured]]", as_json: bool) -> None:
    medians = {
        document: {
            name: statistics.median(getattr(one, name) for one in measured) for name in ("playable", "succeeded")
        }
        for document, measured in figures.items()
    }
    if as_json:
        print(json.dumps(medians))
        return
    print(f"{'document':<32}{'sent to playable':>18}{'sent to succeeded':>20}{'of':>5}")
    for document, told in medians.items():
        count = len(figures[document])
        print(f"{document:<32}{told['playable']:>16.1f} s{told['succeeded']:>18.1f} s{count:>5}")


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench_rtsp.py", description=__doc__)
    parser.add_argument("--document", action="append", help="default: AWS-ApplyAnsiblePlaybooks")
    parser.add_argument("--parameter", action="append", default=[], help="NAME=VALUE")
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--ffprobe-in", required=True, help="the image whose ffprobe plays")
    parser.add_argument("--bundle", required=True)
    parser.add_argument("command", nargs="+")
    options = parser.parse_args()
    sandbox = Sandbox(options.command)
    try:
        sandbox.await_ready()
        world = World(sandbox, options)
        figures = {}
        for document in options.document or ["AWS-ApplyAnsiblePlaybooks"]:
            for number in range(options.repetitions):
                print(f"{document}, {number + 1} of {options.repetitions} …", file=sys.stderr)
                figures.setdefault(document, []).append(world.measure(document))
        report(figures, options.json)
        return 0
    except Failed as failure:
        print(f"bench-rtsp: {failure}", file=sys.stderr)
        return 1
    finally:
        sandbox.stop()


if __name__ == "__main__":
    sys.exit(main())
