"""The only command that the bastion's key may run on this instance: start, status or cancel of one run.

sshd has put what was asked for into SSH_ORIGINAL_COMMAND; a start's options come on standard input (asked.py). The
answer is one line of JSON; exit code 0 when the question was understood, 64 when it was refused. What is started is a
systemd unit (unit.py): cutting the connection ends nothing, and asking again does no harm.
"""

import json
import os
import re
import select
import signal
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import asked
import metadata
import options
import records
import runs
import unit
import waits
from results import Failed, clipped

FORMAT = 1
REFUSED = 64  # EX_USAGE of sysexits.h
QUESTION = re.compile(rf"(start|status|cancel) ({asked.RUN})")
CANCELLED, INTERRUPTED = "cancelled", "interrupted"
TAIL_BYTES = 8_192
# The bastion's function gives an exchange 20 seconds. What is not certain by then the next exchange says.
EXCHANGE_SECONDS = 18
READ_SECONDS = 6
ALONE_SECONDS = 3
BEGIN_SECONDS = 6
LOOK_EVERY = 0.1


class Refused(Exception):
    """The message says what is wrong with the question."""


def main(command: str) -> int:
    os.umask(0o077)
    # A broken connection must not leave a start half done; a caller without an answer asks again.
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    instance = metadata.instance_id()
    # The records on the instance are those of its id, whatever channel looks at them.
    os.environ["AWS_SSM_INSTANCE_ID"] = instance
    run = ""
    try:
        what, run = question(command)
        answer = Exchange(run, instance).about(what)
        code = 0
    except (Refused, Failed) as trouble:
        answer, code = {"state": "refused", "detail": clipped(str(trouble))}, REFUSED
    tell({"gantry": FORMAT, "instance": instance, "run": run, **answer})
    return code


def question(command: str) -> "tuple[str, str]":
    found = QUESTION.fullmatch(command)
    if not found:
        raise Refused("this key may say: start RUN, status RUN, cancel RUN; a RUN is letters, digits and hyphens")
    return found.group(1), found.group(2)


