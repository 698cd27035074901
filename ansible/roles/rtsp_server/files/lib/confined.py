#!/usr/bin/env python3
"""Runs ffprobe and ffmpeg on untrusted videos: as an unprivileged user, in a unit of its own.

The unit is a transient one (systemd-run). It has the properties of the role's own units (templates/hardening.j2, which
reach this module through videos.json), no network or loopback only, and a time limit that systemd keeps.
"""

import contextlib
import itertools
import os
import pwd
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

# Memory limit of one of them. Beyond it the kernel ends that program, and not the server.
MEMORY = "50%"
NO_NETWORK = ("PrivateNetwork=yes",)
LOOPBACK_ONLY = ("IPAddressDeny=any", "IPAddressAllow=localhost")
# The first output within the unit: without it systemd-run failed, and not the program.
BEGUN = "begun\n"
BEGIN = ["/bin/sh", "-c", 'echo begun >&2 && exec "$@"', "sh"]
NUMBERS = itertools.count(1)


class Failed(Exception):
    """A program did not succeed: what it had printed until then, and what it said on standard error."""

    def __init__(self, message: str, printed: str, said: str):
        super().__init__(message)
        self.printed = printed
        self.said = said


class Slow(Failed):
    """It did not end within its time."""


class NotStarted(Failed):
    """systemd could not run it, so no video is to blame."""


class Died(Failed):
    """It ended with a failure; the message is the last line that it said, or its exit code."""


class Confined:
    """One user and one set of properties for every program that reads foreign bytes."""

    def __init__(self, user: str, properties: "list[str]"):
        self.user = user
        self.properties = properties

    def command(self, arguments: "list[str]", seconds: float, network: "tuple[str, ...]") -> "list[str]":
        properties = [f"User={self.user}", *self.properties, *network]
        properties += [f"MemoryMax={MEMORY}", "TasksMax=128", "LimitCORE=0", "Nice=5", f"RuntimeMaxSec={seconds:.0f}"]
        name = f"rtsp-look-{os.getpid()}-{next(NUMBERS)}"
        options = ["--quiet", "--collect", "--wait", "--pipe", f"--unit={name}"]
        return ["systemd-run", *options, *(f"--property={one}" for one in properties), "--", *BEGIN, *arguments]

    def run(
        self,
        arguments: "list[str]",
        seconds: float,
        network: "tuple[str, ...]" = NO_NETWORK,
        each_line: "Callable[[str], object] | None" = None,
        into: "Path | None" = None,
    ) -> "tuple[str, str]":
        """What it printed, unless each line of that goes to a callback, and what it said on standard error.

        With a file as the target that is its standard output, which it may open again as /proc/self/fd/1: the one file
        that it can write to.
        """
        start, printed = time.monotonic(), []
        with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as said:
            with (
                self.writable(into) as output,
                subprocess.Popen(
                    self.command(arguments, seconds, network),
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=said,
                    text=True,
                    encoding="utf-8",
                    errors="replace",
                ) as program,
            ):
                for line in program.stdout or ():
                    (each_line or printed.append)(line)
            said.seek(0)
            words = said.read()
        begun, words = words.startswith(BEGUN), words.removeprefix(BEGUN)
        if program.returncode == 0:
            return "".join(printed), words
        if time.monotonic() - start >= seconds:
            raise Slow(f"it did not end within {seconds:.0f} s", "".join(printed), words)
        last = (words.strip().splitlines() or [f"it ended with the code {program.returncode} and said nothing"])[-1]
        if not begun:
            raise NotStarted(f"systemd-run could not start {Path(arguments[0]).name}: {last}", "".join(printed), words)
        raise Died(last, "".join(printed), words)

    @contextlib.contextmanager
    def writable(self, path: "Path | None") -> "Iterator[int]":
        """A new file that the confined user owns for as long as this takes, and root afterwards."""
        if path is None:
            yield subprocess.PIPE
            return
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            os.fchown(handle, self.uid, -1)
            yield handle
        finally:
            os.fchown(handle, os.getuid(), -1)
            os.fchmod(handle, 0o644)
            os.close(handle)

    @property
    def uid(self) -> int:
        return pwd.getpwnam(self.user).pw_uid
