"""An instance's records of its runs, below /var/lib/gantry: each run's result, and what was applied last."""

import json
import os
import re
from pathlib import Path

KEPT_RUNS = 50


class Records:
    """The runs of this instance; one that came with a disk image belongs to another instance and counts for nothing.
    Guarded by the lock on the instance."""

    def __init__(self, home: Path, instance: str):
        self._runs = home / "runs"
        self._applied = home / "applied.json"
        self._instance = instance
        self._runs.mkdir(mode=0o700, parents=True, exist_ok=True)

    def find(self, run: str) -> dict:
        return self._own(self._runs / f"{run}.json")

    def write(self, run: str, record: dict) -> None:
        _write(self._runs / f"{run}.json", {**record, "instance": self._instance})
        for old in sorted(self._runs.glob("*.json"), key=lambda path: path.stat().st_mtime)[:-KEPT_RUNS]:
            old.unlink(missing_ok=True)

    def close(self, run: str, why: str) -> None:
        """Closes a run so that it can no longer begin, known or not. Needs no lock: it removes nothing."""
        _write(self._runs / f"{run}.json", {**self.find(run), "closed": why, "instance": self._instance})

    def applied(self) -> dict:
        return self._own(self._applied)

    def write_applied(self, what: dict) -> None:
        _write(self._applied, {**what, "instance": self._instance})

    def forget_applied(self) -> None:
        self._applied.unlink(missing_ok=True)

    def _own(self, path: Path) -> dict:
        try:
            record = json.loads(path.read_text())
        except (OSError, ValueError):
            return {}
        return record if record.get("instance") == self._instance else {}


def _write(path: Path, content: dict) -> None:
    """Writes atomically, also if the power fails."""
    new = path.with_suffix(".new")
    with new.open("w") as file:
        json.dump(content, file)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


def instance_id(environment: "dict[str, str]") -> str:
    """The agent says it; on another channel cloud-init has written it; the machine's own id is the last resort."""
    told = environment.get("AWS_SSM_INSTANCE_ID", "")
    for source in ("/var/lib/cloud/data/instance-id", "/etc/machine-id"):
        if not told and Path(source).is_file():
            told = Path(source).read_text().strip()
    return told if re.fullmatch(r"[A-Za-z0-9-]{1,64}", told) else "unknown"
