"""Measures the built sandbox with the shipped zip in it: bench.py [OPTION…] -- SANDBOX-COMMAND…

Started by scripts/dev/bench, which has built everything. Times are those that the API answers with and those of the
sandbox's own journal of API calls, so there is one clock for all; exceptions are noted at the figure.
"""

import argparse
import contextlib
import json
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from pathlib import Path

sys.path.insert(1, str(Path(__file__).resolve().parents[1] / "demo"))
from bench_report import Figure, Goal, report  # noqa: E402
from demo import Failed, Sandbox  # noqa: E402

GROUP = "web"
FUNCTIONS = {"gantry-launch-queue": b'{"Records": []}', "gantry-sweep": b"{}", "gantry-operator": b"{}"}
BURSTS = (50, 200)
LOOK_SECONDS = 0.05
# A measurement that takes longer than this has failed.
PATIENCE_SECONDS = 120


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


class World:
    """A running sandbox, its clients, and its journal of API calls."""

    def __init__(self, command: "list[str]", folder: Path):
        self.journal = folder / "calls"
        self.began = time.monotonic()
        self.sandbox = Sandbox([*command, "--journal", str(self.journal)])

    def await_ready(self) -> None:
        self.sandbox.await_ready()
        self.scaling = self.sandbox.client("autoscaling")
        self.systems = self.sandbox.client("ssm")
        self.queues = self.sandbox.client("sqs")
        self.functions = self.sandbox.client("lambda")

    def calls(self) -> "list[dict]":
        """Whole lines only: the last one may be incomplete."""
        text = self.journal.read_text(encoding="utf-8").rpartition("\n")[0]
        return [json.loads(line) for line in text.splitlines()]

    def launch(self, capacity: int) -> None:
        self.scaling.set_desired_capacity(AutoScalingGroupName=GROUP, DesiredCapacity=capacity)

    def members(self) -> "dict[str, str]":
        group = self.scaling.describe_auto_scaling_groups(AutoScalingGroupNames=[GROUP])["AutoScalingGroups"][0]
        return {i["InstanceId"]: i["LifecycleState"] for i in group["Instances"]}

    def in_service(self) -> int:
        return sum(1 for state in self.members().values() if state == "InService")

    def agent(self, instance: str) -> "datetime | None":
        """The time of the agent's first ping; None before it."""
        filters = [{"Key": "InstanceIds", "Values": [instance]}]
        found = self.systems.describe_instance_information(Filters=filters)["InstanceInformationList"]
        return found[0]["LastPingDateTime"] if found and found[0]["PingStatus"] == "Online" else None


@contextlib.contextmanager
def world(command: "list[str]") -> Iterator[World]:
    with tempfile.TemporaryDirectory(prefix="gantry-bench-") as folder:
        running = World(command, Path(folder))
        try:
            running.await_ready()
            yield running
        finally:
            running.sandbox.stop()


def until(what: str, happened: Callable[[], object], pause: float = LOOK_SECONDS) -> object:
    end = time.monotonic() + PATIENCE_SECONDS
    while not (answer := happened()):
        if time.monotonic() > end:
            raise Failed(f"{what}: not within {PATIENCE_SECONDS} s")
        time.sleep(pause)
    return answer


def instant(text: str) -> datetime:
    """ISO-8601 with up to nine digits of a second's fraction, of which Python 3.9 reads three or six."""
    whole, _, fraction = text.rstrip("Z").partition(".")
    return datetime.fromisoformat(f"{whole}.{(fraction + '000000')[:6]}").replace(tzinfo=timezone.utc)


def seconds(earlier: datetime, later: datetime) -> float:
    return (later - earlier).total_seconds()


def first_in_service(command: "list[str]") -> float:
    """From the start of the sandbox's process to the first instance in service, as a client sees it."""
    with world(command) as w:
        w.launch(2)
        until("an instance in service", w.in_service)
        return time.monotonic() - w.began


def one_launch(w: World, number: int, announces: bool) -> "tuple[float, float]":
    """Agent online to command sent; run ended to hook completed."""
    known = set(w.members())
    seen = len(w.calls())
    w.launch(number)
    instance = str(until("a new instance", lambda: set(w.members()) - known).pop())
    online = until(f"the agent of {instance}", lambda: w.agent(instance))
    if announces:
        announce(w, instance)
    until(f"{instance} in service", lambda: w.members()[instance] == "InService")
    sent, run_ended = the_run(w, instance)
    completed = [c for c in w.calls()[seen:] if c["operation"] == "CompleteLifecycleAction" and not c["error"]]
    if len(completed) != 1:
        raise Failed(f"{instance}: {len(completed)} completions instead of one")
    return seconds(online, sent), seconds(run_ended, instant(completed[0]["time"]))


def announce(w: World, instance: str) -> None:
    """The message of the optional unit in an instance's user data, sent here as soon as a client can see the agent."""
    body = {"source": "gantry", "detail-type": "Instance Announcement", "detail": {"EC2InstanceId": instance}}
    w.queues.send_message(
        QueueUrl=w.queues.get_queue_url(QueueName="gantry-launches")["QueueUrl"], MessageBody=json.dumps(body)
    )


