"""Runs bursts in virtual time, Gantry beside one function per instance: scale.py [OPTION…] -- JAVA-COMMAND…

Started by scripts/scale, which has built everything.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/reliability.md"
BEGIN, END = "<!-- scale:begin -->", "<!-- scale:end -->"
MAIN = "dev.gantry.function.scale.ScaleMain"
# The goal is stated for this many, and for Gantry alone.
GOAL_INSTANCES, GOAL_CALLS, GOAL_TIME = 1000, 2.0, 1.1
QUOTAS = ("asg-tps", "asg-burst", "ssm-tps", "ssm-burst", "concurrency")


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def burst(options: argparse.Namespace, who: str, instances: int) -> dict:
    say(f"{who}, {instances:,} instances …")
    words = {name: vars(options)[name.replace("-", "_")] for name in QUOTAS}
    words |= {"launch-seconds": 10, "agent-seconds": 60, "run-seconds": 60, "announced": "false", "seed": options.seed}
    arguments = [f"{name}={value}" for name, value in words.items()]
    ended = subprocess.run(
        [*options.java, MAIN, f"who={who}", f"instances={instances}", *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode:
        raise SystemExit(f"scale: {who} of {instances} failed: {ended.stderr[-2000:]}")
    return json.loads(ended.stdout.splitlines()[-1])


def missed(outcome: dict) -> "list[str]":
    """The goals that Gantry's burst of a thousand missed; any burst must bring all instances into service."""
    words = []
    if outcome["who"] != "gantry":
        return words
    if outcome["in_service"] < outcome["instances"]:
        words.append(f"{outcome['in_service']:,} of {outcome['instances']:,} came into service")
    if outcome["instances"] == GOAL_INSTANCES and outcome["calls_per_launch"] > GOAL_CALLS:
        words.append(f"{outcome['calls_per_launch']:.2f} calls per launch, goal {GOAL_CALLS}")
    if outcome["instances"] == GOAL_INSTANCES and outcome["seconds"] > GOAL_TIME * outcome["bound_seconds"]:
        words.append(f"{outcome['seconds'] / outcome['bound_seconds']:.2f} times the bound, goal {GOAL_TIME}")
    return words


def table(outcomes: "list[dict]", options: argparse.Namespace) -> str:
    quotas = f"{options.asg_tps:g} calls a second for Auto Scaling (burst {options.asg_burst:g}), "
    quotas += f"{options.ssm_tps:g} for each action of Systems Manager (burst {options.ssm_burst:g})"
    lines = [
        "Written by `scripts/scale --write`, in virtual time. Declared quotas, since AWS publishes none:",
        f"{quotas}. Launched within 10 s, agents online within a further minute, runs of 45 to 75 s,",
        f"no announcements; Gantry's mapping has a maximum concurrency of {options.concurrency}.",
        "",
        "| who | instances | calls per launch | of them throttled | all in service | bound | times it | deepest |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for o in outcomes:
        done = f"{o['seconds']:.0f} s" if o["in_service"] == o["instances"] else f"{o['in_service']:,} of them"
        row = [o["who"], f"{o['instances']:,}", f"{o['calls_per_launch']:.2f}"]
        row += [f"{sum(o['throttled'].values()) / o['instances']:.2f}", done, f"{o['bound_seconds']:.0f} s"]
        row += [f"{o['seconds'] / o['bound_seconds']:.2f}", f"{o['deepest_queue']:,}"]
        lines.append("| " + " | ".join(row) + " |")
    return "\n".join(lines)


def write(text: str) -> None:
    page = PAGE.read_text(encoding="utf-8") if PAGE.exists() else f"{BEGIN}\n{END}\n"
    if BEGIN not in page:
        page = page.rstrip() + f"\n\n{BEGIN}\n{END}\n"
    head, rest = page.split(BEGIN, 1)
    PAGE.write_text(f"{head}{BEGIN}\n\n{text}\n\n{END}{rest.split(END, 1)[1]}", encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(prog="scale.py", description=__doc__)
    for name, usual in zip(QUOTAS, (20, 40, 20, 40, 2)):
        parser.add_argument(f"--{name}", type=int, default=usual)
    parser.add_argument("--instances", action="append", type=int)
    parser.add_argument("--seed", type=int, default=1)
    for flag in ("--json", "--write", "--no-baseline"):
        parser.add_argument(flag, action="store_true")
    parser.add_argument("java", nargs="+", help="java and its classpath")
    options = parser.parse_args()
    who = ["gantry"] if options.no_baseline else ["gantry", "baseline"]
    outcomes = [burst(options, w, n) for n in options.instances or [1000, 10000] for w in who]
    text = table(outcomes, options)
    print(json.dumps({"outcomes": outcomes}, indent=2) if options.json else text)
    if options.write:
        write(text)
    goals = [words for outcome in outcomes for words in missed(outcome)]
    for words in goals:
        say(f"scale: goal missed: {words}")
    return 1 if goals else 0


if __name__ == "__main__":
    sys.exit(main())
