"""The wheels that a Python and an architecture need: reads the lists, and lets pip download for any of them."""

import hashlib
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pip._vendor.packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[3]
WANTED = ROOT / "ssm-documents/ansible-requirements.in"
LOCK = ROOT / "ssm-documents/gantry_apply/ansible-requirements.txt"
PYTHONS = ("3.9", "3.10", "3.11", "3.12", "3.13")
MACHINES = ("x86_64", "aarch64")
# The patch version of each Python: some wheels refuse 3.9.0 and 3.9.1. Amazon Linux 2023 has 3.9.16 and newer.
PATCH = 16
# The C libraries of the systems that are supported: Amazon Linux 2023 has glibc 2.34, Ubuntu 22.04 2.35.
GLIBC = (34, 28, 17)


class Unavailable(Exception):
    """A wheel cannot be downloaded; the message has pip's own words."""


@dataclass(frozen=True)
class Target:
    """A Python on an architecture."""

    python: str
    machine: str

    def __str__(self) -> str:
        return f"Python {self.python} on {self.machine}"


def wanted(path: Path, target: Target) -> "list[Requirement]":
    """The lines of a list that hold for the target; hashes are left to pip."""
    lines = [line.split(" --hash", 1)[0].strip() for line in _logical_lines(path)]
    found = [Requirement(line) for line in lines if line]
    surroundings = {"python_version": target.python, "platform_machine": target.machine}
    return [one for one in found if one.marker is None or one.marker.evaluate(surroundings)]


def locked(target: Target) -> str:
    """The lock's lines, with hashes, that hold for the target."""
    pinned = {(one.name, str(one.specifier)) for one in wanted(LOCK, target)}
    lines = []
    for line in _logical_lines(LOCK):
        head = Requirement(line.split(" --hash", 1)[0])
        if (head.name, str(head.specifier)) in pinned:
            lines.append(f"{head.name}{head.specifier} --hash{line.split(' --hash', 1)[1]}")
    return "\n".join(lines) + "\n"


def _logical_lines(path: Path) -> Iterator[str]:
    for line in path.read_text(encoding="utf-8").replace("\\\n", " ").splitlines():
        text = line.split("#", 1)[0].strip()
        if text:
            yield text


def download(arguments: "list[str]", target: Target, folder: Path) -> None:
    """Wheels only, for the target's Python and C library, without what they depend on: lists name everything."""
    platforms = [f"--platform=manylinux_2_{minor}_{target.machine}" for minor in GLIBC]
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    command += ["--only-binary=:all:", "--implementation=cp", f"--python-version={target.python}.{PATCH}", *platforms]
    # The old names of 2.17.
    command += [f"--platform=manylinux2014_{target.machine}", f"--dest={folder}", *arguments]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode != 0:
        raise Unavailable(f"pip cannot download for {target}: {done.stderr.strip()[-600:]}")


def sha256(path: Path) -> str:
    return sha256_of(path.read_bytes())


def sha256_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
