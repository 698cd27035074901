"""What was measured, as a table, as JSON, and as docs/bench.md, which keeps a section for each kind of measurement."""

import json
import os
import re
import statistics
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Optional

ROOT = Path(__file__).resolve().parents[3]
PAGE = ROOT / "docs/bench.md"
HEAD = """# Measured

Written by `scripts/dev/bench`, alone, with `--fresh` and with `--demo`, by `scripts/dev/bench-rtsp`,
`scripts/dev/bench-cold` and `scripts/dev/bench-start`, each with `--write`; not edited by hand.
"""
LOAD = os.getloadavg()[0]
# Maximum load per core at which figures count as those of an idle machine.
QUIET = 0.75
TITLES = {
    "launches": "Launches, functions, API calls",
    "rtsp": "From a command to a stream that plays",
    "demo": "The demo, once built",
    "fresh": "From a fresh clone",
    "cold": "Cold functions",
    "start": "The command's start",
}
WORDS = {
    "launches": """
- "Found by looking" and "announced" are launches of simulated instances, one at a time, whose agents come 2 s after the
  launch. An agent that comes later is looked for less often (up to every 30 s), unless it announces itself.
- A first invocation is the whole of it, as the caller waits for it: the process starts, initialises and answers. It
  starts trained, as an image does (decision 0028). On AWS other machines do that.
- Calls are those of the functions, tries that failed included; a batch of up to 50 instances shares most of them.
- A run's end is told by an event, which waits for others for up to a second: Lambda asks for such a window where a
  batch may have more than ten messages (Lambda developer guide, "Using Lambda with Amazon SQS").
""",
    "rtsp": """
- From SendCommand until ffprobe has read a second of a stream from outside, and until the command's success, whose last
  play reads frames of every stream. The image has ffmpeg each time; Ansible is removed where it comes in another way.
- What an instance would fetch from the internet or from S3 comes from the same machine, so that no network's time is in
  these figures: on AWS the wheelhouse (some megabytes) and what pip and apt fetch (some hundred) cost more.
- AWS's document refuses to install Ansible on Debian: in its own way the instance calls itself Ubuntu 22.04, and pip
  takes the newest `ansible`, as that document says.
""",
    "demo": """
- From the command to its end, two launches and an abandonment with its reason included. The first instance in service
  counts from the start of the sandbox; its stages follow it.
- Two instances are launched at once, so that two runs of Ansible share these processors with functions that start for
  the first time. The function gathers the events of a second before it starts, at the launch and at the run's end.
""",
    "fresh": """
- Counted are the files in the Maven repository, which was empty before (jars, poms, checksums), and the virtual
  environment as it is on disk after pip installed from an empty cache. Not counted: Debian packages, that is, the tools
  of the machine, which were there, and what the image of the instances is made of.
- The other clone begins with Maven's repository and pip's cache of the first one, and makes the image again, for which
  Debian's packages are downloaded each time.
""",
    "cold": """
- A function is a new process under AWS's own runtime client, as Lambda starts it; AWS is a stub over HTTPS on
  loopback, each service at an address of its own. Packages take turns; every run is in
  [bench-cold.json](bench-cold.json).
- The boto3 handler makes two calls, one after the other: is the agent online, send. Gantry makes those and six more
  (settings, release, bundle, ledger, group, claim), which its promises rest on, and a write after the command.
- On AWS a zip runs on java21 or java25; the JDKs here stand in for these. Restored: what is left of a cold start where
  SnapStart took the snapshot after the rehearsal; Lambda's own time to restore comes on top, and is not measured here.
""",
}


@dataclass(frozen=True)
class Goal:
    """A maximum, and its text."""

    most: float
    words: str


@dataclass(frozen=True)
class Figure:
    """One measured quantity: every value that was seen."""

    key: str
    what: str
    values: "list[float]"
    unit: str
    goal: Optional[Goal] = None

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    @property
    def met(self) -> bool:
        return self.goal is None or self.median <= self.goal.most

    def shown(self, value: float) -> str:
        return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"

    def row(self) -> "list[str]":
        spread = f"{self.shown(min(self.values))} to {self.shown(max(self.values))}" if len(self.values) > 1 else ""
        goal = "" if self.goal is None else self.goal.words + ("" if self.met else ", **missed**")
        return [self.what, f"{self.shown(self.median)} {self.unit}", spread, str(len(self.values)), goal]

    def data(self) -> dict:
        return {
            "what": self.what,
            "median": round(self.median, 3),
            "unit": self.unit,
            "values": [round(v, 3) for v in self.values],
            "goal": self.goal.most if self.goal else None,
            "met": self.met,
        }


def report(
    figures: "list[Figure]",
    kind: str,
    as_json: bool,
    write: bool,
    notes: Sequence[str] = (),
    after: Sequence[str] = (),
) -> int:
    """Prints, writes if asked to (notes before, lines after the table); 1 if a goal was missed, else 0."""
    if as_json:
        print(json.dumps({"machine": machine(), "figures": {f.key: f.data() for f in figures}}, indent=2))
    else:
        print(plain(figures))
    if write:
        write_section(figures, kind, notes, after)
    missed = [f.what for f in figures if not f.met]
    for what in missed:
        print(f"bench: goal missed: {what}", file=sys.stderr)
    return 1 if missed else 0


def plain(figures: "list[Figure]") -> str:
    rows = [("what", "median", "from to", "n", "goal"), *(f.row() for f in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    return "\n".join("  ".join(c.ljust(w) for c, w in zip(row, widths)).rstrip() for row in rows).replace("**", "")


def machine() -> str:
    """What a figure depends on, and nothing that identifies the machine."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    return f"{len(os.sched_getaffinity(0))} cores, {memory:.0f} GiB of memory"


def others() -> "list[str]":
    """The machine's other load when this program began: it makes every time longer."""
    busy = LOAD / len(os.sched_getaffinity(0)) > QUIET
    return [f"The machine was busy with other work when this began: a load average of {LOAD:.0f}."] if busy else []


def heading(kind: str) -> "list[str]":
    today = datetime.now(timezone.utc).date().isoformat()
    return [f"## {TITLES[kind]}", "", f"{today}, on a machine of {machine()}.", *others()]


def section(figures: "list[Figure]", kind: str, notes: Sequence[str] = (), after: Sequence[str] = ()) -> str:
    lines = [*heading(kind), *notes, ""]
    lines += ["| what | median | from … to | n | goal |", "|---|---|---|---|---|"]
    lines += ["| " + " | ".join(f.row()) + " |" for f in figures]
    lines += ["", *after] if after else []
    return "\n".join([*lines, WORDS[kind]])


def sections(page: str) -> "dict[str, str]":
    """The page's sections by their titles."""
    parts = re.split(r"^(?=## )", page, flags=re.MULTILINE)[1:]
    return {part.splitlines()[0][3:]: part.strip() + "\n" for part in parts}


def write_section(figures: "list[Figure]", kind: str, notes: Sequence[str] = (), after: Sequence[str] = ()) -> None:
    put(kind, section(figures, kind, notes, after))


def put(kind: str, text: str) -> None:
    """Writes one section of the page, and keeps the others."""
    known = sections(PAGE.read_text(encoding="utf-8")) if PAGE.exists() else {}
    known[TITLES[kind]] = text
    ordered = [known[title] for title in TITLES.values() if title in known]
    PAGE.write_text("\n".join([HEAD, *ordered]).rstrip() + "\n", encoding="utf-8")
