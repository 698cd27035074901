"""What scripts/demo takes once everything is built, with each kind of instance, and what its first launch is made of.

Started by scripts/dev/bench --demo.
"""

import argparse
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

from bench_fresh import FIRST, Failed, run
from bench_report import ROOT, Figure, Goal, report

GOALS = {"real": Goal(15, "≤ 15 s"), "local": Goal(8, "≤ 8 s")}
# A line of the demo: seconds, whose, what.
LINE = re.compile(r" *([\d.]+) s  (i-[0-9a-f]+|sandbox) +(.*)")
# The stages of the first launch, each with the line that ends it. Auto Scaling may have gone on between two looks.
STAGES = {
    "the sandbox starts": "ready on",
    "the instance boots, and its agent registers": "SSM agent online",
    "the function starts, decides and sends the command": "run 1: ",
    "the run, and the completion of the hook": ("Pending:Proceed", "InService"),
    "it enters service": "InService",
}


def stages(output: str) -> "dict[str, float]":
    """Seconds that each stage of the first launch took, as the demo saw it, which looks four times a second."""
    lines = [(float(found[1]), found[2], found[3]) for found in map(LINE.match, output.splitlines()) if found]
    first = next((whose for _, whose, what in lines if what.startswith("InService")), "")
    took, before = {}, 0.0
    for stage, sign in STAGES.items():
        ended = next((at for at, whose, what in lines if whose in (first, "sandbox") and what.startswith(sign)), before)
        took[stage], before = ended - before, ended
    return took


def demo(kind: str) -> "tuple[float, float, dict[str, float]]":
    """Seconds to its end, to the first instance in service, and of its stages."""
    began = time.monotonic()
    output = run(["scripts/demo", "--instances", kind], ROOT, dict(os.environ))
    whole = time.monotonic() - began
    first = FIRST.search(output)
    if not first:
        raise Failed(f"the demo did not say when the first instance was in service:\n{output[-3000:]}")
    return whole, float(first[1]), stages(output)


def measure(kinds: "list[str]", repetitions: int) -> Iterator[Figure]:
    for kind in kinds:
        print(f"scripts/demo --instances {kind}, {repetitions} times …", file=sys.stderr, flush=True)
        runs = [demo(kind) for _ in range(repetitions)]
        yield Figure(f"whole_{kind}", f"scripts/demo with {kind} instances", [whole for whole, _, _ in runs], "s")
        firsts = [first for _, first, _ in runs]
        yield Figure(f"first_{kind}", f"of which: the first {kind} one in service", firsts, "s", GOALS.get(kind))
        for number, stage in enumerate(STAGES, 1):
            yield Figure(f"stage_{kind}_{number}", f"… {stage}", [took[stage] for *_, took in runs], "s")


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench_demo.py", description=__doc__)
    parser.add_argument("--instances", choices=("real", "local"), required=True, help="the most real kind here")
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    kinds = ["real", "local", "simulated"] if options.instances == "real" else ["local", "simulated"]
    try:
        return report(list(measure(kinds, options.repetitions)), "demo", options.json, options.write)
    except (Failed, subprocess.TimeoutExpired) as failure:
        print(f"bench: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
