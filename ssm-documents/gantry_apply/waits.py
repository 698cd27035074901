"""What a run waits for: the lock, and package managers that are busy at boot. Time is monotonic seconds."""

import fcntl
import os
import struct
import time
from contextlib import contextmanager
from pathlib import Path

from results import Failed, Fault, Kind

LOOK_EVERY = 0.5
PACKAGE_MANAGER_PATIENCE = 300.0
# Held by fcntl, so that a look at them needs no lock of our own; dnf's transactions hold rpm's.
PACKAGE_LOCKS = (
    "/var/lib/dpkg/lock-frontend",
    "/var/lib/dpkg/lock",
    "/var/lib/apt/lists/lock",
    "/var/cache/apt/archives/lock",
    "/var/lib/rpm/.rpm.lock",
    "/usr/lib/sysimage/rpm/.rpm.lock",
)


class Deadline:
    """When the run must have a result."""

    def __init__(self, seconds: float):
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        return self._end - time.monotonic()


@contextmanager
def turn(lock: Path, who: str, deadline: Deadline):
    """One run at a time on an instance, whatever channel brought it. The kernel frees the lock with its process, and no
    child inherits it."""
    handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        while not _taken(handle):
            if deadline.left() < LOOK_EVERY:
                holder = lock.read_text(errors="replace").strip() or "unknown"
                message = f"another run ({holder}) did not end within this run's time; this one did nothing"
                raise Failed(Kind.BUSY, Fault.NOBODY, message)
            time.sleep(LOOK_EVERY)
        os.ftruncate(handle, 0)
        os.pwrite(handle, who.encode(), 0)
        yield
    finally:
        os.close(handle)


def holder(lock: Path) -> str:
    """The run that holds the lock, in its own words; empty if the lock is free. Looking takes the lock for an instant;
    a run that waits for the lock waits longer than that."""
    try:
        handle = os.open(lock, os.O_RDWR)
    except FileNotFoundError:
        return ""
    try:
        return "" if _taken(handle, fcntl.LOCK_SH) else lock.read_text(errors="replace").strip() or "unknown"
    finally:
        os.close(handle)


def _taken(handle: int, how: int = fcntl.LOCK_EX) -> bool:
    try:
        fcntl.flock(handle, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def for_package_managers(deadline: Deadline, locks: "tuple[str, ...]" = PACKAGE_LOCKS) -> None:
    """Waits until none of their locks is held; at boot unattended upgrades and user data hold them."""
    patience = Deadline(min(PACKAGE_MANAGER_PATIENCE, deadline.left() / 2))
    while True:
        held = [(path, holder) for path in locks for holder in _holder(path)]
        if not held:
            return
        if patience.left() < LOOK_EVERY:
            path, holder = held[0]
            message = f"{path} is held by {holder}, and was not released in time; wait for it or end it, then run again"
            raise Failed(Kind.DEPENDENCIES, Fault.INSTANCE, message)
        time.sleep(LOOK_EVERY)


def _holder(path: str) -> "list[str]":
    """The process that holds the file's lock (F_GETLK); empty if none does."""
    try:
        handle = os.open(path, os.O_RDWR)
    except OSError:
        return []
    try:
        question = struct.pack("hhqqi", fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0)
        answer = struct.unpack("hhqqi", fcntl.fcntl(handle, fcntl.F_GETLK, question))
    finally:
        os.close(handle)
    return [] if answer[0] == fcntl.F_UNLCK else [_process(answer[4])]


def _process(pid: int) -> str:
    try:
        return f"process {pid} ({Path(f'/proc/{pid}/comm').read_text().strip()})"
    except OSError:
        return f"process {pid}"
