"""Runs scripts/demo, or a tour of gantry, in a pseudo-terminal, and draws an SVG of the lines with their times.

Lines that the demo replaces (what it waits for) are not kept: the picture shows what is on the screen at the end.
"""

import argparse
import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from datetime import datetime, timezone
from pathlib import Path

from demo_picture import Line, draw

ROOT = Path(__file__).resolve().parents[3]
COLUMNS, ROWS = 120, 40
PATIENCE_SECONDS = 900
LARGEST_PICTURE = 300_000
ESCAPE = re.compile(r"\x1b\[([0-9;]*)([A-Za-z])")
COLOURS = {"31": "red", "32": "green", "33": "yellow", "36": "yellow", "1": "bold"}


class Recorder:
    """The lines of a terminal that only ever writes at its end, and returns to the beginning of the last line."""

    def __init__(self) -> None:
        self.lines: "list[Line]" = []
        self.pending = ""

    def feed(self, text: str, at: float) -> None:
        self.pending += text
        *whole, self.pending = self.pending.split("\n")
        for raw in whole:
            self.lines.append(Line(at, *self.shown(raw.rstrip("\r"))))

    @staticmethod
    def shown(raw: str) -> "tuple[str, str]":
        """Text and colour of a line: what follows the last time that the line was erased or begun again."""
        last = re.split(r"\x1b\[2?K|\r", raw)[-1]
        colour = next((COLOURS[m[1]] for m in ESCAPE.finditer(last) if m[2] == "m" and m[1] in COLOURS), "")
        return ESCAPE.sub("", last).rstrip(), colour


def record(command: "list[str]") -> "list[Line]":
    """Runs the command in a terminal of its own; its words appear here, too. Ends with 1 if it fails."""
    master, slave = pty.openpty()
    environment = {**os.environ, "TERM": "dumb", "COLUMNS": str(COLUMNS), "LINES": str(ROWS)}
    environment.pop("NO_COLOR", None)
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=slave, stderr=slave, env=environment, start_new_session=True
    )
    os.close(slave)
    recorder, began = Recorder(), time.monotonic()
    try:
        for chunk in chunks(master, began):
            sys.stderr.write(chunk)
            recorder.feed(chunk, round(time.monotonic() - began, 2))
        code = process.wait(60)
    except BaseException:
        os.killpg(process.pid, signal.SIGINT)
        process.wait(60)
        raise
    finally:
        os.close(master)
    if code:
        raise SystemExit(f"record-demo: {command[0]} ended with {code}; nothing was drawn")
    return recorder.lines


def chunks(master: int, began: float):
    """Text as it comes, until the last process has let go of the terminal."""
    undecoded = b""
    while time.monotonic() - began < PATIENCE_SECONDS:
        if not select.select([master], [], [], 1)[0]:
            continue
        try:
            got = os.read(master, 65536)
        except OSError:
            return
        if not got:
            return
        undecoded += got
        # A character can be cut in two; its beginning waits for its end.
        text = undecoded.decode("utf-8", errors="ignore")
        undecoded = undecoded[len(text.encode()) :]
        yield text
    raise TimeoutError(f"the demo took longer than {PATIENCE_SECONDS} s")


def story(lines: "list[Line]") -> "list[Line]":
    """From the demo's own first line on, without what was set up and built before."""
    start = next((n for n, line in enumerate(lines) if line.text.startswith("Gantry's demo")), 0)
    zero = lines[start].at if lines else 0
    return [Line(round(line.at - zero, 2), line.text, line.colour) for line in lines[start:]]


def load(path: str) -> "tuple[list[Line], str]":
    kept = json.loads(Path(path).read_text(encoding="utf-8"))
    return [Line(**line) for line in kept["lines"]], kept["date"]


def keep(path: str, lines: "list[Line]", date: str) -> None:
    kept = {"date": date, "lines": [vars(line) for line in lines]}
    Path(path).write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(prog="record_demo.py", description=__doc__)
    parser.add_argument("--instances", choices=("real", "local", "simulated"))
    parser.add_argument("--keep")
    parser.add_argument("--from", dest="kept")
    parser.add_argument("--tour", action="store_true")
    parser.add_argument("--out")
    options = parser.parse_args()
    out = options.out or str(ROOT / ("docs/gantry.svg" if options.tour else "docs/demo.svg"))
    if options.kept:
        lines, date = load(options.kept)
    else:
        chosen = ["--instances", options.instances] if options.instances else []
        tour = [str(ROOT / "scripts/lib/demo/gantry-tour")]
        command = tour if options.tour else [str(ROOT / "scripts/demo"), *chosen]
        lines = story(record(command))
        date = datetime.now(timezone.utc).date().isoformat()
    if options.keep:
        keep(options.keep, lines, date)
    picture = draw(lines, date, "gantry" if options.tour else "scripts/demo")
    if len(picture.encode()) > LARGEST_PICTURE or str(ROOT) in picture:
        raise SystemExit("record-demo: the picture is too large, or has a path of this machine")
    Path(out).write_text(picture, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
