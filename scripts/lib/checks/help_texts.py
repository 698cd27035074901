"""Every executable of scripts/ answers --help with its usage, explains each option of its synopsis there, and refuses
an option that it does not know."""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from files import ROOT, finish, repository_files

PATIENCE_SECONDS = 20
OPTION = re.compile(r"--[a-z][a-z-]*")
# A line that explains an option: "  --port PORT  a port", or argparse's "  -h, --help  show this help".
EXPLAINED = re.compile(r"^ {2,}(?:-\w, )?(--[a-z][a-z-]*)", re.MULTILINE)


def findings() -> Iterator[str]:
    for name in repository_files():
        if name.parts[0] in ("scripts", ".ci") and os.access(ROOT / name, os.X_OK):
            yield from (f"{name}:1: {wrong}" for wrong in _wrong_with(ROOT / name))


def _wrong_with(script: Path) -> Iterator[str]:
    helped = _run(script, "--help")
    if helped.returncode != 0 or "usage: " not in helped.stdout.lower():
        yield f"--help ended with {helped.returncode} and printed no usage"
    yield from _unexplained(helped.stdout)
    refused = _run(script, "--no-such-option")
    if refused.returncode == 0 or not refused.stderr:
        yield f"an unknown option ended with {refused.returncode}, not with an error and a message"


def _unexplained(usage: str) -> Iterator[str]:
    # Up to the first empty line or explained option: the help of a built gantry has its options right below.
    synopsis = EXPLAINED.split(usage.partition("\n\n")[0], maxsplit=1)[0]
    named, explained = set(OPTION.findall(synopsis)), set(EXPLAINED.findall(usage[len(synopsis) :])) - {"--help"}
    # A built gantry's synopsis has -V for --version.
    extra = explained - named - {"--version"}
    yield from (f"--help has {option} in its synopsis, and does not explain it" for option in sorted(named - explained))
    yield from (f"--help explains {option}, which its synopsis does not have" for option in sorted(extra))


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
