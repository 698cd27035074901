"""What a run ends with: a kind, its exit code, whose fault it is; and the one line of JSON that says so."""

import json
import time
from contextlib import contextmanager
from enum import Enum

FORMAT = 1
MESSAGE_LIMIT = 500


class Kind(Enum):
    """Exit codes keep clear of the agent's own meanings: 137 (killed), 168, 169 (end the document), 194 (reboot)."""

    SUCCESS = ("success", 0)
    BUNDLE = ("bundle", 10)
    DEPENDENCIES = ("dependencies", 11)
    PLAYBOOK = ("playbook", 12)
    READINESS = ("readiness", 13)
    TIMEOUT = ("timeout", 14)
    BUSY = ("busy", 15)
    OPTIONS = ("options", 16)
    INTERNAL = ("internal", 17)
    ENDED = ("ended", 18)
    REBOOT = ("reboot", 194)

    def __init__(self, word: str, code: int):
        self.word = word
        self.code = code


class Fault(Enum):
    """Whom a failure speaks against. Only a bundle's counts for its quarantine."""

    BUNDLE = "bundle"
    INSTANCE = "instance"
    NOBODY = "nobody"


class Failed(Exception):
    """The run failed; the message says on what, why, and what next."""

    def __init__(self, kind: Kind, fault: Fault, message: str, task: str = ""):
        super().__init__(message)
        self.kind = kind
        self.fault = fault
        self.message = message
        self.task = task


class Report:
    """Collects what becomes the line."""

    def __init__(self, **known):
        self._line = {"gantry": FORMAT, **known}
        self._phases = {}

    def add(self, **more) -> None:
        self._line.update(more)

    @contextmanager
    def phase(self, name: str):
        start = time.monotonic()
        try:
            yield
        finally:
            self._phases[name] = round(self._phases.get(name, 0) + time.monotonic() - start, 1)

    def ended(self, kind: Kind) -> dict:
        return {**self._line, "ok": kind.code == 0, "kind": kind.word, "exit": kind.code, "phases": self._phases}

    def failed(self, failure: Failed) -> dict:
        told = {"fault": failure.fault.value, "message": clipped(failure.message)}
        if failure.task:
            told["task"] = clipped(failure.task)
        return {**self.ended(failure.kind), **told}


def clipped(text: str) -> str:
    """One line, short enough for the 2,500 characters that Run Command's lists show."""
    line = " ".join(str(text).split())
    return line if len(line) <= MESSAGE_LIMIT else line[: MESSAGE_LIMIT - 1] + "…"


def line(result: dict) -> str:
    """ASCII, so that no cut and no locale can break it."""
    return json.dumps(result, separators=(",", ":"))