def tell(answer: dict) -> None:
    """ASCII, complete or not at all; a pipe whose reader is gone is not an error."""
    try:
        print(json.dumps(answer, separators=(",", ":")), flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def said(state: str, detail: str, **more) -> dict:
    return {"state": state, "detail": clipped(detail), **{name: value for name, value in more.items() if value}}


class Exchange:
    """One question about one run."""

    def __init__(self, run: str, instance: str, home: Path = unit.HOME):
        self._run = run
        self._instance = instance
        self._home = home
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._kept = records.Records(home, instance)
        self._deadline = waits.Deadline(EXCHANGE_SECONDS)

    def about(self, what: str) -> dict:
        return {"start": self._start, "status": self._status, "cancel": self._cancel}[what]()

    def _status(self) -> dict:
        return self._known() or said("unknown", f"this instance knows no run {self._run}, or it may begin again")

    def _known(self) -> "dict | None":
        """The run's result. None if it never began, or if it got the reboot that it asked for."""
        while True:
            before = self._kept.find(self._run)
            running = self._is_running()
            record = self._kept.find(self._run)
            if record.get("result"):
                return said("ended", _ending(record["result"]), result=record["result"], tail=_end(record["tail"]))
            if running:
                return said("running", f"run {self._run} is under way")
            if record != before:
                # It began, or ended, between the looks.
                continue
            if record.get("closed") == CANCELLED:
                return said(CANCELLED, f"run {self._run} was cancelled", tail=self._output())
            if record.get("closed") == INTERRUPTED:
                return said(INTERRUPTED, self._interruption(), tail=self._output())
            if not record or record.get("reboots"):
                return None
            # This answer is final: a command of the other channel that is still on its way can no longer begin the run.
            # Then look again, in case that command was faster.
            self._kept.close(self._run, INTERRUPTED)

    def _is_running(self) -> bool:
        return unit.state(self._run).active or self._holder().startswith(f"{self._run} as process ")

    def _holder(self) -> str:
        return waits.holder(self._home / "lock")

    def _interruption(self) -> str:
        seen = unit.state(self._run)
        why = "by a reboot or by a kill" if seen.result == "success" else f"({seen.result})"
        return f"run {self._run} had begun and was ended {why} before it had a result; a new run may begin"

    def _output(self) -> str:
        log = self._home / "log" / f"{self._run}.log"
        return _end(log.read_text(errors="replace")) if log.is_file() else ""

    def _start(self) -> dict:
        text = _input()
        wanted = asked.read(text, self._run, asked.bound(self._home, self._instance))
        return self._alone(lambda: self._start_unless_known(text, wanted.options))

    def _start_unless_known(self, text: str, wanted: options.Options) -> dict:
        other = runs.differing(self._kept.find(self._run), runs.what(wanted))
        if other:
            raise Refused(runs.other_run(self._run, other))
        known = self._known()
        if known:
            return known
        return self._busy() if self._holder() else self._begin(text, int(wanted["TimeoutSeconds"]))

    def _begin(self, text: str, seconds: int) -> dict:
        place = unit.text_of(self._run)
        place.parent.mkdir(mode=0o700, exist_ok=True)
        place.write_text(text, encoding="utf-8")
        before = self._kept.find(self._run)
        trouble = unit.start(self._run, seconds, self._instance)
        if trouble:
            return said("unknown", f"systemd has not started run {self._run}: {trouble}")
        end = time.monotonic() + BEGIN_SECONDS
        while time.monotonic() < end:
            if self._kept.find(self._run) != before or self._holder().startswith(f"{self._run} as process "):
                break
            seen = unit.state(self._run)
            if not seen.active:
                return self._known() or self._never_began(seen)
            time.sleep(LOOK_EVERY)
        return said("started", f"run {self._run} has begun")

    def _never_began(self, seen: unit.State) -> dict:
        """Another run took the lock between the check and the start."""
        return (
            self._busy() if self._holder() else said("unknown", f"run {self._run} did nothing (exit code {seen.code})")
        )

    def _busy(self) -> dict:
        holder = self._holder()
        return said("busy", f"another run has its turn ({holder}); run {self._run} has not begun", holder=holder)

    def _cancel(self) -> dict:
        return self._alone(self._cancelled)

    def _cancelled(self) -> dict:
        # Before and after: the run may be writing its own record, and a start that is late must find this.
        self._cancel_unless_ended()
        unit.stop(self._run)
        self._end_of_another_channel()
        self._cancel_unless_ended()
        return self._known() or said("unknown", f"this instance knows no run {self._run}")

    def _cancel_unless_ended(self) -> None:
        if not self._kept.find(self._run).get("result"):
            self._kept.close(self._run, CANCELLED)

    def _end_of_another_channel(self) -> None:
        """The agent's run of this id: it ends its play when it is told to end."""
        told = 0
        while self._deadline.left() > 0:
            found = re.fullmatch(re.escape(self._run) + r" as process ([0-9]+)", self._holder())
            if not found:
                return
            if int(found.group(1)) != told:
                told = int(found.group(1))
                os.kill(told, signal.SIGTERM)
            time.sleep(LOOK_EVERY)

    def _alone(self, change: "Callable[[], dict]") -> dict:
        """Only one exchange at a time may change something; the kernel frees this lock with its process."""
        with ExitStack() as held:
            try:
                who = f"{self._run} as process {os.getpid()}"
                held.enter_context(waits.turn(self._home / "exchange", who, waits.Deadline(ALONE_SECONDS)))
            except Failed:
                return said("busy", "another exchange with this instance is under way", holder="another exchange")
            return change()


def _ending(result: dict) -> str:
    return result.get("message") or f"run {result.get('run', '')} ended: {result.get('kind', '')}"


def _end(text: str) -> str:
    return text.encode()[-TAIL_BYTES:].decode(errors="ignore")


def _input() -> str:
    """All of standard input, which must arrive soon and be small."""
    end = time.monotonic() + READ_SECONDS
    text = b""
    while True:
        ready, _, _ = select.select([sys.stdin.fileno()], [], [], max(0.0, end - time.monotonic()))
        if not ready:
            raise Refused(f"the options have not come to an end within {READ_SECONDS} s")
        block = os.read(sys.stdin.fileno(), asked.MAX_BYTES)
        if not block:
            break
        text += block
        if len(text) > asked.MAX_BYTES:
            raise Refused(f"the options have more than {asked.MAX_BYTES} bytes")
    try:
        return text.decode()
    except UnicodeDecodeError:
        raise Refused("the options are not UTF-8") from None
