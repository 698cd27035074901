"""SIGTERM and SIGHUP end a run by an exception, so that it ends its play. They are deferred between the start of a
process and its registration, because that process would not be ended."""

import signal
from contextlib import contextmanager

from results import Failed, Fault, Kind


class Ending:
    """The signals of this process; there is one."""

    def __init__(self):
        self._held = False
        self._pending = 0

    def install(self) -> None:
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._come)

    @contextmanager
    def held(self):
        """Signals that arrive meanwhile are handled at the end of the block."""
        self._held = True
        try:
            yield
        finally:
            self._held = False
        if self._pending:
            number, self._pending = self._pending, 0
            raise _ended(number)

    def _come(self, number: int, frame) -> None:
        if not self._held:
            raise _ended(number)
        self._pending = number


def _ended(number: int) -> Failed:
    name = signal.Signals(number).name
    return Failed(Kind.ENDED, Fault.NOBODY, f"the run was ended from outside ({name})")


ENDING = Ending()
