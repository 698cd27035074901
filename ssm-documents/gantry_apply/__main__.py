"""Applies a bundle to this instance: python3 gantry_apply < OPTIONS, in the folder with the downloads.

Options are NAME=value lines (options.py). The first line of standard output is the result as JSON, the rest the end of
Ansible's output; the exit code is the result's kind (results.py). Whatever channel starts it, a run has its turn by one
lock, and a run id that has a result gives that result again.
"""

import os
import sys
import time
import traceback
from contextlib import ExitStack
from pathlib import Path

import options
import play
import records
import waits
from application import Application
from ending import ENDING
from results import Failed, Fault, Kind, Report, line

# Systems Manager keeps the first 24,000 characters of standard output.
TAIL = 20_000
KEPT_LOGS = 20


def main() -> int:
    os.umask(0o077)
    report = Report()
    try:
        wanted = options.read(sys.stdin.read().split("\n"), os.environ)
        return Run(wanted, Path(os.environ.get("GANTRY_HOME", "/var/lib/gantry")), report).go()
    except Failed as failure:
        return tell(report.failed(failure), "")
    except Exception as error:
        # The edge of the program: whatever it is, somebody waits for a line.
        traceback.print_exc()
        message = f"the run cannot work on this instance: {type(error).__name__}: {error}"
        return tell(report.failed(Failed(Kind.INTERNAL, Fault.INSTANCE, message)), "")


def tell(result: dict, tail: str) -> int:
    print(line(result))
    print(tail, end="", flush=True)
    return result["exit"]


class Run:
    """One call of this program."""

    def __init__(self, wanted: options.Options, home: Path, report: Report):
        self._options = wanted
        self._home = home
        self._report = report
        self._deadline = waits.Deadline(wanted.limit)
        self._instance = records.instance_id(dict(os.environ))
        self._run = wanted["RunId"] or records.command_id() or f"{time.time_ns()}"
        self._wanted = {name: wanted[name] for name in ("BundleSha256", "PlaybookFile", "ExtraVariables", "Check")}
        report.add(run=self._run, instance=self._instance)

    def go(self) -> int:
        self._home.mkdir(mode=0o700, parents=True, exist_ok=True)
        kept = records.Records(self._home, self._instance)
        ENDING.install()
        with ExitStack() as held:
            with self._report.phase("turn"):
                who = f"{self._run} as process {os.getpid()}"
                held.enter_context(waits.turn(self._home / "lock", who, self._deadline))
            return self._in_turn(kept)

    def _in_turn(self, kept: records.Records) -> int:
        earlier = kept.find(self._run)
        if earlier.get("result"):
            return tell(*self._again(earlier))
        play.end_orphans()
        kept.write(self._run, {**earlier, "wanted": self._wanted})
        log = self._log()
        with log.open("a") as output:
            application = Application(self._options, self._home, kept, self._report, output, self._deadline)
            result = application.result(reboots=earlier.get("reboots", 0))
        tail = _tail(log)
        record = {"wanted": self._wanted}
        if result["kind"] == Kind.REBOOT.word:
            kept.write(self._run, {**record, "reboots": earlier.get("reboots", 0) + 1})
        elif result["kind"] != Kind.ENDED.word:
            kept.write(self._run, {**record, "result": result, "tail": tail})
        return tell(result, tail)

    def _again(self, earlier: dict) -> "tuple[dict, str]":
        """The first result, or a refusal where the id stands for something else now."""
        other = [name for name, value in self._wanted.items() if earlier["wanted"].get(name) != value]
        if other:
            message = f"run {self._run} was executed already, with another {' and '.join(other)}; use a new RunId"
            return self._report.failed(Failed(Kind.OPTIONS, Fault.INSTANCE, message)), ""
        return {**earlier["result"], "repeated": True}, earlier["tail"]

    def _log(self) -> Path:
        folder = self._home / "log"
        folder.mkdir(mode=0o700, exist_ok=True)
        for old in sorted(folder.glob("*.log"), key=lambda path: path.stat().st_mtime)[: 1 - KEPT_LOGS]:
            old.unlink(missing_ok=True)
        log = folder / f"{self._run}.log"
        self._report.add(log=str(log))
        return log


def _tail(log: Path) -> str:
    text = log.read_text(errors="replace")
    return text if len(text) <= TAIL else "… " + text[-TAIL:]


if __name__ == "__main__":
    sys.exit(main())
