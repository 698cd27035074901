"""Runs a playbook so that it, and all that it starts, ends when its time is over or its starter is gone.

Where systemd runs the system, the play has a scope of its own: a child that has left its session is still in it, and
systemd ends the scope after RuntimeMaxSec even where nobody is left to do it. The scope's fixed name is the second
guard against two plays at a time. Elsewhere a process group has to do.
"""

import contextlib
import os
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

from ending import ENDING

SCOPE = "gantry-play.scope"
GRACE = 5
# Systemd's own end comes after ours, and only where ours did not.
BACKSTOP = 30
# Ours is 077; what a play creates is for services too.
SERVICES_UMASK = 0o022


@dataclass(frozen=True)
class Ended:
    """How a play ended."""

    code: int
    timed_out: bool


def has_systemd() -> bool:
    return Path("/run/systemd/system").is_dir() and os.geteuid() == 0


def end_orphans() -> None:
    """Ends a play whose starter was killed. Who holds the lock may: no living run can have one."""
    if has_systemd():
        _systemctl("kill", "--signal=SIGKILL", SCOPE)
        _systemctl("stop", SCOPE)


def run(command: "list[str]", folder: Path, environment: "dict[str, str]", log, seconds: float) -> Ended:
    if seconds <= 0:
        return Ended(-1, True)
    started = []
    try:
        with ENDING.held():
            started.append(_start(command, folder, environment, log, seconds))
            started.append(_watch(started[0].pid))
        return Ended(started[0].wait(seconds), False)
    except subprocess.TimeoutExpired:
        return Ended(-1, True)
    finally:
        with ENDING.held():
            _finish(*started)


def _start(command: "list[str]", folder: Path, environment: "dict[str, str]", log, seconds: float):
    return subprocess.Popen(
        _scoped(command, seconds) if has_systemd() else command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        umask=SERVICES_UMASK,
    )


def _finish(process: "subprocess.Popen[bytes] | None" = None, watch: "subprocess.Popen[bytes] | None" = None) -> None:
    if process is not None:
        _end(process)
    if watch is not None:
        watch.communicate(b"done\n")


def never_began(words: str) -> bool:
    """By systemd-run's own words: then the playbook is not to blame."""
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
    return ["systemd-run", "--scope", "--quiet", "--collect", f"--unit={SCOPE}", *limits, "--", *command]


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
