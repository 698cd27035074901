"""Runs gantry and the aws command by turns against a sandbox, and compares their medians.

Usage: bench_start.py --gantry COMMAND --aws COMMAND [--repetitions N] [--write] -- SANDBOX-COMMAND…
Each turn runs each command once, so that other load on the machine affects all of them alike.
"""

import argparse
import os
import shlex
import statistics
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(1, str(Path(__file__).resolve().parents[1] / "demo"))
from bench_report import heading, put  # noqa: E402
from demo import Failed, Sandbox  # noqa: E402

GROUP = "web"
# Goals: so many times what the aws command takes.
STARTING, ANSWERING = 1.2, 2.0
PATIENCE_SECONDS = 120


def seconds(command: "list[str]", environment: "dict[str, str]") -> float:
    began = time.monotonic()
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    took = time.monotonic() - began
    if done.returncode != 0:
        raise Failed(f"{shlex.join(command[-3:])} ended with {done.returncode}: {done.stdout.decode()[-500:]}")
    return took


def instance(sandbox: Sandbox) -> str:
    """One that is in service."""
    groups = sandbox.client("autoscaling")
    groups.set_desired_capacity(AutoScalingGroupName=GROUP, DesiredCapacity=1)
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        found = groups.describe_auto_scaling_groups(AutoScalingGroupNames=[GROUP])["AutoScalingGroups"][0]["Instances"]
        if found and found[0]["LifecycleState"] == "InService":
            return found[0]["InstanceId"]
        time.sleep(0.2)
    raise Failed(f"no instance came into service within {PATIENCE_SECONDS} s")


def measure(options: argparse.Namespace, sandbox: Sandbox) -> "dict[str, float]":
    one = instance(sandbox)
    environment = {**os.environ, **sandbox.facts["environment"], "AWS_PAGER": "", "AWS_EC2_METADATA_DISABLED": "true"}
    gantry, aws = shlex.split(options.gantry), [options.aws]
    describe = ["autoscaling", "describe-auto-scaling-instances", "--instance-ids", one]
    commands = {
        "`gantry --version`": [*gantry, "--version"],
        "`aws --version`": [*aws, "--version"],
        "`gantry explain INSTANCE`": [*gantry, "explain", one],
        "`aws autoscaling describe-auto-scaling-instances`": [*aws, *describe],
    }
    for command in commands.values():
        seconds(command, environment)
    taken = {name: [] for name in commands}
    for _ in range(options.repetitions):
        for name, command in commands.items():
            taken[name].append(seconds(command, environment))
    return {name: statistics.median(times) for name, times in taken.items()}


def table(medians: "dict[str, float]", repetitions: int) -> "tuple[list[str], bool]":
    ours, theirs, answer, call = medians.values()
    rows = [
        ("`gantry --version`", "`aws --version`", ours, theirs, STARTING),
        ("`gantry explain INSTANCE`", "`aws autoscaling describe-auto-scaling-instances`", answer, call, ANSWERING),
    ]
    lines = [
        f"Medians of {repetitions} turns, each command once in each, against the sandbox on this machine:",
        "",
        "| command | takes | beside it | takes | times | goal |",
        "|---|---:|---|---:|---:|---:|",
    ]
    good = True
    for name, other, mine, its, goal in rows:
        good = good and mine <= goal * its
        lines.append(f"| {name} | {mine:.2f} s | {other} | {its:.2f} s | {mine / its:.2f} | {goal} |")
    return lines, good


def main() -> int:
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--gantry", required=True)
    parser.add_argument("--aws", required=True)
    parser.add_argument("--repetitions", type=int, default=15)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("command", nargs="+")
    options = parser.parse_args()
    sandbox = Sandbox(options.command)
    try:
        sandbox.await_ready()
        lines, good = table(measure(options, sandbox), options.repetitions)
    except Failed as failure:
        print(f"bench-start: {failure}", file=sys.stderr)
        return 1
    finally:
        sandbox.stop()
    print("\n".join(lines))
    if options.write:
        put("start", "\n".join([*heading("start"), "", *lines, ""]))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
