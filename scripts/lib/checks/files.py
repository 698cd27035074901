"""The files that the checks look at: what git knows or would add, or everything if there is no git."""

import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
NEVER = {".git", ".gantry", "target", "__pycache__", ".ansible", ".ruff_cache", ".terraform"}


def repository_files() -> Iterator[Path]:
    """Every file of the repository, relative to its top, sorted."""
    names = _known_to_git()
    if names is None:
        names = [path.relative_to(ROOT) for path in ROOT.rglob("*")]
    for name in sorted(names):
        if not NEVER.intersection(name.parts) and (ROOT / name).is_file():
            yield name


def _known_to_git() -> "set[Path] | None":
    """None if there is no git, or no clone (a downloaded archive)."""
    git = shutil.which("git")
    if git is None:
        return None
    listed = subprocess.run(
        [git, "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        capture_output=True,
        check=False,
    )
    if listed.returncode != 0:
        return None
    return {Path(name) for name in listed.stdout.decode().split("\0") if name}


def text_of(name: Path) -> "str | None":
    """The text of a file; None if it is no UTF-8 text."""
    content = (ROOT / name).read_bytes()
    if b"\0" in content:
        return None
    try:
        return content.decode()
    except UnicodeDecodeError:
        return None


def is_shell(name: Path, text: str) -> bool:
    """By its name, or by its first line if it has no suffix."""
    return name.suffix in {".sh", ".bash", ".bats"} or (
        not name.suffix and text.startswith(("#!/bin/sh", "#!/usr/bin/env bash", "#!/bin/bash", "#!/usr/bin/env bats"))
    )


def finish(findings: Iterable[str]) -> None:
    """Prints the findings and ends the program: with 1 when there were any."""
    found = list(findings)
    for finding in found:
        print(finding)
    sys.exit(1 if found else 0)
