"""A run in a systemd unit of its own, which outlives the exchange that started it, the connection and the bastion.

Limits: RuntimeMaxSec comes after the run's own end, and only where that did not come; tasks and memory are the
program's. The play has a scope of its own with a limit of its own (play.py), and no other limits: on the document's
channel a bundle has none either.
"""

import contextlib
import os
import subprocess
import sys
import tempfile
import traceback
from dataclasses import dataclass
from pathlib import Path

import archives
import asked
import diagnose
import fetch
import options
import play
import records
import runs
import waits
from results import Failed, Fault, Kind, Report

HOME = Path(os.environ.get("GANTRY_HOME", "/var/lib/gantry"))
PROGRAM = Path(__file__).resolve().parent
# The lock was free a moment ago: the run that has it now came first, and this run is "busy".
PATIENCE = 3.0
STOP_SECONDS = 10
DIAGNOSE_SECONDS = 90
# For the program's own end, its diagnostics, and systemd.
MARGIN = 60
# For one call of systemctl, a stop with its grace included.
COMMAND_SECONDS = 13


@dataclass(frozen=True)
class State:
    """What systemd knows about a run's unit; it forgets a unit that succeeded."""

    active: bool
    result: str
    code: int


def name(run: str) -> str:
    return f"gantry-run-{run}.service"


def text_of(run: str) -> Path:
    """Where a start's lines wait for their unit."""
    return HOME / "asked" / run


def start(run: str, seconds: int, instance: str) -> str:
    """Empty when systemd has started it, else systemd's words."""
    _call("systemctl", "reset-failed", name(run))
    limits = {
        "Type": "exec",
        "RuntimeMaxSec": seconds + DIAGNOSE_SECONDS + MARGIN,
        "TimeoutStopSec": STOP_SECONDS,
        "KillMode": "control-group",
        "TasksMax": 512,
        "MemoryMax": "1G",
        "UMask": "0077",
        "StandardInput": "null",
        "StandardOutput": "null",
        "ExecStopPost": f"{sys.executable} -I {PROGRAM} ended {run}",
    }
    told = {"AWS_SSM_INSTANCE_ID": instance, **{key: os.environ[key] for key in ("GANTRY_HOME",) if key in os.environ}}
    command = ["systemd-run", "--quiet", "--no-ask-password", f"--unit={name(run)}"]
    command += [f"--description=Gantry applies a bundle, run {run}"]
    command += [f"--setenv={key}={value}" for key, value in told.items()]
    command += [f"--property={key}={value}" for key, value in limits.items()]
    return _call(*command, "--", sys.executable, "-I", str(PROGRAM), "run", run)


def state(run: str) -> State:
    wanted = "--property=ActiveState,Result,ExecMainStatus"
    command = ["systemctl", "show", wanted, name(run)]
    told = subprocess.run(command, check=False, capture_output=True, text=True, timeout=COMMAND_SECONDS).stdout
    found = dict(line.partition("=")[::2] for line in told.splitlines())
    active = found.get("ActiveState", "inactive") not in ("inactive", "failed")
    code = found.get("ExecMainStatus", "0")
    return State(active, found.get("Result", "success"), int(code) if code.isdigit() else 0)


def stop(run: str) -> None:
    _call("systemctl", "stop", name(run))


def _call(*command: str) -> str:
    try:
        done = subprocess.run(
            command, check=False, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=COMMAND_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    return "" if done.returncode == 0 else done.stderr.strip() or f"{command[0]} ended with {done.returncode}"


def run(run: str) -> int:
    """Runs inside the unit: applies the bundle."""
    os.umask(0o077)
    # An endpoint of S3 that is not AWS's own stands where logins find it; a unit has to look.
    os.environ.update(diagnose.settings_of_logins())
    report = Report(run=run)
    try:
        bound = asked.bound(HOME, records.instance_id(dict(os.environ)))
        wanted = asked.read(text_of(run).read_text(encoding="utf-8"), run, bound)
    except (Failed, OSError) as error:
        print(f"run {run} cannot begin: {error}", file=sys.stderr)
        return Kind.OPTIONS.code
    with tempfile.TemporaryDirectory(prefix="downloads-", dir=HOME) as place:
        result = _result(wanted, Path(place), report)
    _follow_up(wanted.options, result)
    print(f"run {run}: {result['kind']}, {result.get('message', 'nothing to add')}", file=sys.stderr)
    return result["exit"]


def _result(wanted: asked.Asked, downloads: Path, report: Report) -> dict:
    way = runs.Way(patience=PATIENCE, fetch=lambda deadline: _fetch(wanted, downloads, deadline))
    try:
        return runs.Run(wanted.options, HOME, downloads, report, way).go()[0]
    except Failed as failure:
        return report.failed(failure)
    except Exception as error:
        # A unit's output is not read: the result must be where a status request finds it.
        traceback.print_exc()
        message = f"the run cannot work on this instance: {type(error).__name__}: {error}"
        result = report.failed(Failed(Kind.INTERNAL, Fault.INSTANCE, message))
        _remember(wanted.options, result)
        return result


def _fetch(wanted: asked.Asked, downloads: Path, deadline: waits.Deadline) -> None:
    # Left by runs that were killed: the run that holds the lock is alone here.
    for left in HOME.glob("downloads-*"):
        if left != downloads:
            archives.remove(left)
    fetch.downloads(wanted, downloads, deadline)


def _remember(wanted: options.Options, result: dict) -> None:
    kept = records.Records(HOME, records.instance_id(dict(os.environ)))
    kept.write(wanted["RunId"], {"wanted": runs.what(wanted), "result": result, "tail": ""})


def _follow_up(wanted: options.Options, result: dict) -> None:
    """What the agent and the document's last step do on the other channel."""
    if result["kind"] == Kind.REBOOT.word:
        _call("systemctl", "--no-block", "reboot")
    elif not result["ok"] and wanted["DiagnosticsUri"]:
        lines = f"OnlyIfFailed=True\nRunId={wanted['RunId']}\nDiagnosticsUri={wanted['DiagnosticsUri']}\n"
        command = [sys.executable, "-I", diagnose.__file__]
        with contextlib.suppress(subprocess.TimeoutExpired):
            subprocess.run(command, check=False, input=lines, text=True, timeout=DIAGNOSE_SECONDS)


def ended(run: str) -> int:
    """Runs after the unit, also if it was killed: ends a play that it left, unless another run holds the lock and has
    ended it already."""
    text_of(run).unlink(missing_ok=True)
    with contextlib.suppress(Failed), waits.turn(HOME / "lock", f"the end of {run}", waits.Deadline(2)):
        play.end_orphans()
    return 0
