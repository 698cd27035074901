"""What scripts/demo takes once everything is built, with each kind of instance.

Started by scripts/dev/bench --demo.
"""

import argparse
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

from bench_fresh import FIRST, Failed, run
from bench_report import ROOT, Figure, Goal, report

GOALS = {"real": Goal(15, "≤ 15 s"), "local": Goal(8, "≤ 8 s")}


def demo(kind: str) -> "tuple[float, float]":
    """Seconds to its end, and to the first instance in service."""
    began = time.monotonic()
    output = run(["scripts/demo", "--instances", kind], ROOT, dict(os.environ))
    whole = time.monotonic() - began
    first = FIRST.search(output)
    if not first:
        raise Failed(f"the demo did not say when the first instance was in service:\n{output[-3000:]}")
    return whole, float(first[1])


def measure(kinds: "list[str]", repetitions: int) -> Iterator[Figure]:
    for kind in kinds:
        print(f"scripts/demo --instances {kind}, {repetitions} times …", file=sys.stderr, flush=True)
        runs = [demo(kind) for _ in range(repetitions)]
        yield Figure(f"whole_{kind}", f"scripts/demo with {kind} instances", [whole for whole, _ in runs], "s")
        firsts = [first for _, first in runs]
        yield Figure(f"first_{kind}", f"of which: the first {kind} one in service", firsts, "s", GOALS.get(kind))


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
