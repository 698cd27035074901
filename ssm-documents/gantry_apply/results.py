"""The result of a run: a kind, its exit code, what is to blame; and the one line of JSON that has them."""

import json
import time
from contextlib import contextmanager
from enum import Enum

FORMAT = 1
# Run Command's lists keep 2,500 bytes of an output, and 24,000 of either stream, its mark of a cut included. In bytes
# of the line, where a character that is not ASCII takes six.
LINE_LIMIT = 2_400
MESSAGE_LIMIT = 900
TASK_LIMIT = 360
OUTPUT_LIMIT = 23_900


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
    """What is to blame for a failure. Only failures of the bundle count for its quarantine."""

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
    """Collects the content of the result line."""

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
            told["task"] = clipped(failure.task, TASK_LIMIT)
        return {**self.ended(failure.kind), **told}


def clipped(text: str, limit: int = MESSAGE_LIMIT) -> str:
    """One line, with at most this many bytes in the result's line."""
    words = " ".join(str(text).split())
    if _length(words) <= limit:
        return words
    left = limit - _length("…")
    for end, character in enumerate(words):
        left -= _length(character)
        if left < 0:
            return words[:end] + "…"
    return words


def _length(text: str) -> int:
    return len(json.dumps(text)) - len('""')


def line(result: dict) -> str:
    """ASCII, so that no cut and no locale can break it. Where it is too long for Run Command's lists, the message is
    shorter."""
    text = json.dumps(result, separators=(",", ":"))
    over = len(text) - LINE_LIMIT
    if over <= 0 or "message" not in result:
        return text
    shorter = clipped(result["message"], max(6, _length(result["message"]) - over))
    return json.dumps({**result, "message": shorter}, separators=(",", ":"))


def end_of(text: str, limit: int) -> str:
    """The last so many bytes of a text in UTF-8, with a mark where something was left out."""
    content = text.encode(errors="replace")
    mark = "… "
    if len(content) <= limit:
        return text
    return mark + content[len(content) - max(0, limit - len(mark.encode())) :].decode(errors="ignore")
