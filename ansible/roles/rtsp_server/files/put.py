#!/usr/bin/env python3
"""Makes this instance's folders and files, in one process: Ansible's modules would need one or two for each file.

Usage: put.py [--check] < JSON

Standard input: {"folders": [PATH, …], "copies": {PATH: FOLDER, …}, "files": {PATH: TEXT, …}, "json": {PATH: VALUE, …}}.
A copy has what FOLDER has, as regular files; what it has besides stays. Everything belongs to root; folders have mode
0755, files 0644. A file is replaced at once: no program reads half of it.

Prints the paths that changed, as a JSON list. With --check nothing is changed, and what would be is printed.
Exit codes: 0 done, 1 a path cannot be written, 2 wrong usage.
"""

import json
import os
import sys
import tempfile
from pathlib import Path

FOLDER_MODE, FILE_MODE = 0o755, 0o644


def wanted_files(wanted: dict) -> "dict[Path, bytes]":
    files = {Path(path): text.encode() for path, text in wanted.get("files", {}).items()}
    for path, folder in wanted.get("copies", {}).items():
        for source in sorted(Path(folder).iterdir()):
            if source.is_file():
                files[Path(path) / source.name] = source.read_bytes()
    for path, value in wanted.get("json", {}).items():
        files[Path(path)] = f"{json.dumps(value, indent=2)}\n".encode()
    return files


def has_mode(path: Path, mode: int) -> bool:
    status = path.lstat()
    return status.st_mode & 0o7777 == mode and status.st_uid == status.st_gid == 0


def folder_is_right(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink() and has_mode(path, FOLDER_MODE)


def file_is_right(path: Path, content: bytes) -> bool:
    return path.is_file() and not path.is_symlink() and has_mode(path, FILE_MODE) and path.read_bytes() == content


def make_folder(path: Path) -> None:
    path.mkdir(parents=True, exist_ok=True)
    os.chown(path, 0, 0)
    path.chmod(FOLDER_MODE)


def write(path: Path, content: bytes) -> None:
    descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            os.fchown(file.fileno(), 0, 0)
            os.fchmod(file.fileno(), FILE_MODE)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink()
        raise


def put(wanted: dict, check: bool) -> "list[str]":
    changed = []
    for folder in [Path(path) for path in [*wanted.get("folders", []), *wanted.get("copies", {})]]:
        if not folder_is_right(folder):
            changed.append(str(folder))
            if not check:
                make_folder(folder)
    for path, content in wanted_files(wanted).items():
        if not file_is_right(path, content):
            changed.append(str(path))
            if not check:
                write(path, content)
    return changed


def main(arguments: "list[str]") -> int:
    if arguments not in ([], ["--check"]):
        print(__doc__, file=sys.stderr)
        return 2
    try:
        print(json.dumps(put(json.load(sys.stdin), bool(arguments))))
    except OSError as error:
        print(f"{error.filename}: {error.strerror}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
