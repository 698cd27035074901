"""One run on this instance, from any channel: the instance's lock allows one run at a time, and a run id that has a
result gives that result again."""

import os
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import options
import play
import records
import surroundings
import waits
from application import Application, Place
from ending import ENDING
from results import OUTPUT_LIMIT, Failed, Fault, Kind, Report, end_of

KEPT_LOGS = 20


@dataclass(frozen=True)
class Way:
    """What differs between channels.

    patience: seconds that a run waits for its turn; None for all of its own time, as the document's does.
    fetch: brings the downloads into their folder, within a deadline; the document's agent has brought them.
    """

    patience: "float | None" = None
    fetch: "Callable[[waits.Deadline], None] | None" = None


BY_DOCUMENT = Way()


class Run:
    """One call of this program; its answer is the result and the end of Ansible's output."""

    def __init__(self, wanted: options.Options, home: Path, downloads: Path, report: Report, way: Way = BY_DOCUMENT):
        self._options = wanted
        self._home = home
        self._downloads = downloads
        self._report = report
        self._way = way
        self._deadline = waits.Deadline(wanted.limit)
        self._instance = records.instance_id(dict(os.environ))
        self._run = wanted["RunId"] or surroundings.command_id(downloads) or f"{time.time_ns()}"
        self._wanted = what(wanted)
        report.add(run=self._run, instance=self._instance)

    def go(self) -> "tuple[dict, str]":
        self._home.mkdir(mode=0o700, parents=True, exist_ok=True)
        kept = records.Records(self._home, self._instance)
        ENDING.install()
        patience = self._deadline if self._way.patience is None else waits.Deadline(self._way.patience)
        with ExitStack() as held:
            with self._report.phase("turn"):
                who = f"{self._run} as process {os.getpid()}"
                held.enter_context(waits.turn(self._home / "lock", who, patience))
            return self._in_turn(kept)

    def _in_turn(self, kept: records.Records) -> "tuple[dict, str]":
        earlier = kept.find(self._run)
        if earlier.get("result"):
            return self._again(earlier)
        if earlier.get("closed"):
            message = f"run {self._run} was {earlier['closed']}, and begins no more; nothing was done"
            return self._report.failed(Failed(Kind.ENDED, Fault.NOBODY, message)), ""
        play.end_orphans()
        kept.write(self._run, {**earlier, "wanted": self._wanted})
        log = self._log()
        result = self._fetched() or self._applied(kept, log, earlier.get("reboots", 0))
        tail = _tail(log)
        record = {"wanted": self._wanted}
        if result["kind"] == Kind.REBOOT.word:
            kept.write(self._run, {**record, "reboots": earlier.get("reboots", 0) + 1})
        elif result["kind"] != Kind.ENDED.word:
            kept.write(self._run, {**record, "result": result, "tail": tail})
        return result, tail

    def _fetched(self) -> dict:
        """Empty when the downloads are there, else the run's result."""
        try:
            if self._way.fetch:
                with self._report.phase("download"):
                    self._way.fetch(self._deadline)
        except Failed as failure:
            return self._report.failed(failure)
        return {}

    def _applied(self, kept: records.Records, log: Path, reboots: int) -> dict:
        with log.open("a") as output:
            place = Place(self._home, self._downloads)
            return Application(self._options, place, kept, self._report, output, self._deadline).result(reboots)

    def _again(self, earlier: dict) -> "tuple[dict, str]":
        """The first result, or a refusal where the id stands for something else now."""
        other = differing(earlier, self._wanted)
        if other:
            return self._report.failed(Failed(Kind.OPTIONS, Fault.INSTANCE, other_run(self._run, other))), ""
        return {**earlier["result"], "repeated": True}, earlier["tail"]

    def _log(self) -> Path:
        folder = self._home / "log"
        folder.mkdir(mode=0o700, exist_ok=True)
        for old in sorted(folder.glob("*.log"), key=lambda path: path.stat().st_mtime)[: 1 - KEPT_LOGS]:
            old.unlink(missing_ok=True)
        log = folder / f"{self._run}.log"
        log.touch(mode=0o600)
        self._report.add(log=str(log))
        return log


def what(wanted: options.Options) -> "dict[str, str]":
    """What a run id stands for."""
    return {name: wanted[name] for name in ("BundleSha256", "PlaybookFile", "ExtraVariables", "Check")}


def differing(record: dict, wanted: "dict[str, str]") -> "list[str]":
    """The parts that differ from the record; nothing if the record does not have them."""
    return [name for name, value in wanted.items() if record.get("wanted", wanted).get(name) != value]


def other_run(run: str, names: "list[str]") -> str:
    return f"run {run} was executed already, with another {' and '.join(names)}; use a new RunId"


def _tail(log: Path) -> str:
    """Read from the log's end, which may be anywhere within a character."""
    with log.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - 2 * OUTPUT_LIMIT))
        text = file.read().decode(errors="replace")
    return end_of(text, OUTPUT_LIMIT)
