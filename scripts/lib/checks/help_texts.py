"""Every executable of scripts/ answers --help with its usage, and refuses an option that it does not know."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

from files import ROOT, finish, repository_files

PATIENCE_SECONDS = 20


def findings() -> Iterator[str]:
    for name in repository_files():
        if name.parts[0] in ("scripts", ".ci") and os.access(ROOT / name, os.X_OK):
            yield from (f"{name}:1: {wrong}" for wrong in _wrong_with(ROOT / name))


def _wrong_with(script: Path) -> Iterator[str]:
    told = _run(script, "--help")
    if told.returncode != 0 or "usage: " not in told.stdout.lower():
        yield f"--help ended with {told.returncode} and printed no usage"
    refused = _run(script, "--no-such-option")
    if refused.returncode == 0 or not refused.stderr:
        yield f"an unknown option ended with {refused.returncode}, not with an error and a message"


def _run(script: Path, option: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(  # noqa: S603
        [str(script), option],
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_SECONDS,
        stdin=subprocess.DEVNULL,
    )


finish(findings())
