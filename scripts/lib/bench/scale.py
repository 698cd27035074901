"""Runs bursts over the wire and in virtual time, Gantry beside one function per instance.

Started by scripts/dev/scale, which has built everything.
"""

import argparse
import json
import math
import subprocess
import sys
from datetime import datetime, timezone
from os import cpu_count, getloadavg
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PAGE = ROOT / "docs/reliability.md"
BEGIN, END = "<!-- scale:begin -->", "<!-- scale:end -->"
MAIN = {"virtual": "dev.gantry.function.scale.ScaleMain", "wire": "dev.gantry.system.scale.WireBurstMain"}
# Of Gantry's bursts of so many: calls a launch, and times the bound.
GOALS = {1000: (1.3, 1.05), 10000: (1.5, 1.3)}
QUOTAS = ("asg-tps", "asg-burst", "ssm-tps", "ssm-burst", "concurrency")
SECONDS = {"launch-seconds": 10, "agent-seconds": 60, "run-seconds": 60}
# A burst over the wire that has not come to its end by then is not waited for.
PATIENCE_SECONDS = 600
WIRE_HEAP = "1g"


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def burst(options: argparse.Namespace, how: str, who: str, instances: int) -> dict:
    say(f"{who}, {instances:,} instances, {'over the wire' if how == 'wire' else 'in virtual time'} …")
    words = {name: vars(options)[name.replace("-", "_")] for name in QUOTAS}
    words |= SECONDS | {"announced": "false", "seed": options.seed, "who": who, "instances": instances}
    words |= {"zip": options.zip, "patience-seconds": PATIENCE_SECONDS}
    classpath = options.over_the_wire if how == "wire" else options.virtual
    heap = [f"-Xmx{WIRE_HEAP}"] if how == "wire" else []
    java = [options.java, "-XX:+UseSerialGC", *heap, "-Dorg.slf4j.simpleLogger.defaultLogLevel=off", "-cp", classpath]
    load = getloadavg()[0]
    ended = subprocess.run(
        [*java, MAIN[how], *(f"{name}={value}" for name, value in words.items())],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode:
        raise SystemExit(f"scale: {who} of {instances} failed: {ended.stderr[-2000:]}")
    return {"how": how, "load_before": round(load, 1)} | json.loads(ended.stdout.splitlines()[-1])


def missed(outcome: dict) -> "list[str]":
    """The goals that a burst of Gantry's missed; any burst must bring all instances into service."""
    words = []
    if outcome["who"] != "gantry":
        return words
    if outcome["in_service"] < outcome["instances"]:
        words.append(f"{outcome['in_service']:,} of {outcome['instances']:,} came into service")
    calls, times = GOALS.get(outcome["instances"], (math.inf, math.inf))
    if round(outcome["calls_per_launch"], 2) > calls:
        words.append(f"{outcome['calls_per_launch']:.2f} calls per launch, goal {calls}")
    if round(times_the_bound(outcome), 2) > times:
        words.append(f"{times_the_bound(outcome):.2f} times the bound, goal {times}")
    return [f"{outcome['how']}: {word}" for word in words]


def times_the_bound(outcome: dict) -> float:
    return outcome["seconds"] / outcome["bound_seconds"]


def table(outcomes: "list[dict]", options: argparse.Namespace) -> str:
    quotas = f"{options.asg_tps:g} calls a second for Auto Scaling (burst {options.asg_burst:g}), "
    quotas += f"{options.ssm_tps:g} for each action of Systems Manager (burst {options.ssm_burst:g})"
    today = datetime.now(timezone.utc).date().isoformat()
    virtual = f", in virtual time {options.concurrency}" if options.concurrency != 2 else ""
    lines = [
        f"Written by `scripts/dev/scale --write` on {today}, on a machine of {cpu_count()} processors. Declared",
        f"quotas, since AWS publishes none: {quotas}.",
        "Launched within 10 s, agents online within a further minute, runs of 45 to 75 s, no announcements; Gantry's",
        f"mapping has a maximum concurrency of 2{virtual}.",
        "",
        "| how | who | instances | calls per launch | of them throttled | all in service | bound | times it |"
        " deepest queue | functions at once |",
        "|---|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    lines += [row(o) for o in outcomes]
    return "\n".join([*lines, *memory(outcomes)])


def row(o: dict) -> str:
    done = f"{o['seconds']:.0f} s" if o["in_service"] == o["instances"] else f"{o['in_service']:,} of them"
    cells = ["over the wire" if o["how"] == "wire" else "virtual time", o["who"], f"{o['instances']:,}"]
    calls, times = GOALS.get(o["instances"], ("", "")) if o["who"] == "gantry" else ("", "")
    cells += [against(o["calls_per_launch"], calls), f"{sum(o['throttled'].values()) / o['instances']:.2f}", done]
    cells += [f"{o['bound_seconds']:.0f} s", against(times_the_bound(o), times)]
    cells += [f"{o['deepest_queue']:,}", f"{o['concurrency']:,}"]
    return "| " + " | ".join(cells) + " |"


def against(value: float, goal: "float | str") -> str:
    """The value, with its goal if it has one."""
    return f"{value:.2f} (goal {goal})" if goal else f"{value:.2f}"


def memory(outcomes: "list[dict]") -> "list[str]":
    """The processes of Gantry's bursts over the wire; the baseline's functions are threads there."""
    lines = []
    for o in outcomes:
        if o["how"] == "wire" and o["who"] == "gantry":
            each = ", ".join(f"{name} {megabytes} MB" for name, megabytes in sorted(o["megabytes"].items()))
            lines += ["", f"Most memory of each process over the wire (resident; functions may have 512 MB): {each}."]
            lines += [f"The machine's load average before that burst was {o['load_before']:.1f}."]
    if any(o["how"] == "wire" and o["who"] != "gantry" for o in outcomes):
        lines += ["The polling functions are threads of one process there; on Lambda each has its own environment."]
    return lines


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
    parser.add_argument("--wire", type=int, default=1000)
    parser.add_argument("--instances", action="append", type=int)
    parser.add_argument("--seed", type=int, default=1)
    for flag in ("--json", "--write", "--no-baseline"):
        parser.add_argument(flag, action="store_true")
    for name in ("zip", "java", "virtual", "over-the-wire"):
        parser.add_argument(f"--{name}", required=True)
    options = parser.parse_args()
    who = ["gantry"] if options.no_baseline else ["gantry", "baseline"]
    bursts = [("wire", options.wire)] if options.wire else []
    bursts += [("virtual", n) for n in options.instances or [1000, 10000]]
    outcomes = [burst(options, how, w, n) for how, n in bursts for w in who]
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