def the_run(w: World, instance: str) -> "tuple[datetime, datetime]":
    found = w.systems.list_command_invocations(InstanceId=instance)["CommandInvocations"]
    if len(found) != 1:
        raise Failed(f"{instance} got {len(found)} commands instead of one")
    plugin = w.systems.get_command_invocation(
        CommandId=found[0]["CommandId"], InstanceId=instance, PluginName="runShellScript"
    )
    return found[0]["RequestedDateTime"], instant(plugin["ExecutionEndDateTime"])


def launches(command: "list[str]", repetitions: int, announces: bool) -> "tuple[list[float], list[float]]":
    with world(command) as w:
        pairs = [one_launch(w, number, announces) for number in range(1, repetitions + 1)]
    return [sent for sent, _ in pairs], [completed for _, completed in pairs]


def cold_starts(command: "list[str]", repetitions: int) -> "dict[str, tuple[list[float], list[float]]]":
    """Seconds of the first and of the second invocation of each function, one function at a time."""
    times = {name: ([], []) for name in FUNCTIONS}
    for _ in range(repetitions):
        with world(without_bundle(command)) as w:
            for name, payload in FUNCTIONS.items():
                for figures in times[name]:
                    figures.append(invocation(w, name, payload))
    return times


def without_bundle(command: "list[str]") -> "list[str]":
    """Proposing the first bundle would have warmed the operator's function up."""
    at = command.index("--bundle")
    return command[:at] + command[at + 2 :]


def invocation(w: World, name: str, payload: bytes) -> float:
    began = time.monotonic()
    answer = w.functions.invoke(FunctionName=name, Payload=payload)
    if "FunctionError" in answer:
        raise Failed(f"{name} failed: {answer['Payload'].read().decode(errors='replace')[:500]}")
    return time.monotonic() - began


def burst(command: "list[str]", size: int) -> "tuple[float, float]":
    """Calls of the functions to Systems Manager and Auto Scaling per launch, and seconds until all are in service."""
    with world(command) as w:
        began = time.monotonic()
        w.launch(size)
        until(f"{size} instances in service", lambda: w.in_service() == size, pause=1)
        took = time.monotonic() - began
        counted = [
            c for c in w.calls() if c["service"] in ("ssm", "autoscaling") and ":assumed-role/gantry-" in c["caller"]
        ]
        return len(counted) / size, took


def measure(options: argparse.Namespace) -> Iterator[Figure]:
    yield from measure_real(options)
    yield from measure_launches(options.command, options.repetitions)
    megabytes = Path(options.zip).stat().st_size / 1e6
    yield Figure("zip", "Size of the functions' zip", [megabytes], "MB", Goal(12, "≤ 12 MB"))
    yield from measure_functions(options.command, min(3, options.repetitions))
    for size in BURSTS:
        say(f"a burst of {size} …")
        calls, took = burst(options.command, size)
        yield Figure(f"calls_{size}", f"SSM and Auto Scaling calls per launch, {size} at once", [calls], "calls")
        yield Figure(f"burst_{size}", f"All of {size} simulated instances in service", [took], "s")


def measure_real(options: argparse.Namespace) -> Iterator[Figure]:
    if not options.image:
        return
    say("first instance in service (real instances) …")
    real = [*options.command, "--instances", "real", "--image", options.image]
    times = [first_in_service(real) for _ in range(min(3, options.repetitions))]
    yield Figure("first_in_service", "Start to the first real instance in service", times, "s", Goal(15, "≤ 15 s"))


def measure_launches(command: "list[str]", repetitions: int) -> Iterator[Figure]:
    say("a launch at a time …")
    sent, completed = launches(command, repetitions, announces=False)
    yield Figure("sent_polled", "Agent online to command sent, found by looking", sent, "s", Goal(1.5, "≤ 1.5 s"))
    say("a launch at a time, announced …")
    announced, more = launches(command, repetitions, announces=True)
    yield Figure("sent_announced", "Agent online to command sent, announced", announced, "s", Goal(1, "≤ 1.0 s"))
    yield Figure("completed", "Run ended to hook completed", completed + more, "s", Goal(1, "≤ 1.0 s"))


def measure_functions(command: "list[str]", repetitions: int) -> Iterator[Figure]:
    say("cold starts …")
    for name, (cold, warm) in cold_starts(command, repetitions).items():
        note = f"{statistics.median(warm) * 1000:.0f} ms when warm"
        yield Figure(f"cold_{name}", f"First invocation of `{name}` ({note})", cold, "s")


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench.py", description=__doc__)
    parser.add_argument("--zip", required=True)
    parser.add_argument("--image", help="what real instances boot from; without it none are measured")
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("command", nargs="+", help="what starts the sandbox, with simulated instances and --json")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        return report(list(measure(options)), "launches", options.json, options.write)
    except Failed as failure:
        say(f"bench: {failure}")
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
