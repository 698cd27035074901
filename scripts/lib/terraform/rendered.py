"""What Terraform renders with a mocked provider, and what the functions did in the sandbox, for comparing both."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any


class Unusable(Exception):
    """Nothing can be compared; the message says why, and what to run."""


def resources(output: Path) -> "list[dict[str, Any]]":
    """The resources of the first run's state, of what `terraform test -json -verbose` printed."""
    for line in output.read_text(encoding="utf-8").splitlines():
        event = json.loads(line) if line.startswith("{") else {}
        if event.get("type") == "test_state":
            return list(_of(event["test_state"]["root_module"]))
    raise Unusable(f"{output} has no state of a run: terraform test failed, or was not asked for -json -verbose")


def _of(module: "dict[str, Any]") -> "Iterator[dict[str, Any]]":
    yield from module.get("resources", [])
    for child in module.get("child_modules", []):
        yield from _of(child)


def lines(folder: Path, zip_file: Path) -> "set[tuple[str, ...]]":
    """What this zip's functions did, as the end-to-end tests wrote it; other zips' files are left out."""
    sha256 = hashlib.sha256(zip_file.read_bytes()).hexdigest() if zip_file.is_file() else "none"
    found = {
        tuple(line.split("\t"))
        for file in folder.glob(f"{sha256}-*.tsv")
        for line in file.read_text(encoding="utf-8").splitlines()
    }
    if not found:
        raise Unusable(f"{folder} has nothing of {zip_file}: the end-to-end tests write it (scripts/test --only java)")
    return found
