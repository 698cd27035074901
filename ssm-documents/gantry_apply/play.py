"""Runs a playbook so that it, and all that it starts, ends when it fails, when its time is over or its starter is gone.
What a successful play has left running (a daemon, an async task) is left alone.

Where systemd runs the system, the play has a scope of its own: a child that has left its session is still in it, and
systemd ends the scope after RuntimeMaxSec even where nobody is left to do it. The scope's fixed name is the second
guard against two plays at a time. So what is left alone moves into a scope without a limit. Elsewhere a process group
has to do, and what has left it is not known.
"""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ending import ENDING

SCOPE = "gantry-play.scope"
GRACE = 5
# Systemd's own end comes after ours, and only where ours did not.
BACKSTOP = 30
# Ours is 077; what a play creates is for services too.
SERVICES_UMASK = 0o022
# Seconds, and how many of them: for what is about to end, and for systemd to move what is left.
MOMENT, MOMENTS = 0.2, 5
# How many of the processes that are left the result names.
NAMED = 8
# With version 2 of control groups, with version 1, and with both.
CONTROL_GROUPS = ("/sys/fs/cgroup", "/sys/fs/cgroup/systemd", "/sys/fs/cgroup/unified")
MANAGER = ("org.freedesktop.systemd1", "/org/freedesktop/systemd1", "org.freedesktop.systemd1.Manager")


@dataclass(frozen=True)
class Ended:
    """How a play ended."""

    code: int
    timed_out: bool


def has_systemd() -> bool:
    return Path("/run/systemd/system").is_dir() and os.geteuid() == 0


def end_orphans() -> None:
    """Ends a play whose starter was killed. Needs the lock: while it is held, no other living run can have a play."""
    if has_systemd():
        _systemctl("kill", "--signal=SIGKILL", SCOPE)
        _systemctl("stop", SCOPE)


@contextlib.contextmanager
def started(command: "list[str]", folder: Path, environment: "dict[str, str]", log, seconds: float):
    """A play that runs, as a Started. What still runs of it at the end of the block is ended, unless it was left."""
    play = Started(command, seconds)
    try:
        with ENDING.held():
            play.start(folder, environment, log)
        yield play
    finally:
        with ENDING.held():
            play.finish()


class Started:
    """One play, from its start to its end."""

    def __init__(self, command: "list[str]", seconds: float):
        self._command = command
        self._seconds = seconds
        self._process = None
        self._watching = None
        self._left = False

    def start(self, folder: Path, environment: "dict[str, str]", log) -> None:
        if self._seconds <= 0:
            return
        self._process = subprocess.Popen(
            _scoped(self._command, self._seconds) if has_systemd() else self._command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            umask=SERVICES_UMASK,
        )
        self._watching = _watch(self._process.pid)

    def wait(self) -> Ended:
        if self._process is None:
            return Ended(-1, True)
        try:
            return Ended(self._process.wait(self._seconds), False)
        except subprocess.TimeoutExpired:
            return Ended(-1, True)

    def leave(self) -> "list[str]":
        """Releases what a successful play has left running, and returns the names and ids of those processes."""
        with ENDING.held():
            found = self._remaining()
            # A process that only takes a moment to end was not left running.
            for _ in range(MOMENTS):
                if not found:
                    break
                time.sleep(MOMENT)
                found = self._remaining()
            if has_systemd():
                _move(self._remaining)
            self._left = True
        names = [f"{_name(pid)} ({pid})" for pid in found]
        return names[:NAMED] + ([f"and {len(names) - NAMED} more"] if len(names) > NAMED else [])

    def finish(self) -> None:
        if self._process is not None and not self._left:
            _end(self._process)
        if self._watching is not None:
            self._watching.communicate(b"done\n")

    def _remaining(self) -> "list[int]":
        if self._process is None:
            return []
        return _in_scope() if has_systemd() else _in_group(self._process.pid)


def _in_scope() -> "list[int]":
    """The processes of the scope's control group and of those below it, wherever systemd has its hierarchy."""
    command = ["systemctl", "show", "--property=ControlGroup", "--value", SCOPE]
    asked = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
    group = asked.stdout.strip().lstrip("/")
    found = set()
    for root in CONTROL_GROUPS if group else ():
        for processes in Path(root, group).glob("**/cgroup.procs"):
            with contextlib.suppress(OSError):
                found.update(map(int, processes.read_text().split()))
    return sorted(found)


def _in_group(group: int) -> "list[int]":
    """The processes of the group, but for those that have ended and that nobody has asked for yet."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            # After the name, which may have any character: state, parent, group (proc(5)).
            state, _, of_group = path.read_text(errors="replace").rpartition(")")[2].split()[:3]
            if state != "Z" and int(of_group) == group:
                found.append(int(path.parent.name))
    return sorted(found)


def _name(pid: int) -> str:
    """Without its arguments, which may be secrets."""
    try:
        return Path(f"/proc/{pid}/comm").read_text(errors="replace").strip()
    except OSError:
        return "unknown"


def _move(remaining: "Callable[[], list[int]]") -> None:
    """Into a scope without a limit, and again what was started meanwhile; systemd-run can only start processes. What
    cannot be moved ends with the play's scope: with its limit, or with the next run."""
    for _ in range(MOMENTS):
        pids = remaining()
        if not pids:
            return
        unit = [f"gantry-left-{time.time_ns()}.scope", "fail"]
        about = ["2", "Description", "s", "What a play of Gantry has left running"]
        about += ["PIDs", "au", str(len(pids)), *map(str, pids)]
        command = ["busctl", "call", *MANAGER, "StartTransientUnit", "ssa(sv)a(sa(sv))", *unit, *about, "0"]
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            subprocess.run(
                command,
                check=False,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=60,
            )
        time.sleep(MOMENT)


def never_began(words: str) -> bool:
    """Whether systemd-run itself failed, by its own message: then the playbook is not to blame."""
    return words.startswith("Failed to start transient scope unit")


def going_down() -> bool:
    """Whether the system is on its way down, which ends a play before it ends this process."""
    if not has_systemd():
        return False
    command = ["systemctl", "is-system-running"]
    asked = subprocess.run(command, check=False, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=60)
    return asked.stdout.strip() == b"stopping"


def _scoped(command: "list[str]", seconds: float) -> "list[str]":
    limits = ["-p", f"RuntimeMaxSec={int(seconds) + BACKSTOP}", "-p", f"TimeoutStopSec={GRACE}"]
    # Without a description systemd takes the command line, and writes it into the journal.
    about = [f"--unit={SCOPE}", "--description=A play of Gantry"]
    return ["systemd-run", "--scope", "--quiet", "--collect", *about, *limits, "--", *command]


def _watch(group: int) -> "subprocess.Popen[bytes]":
    """Ends the play when this process dies: the agent kills its script's group, and a play is no member of that."""
    script = 'read -r word || { systemctl kill --signal=SIGKILL "$1"; kill -KILL "-$2"; }'
    return subprocess.Popen(
        ["/bin/sh", "-c", script, "sh", SCOPE, str(group)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Whatever still runs of the play, its main process or what it has left behind."""
    if process.poll() is None:
        _signal(process, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(GRACE)
    _signal(process, signal.SIGKILL)
    process.wait()


def _signal(process: "subprocess.Popen[bytes]", number: signal.Signals) -> None:
    if has_systemd():
        _systemctl("kill", f"--signal={number.name}", SCOPE)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, number)


def _systemctl(*arguments: str) -> None:
    """Fails where there is no such scope, which is what most calls find."""
    command = ["systemctl", *arguments]
    with contextlib.suppress(subprocess.TimeoutExpired):
        subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=60)
