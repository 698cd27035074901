"""Every executable of scripts/ answers --help with its usage, and refuses an option that it does not know with 2."""

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
    if told.returncode != 0 or not told.stdout.lower().startswith("usage: "):
        yield f"--help ended with {told.returncode} and does not begin with its usage"
    refused = _run(script, "--no-such-option")
    if refused.returncode != 2 or not refused.stderr:
        yield f"an unknown option ended with {refused.returncode}, not with 2 and a message"


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
