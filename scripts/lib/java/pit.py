"""Figures of PIT's reports: pit.py [OPTION…] FOLDER MODULE…, where FOLDER/MODULE/mutations.xml is a report.

Started by scripts/dev/pit. Exit codes: 0 done, 1 a report is missing, or with --check a module is below its threshold.
"""

import argparse
import json
import sys
import xml.etree.ElementTree as ElementTree
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

THRESHOLDS = {"launch": 95}
OTHERWISE = 90


@dataclass(frozen=True, order=True)
class Mutant:
    """One change that no test noticed."""

    file: str
    line: int
    method: str
    what: str
    covered: bool

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.method}: {self.what}{'' if self.covered else ' (no test comes there)'}"


@dataclass(frozen=True)
class Report:
    """One module's figures. A mutant that does not load is left out; one that hangs or eats memory counts as killed."""

    module: str
    mutants: int
    killed: int
    unnoticed: "tuple[Mutant, ...]"

    @property
    def no_coverage(self) -> int:
        return sum(not mutant.covered for mutant in self.unnoticed)

    @property
    def percent(self) -> float:
        # Rounded down: 94.99 is not 95.
        return int(1000 * self.killed / self.mutants) / 10 if self.mutants else 100.0

    @property
    def threshold(self) -> int:
        return THRESHOLDS.get(self.module, OTHERWISE)

    def row(self) -> "tuple[str, ...]":
        survived = len(self.unnoticed) - self.no_coverage
        figures = (self.mutants, self.killed, survived, self.no_coverage)
        return (self.module, *(f"{figure:,}" for figure in figures), f"{self.percent:.1f} %")

    def data(self) -> dict:
        return {
            "module": self.module,
            "mutants": self.mutants,
            "killed": self.killed,
            "survived": len(self.unnoticed) - self.no_coverage,
            "no_coverage": self.no_coverage,
            "percent": self.percent,
            "threshold": self.threshold,
            "unnoticed": [mutant.__dict__ for mutant in self.unnoticed],
        }


def read(folder: Path, module: str) -> Report:
    # PIT has just written it.
    mutations = ElementTree.parse(folder / module / "mutations.xml").getroot()  # noqa: S314
    tried = [mutation for mutation in mutations if mutation.get("status") != "NON_VIABLE"]
    unnoticed = [mutant(mutation) for mutation in tried if mutation.get("detected") != "true"]
    # One line may have two of the same kind.
    return Report(module, len(tried), len(tried) - len(unnoticed), tuple(sorted(unnoticed)))


def mutant(mutation: ElementTree.Element) -> Mutant:
    name = mutation.findtext("mutatedClass", "").replace(".", "/").partition("$")[0]
    file = f"{name.rpartition('/')[0]}/{mutation.findtext('sourceFile')}"
    return Mutant(
        file,
        int(mutation.findtext("lineNumber", "0")),
        mutation.findtext("mutatedMethod", ""),
        mutation.findtext("description", "").partition(" for dev/gantry/")[0],
        mutation.get("status") != "NO_COVERAGE",
    )


def table(reports: "list[Report]") -> str:
    rows = [("module", "mutants", "killed", "survived", "no coverage", "killed of all"), *(r.row() for r in reports)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        lines.append("  ".join(cells))
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(prog="pit.py", description=__doc__)
    for flag in ("--json", "--survivors", "--check"):
        parser.add_argument(flag, action="store_true")
    parser.add_argument("folder", type=Path)
    parser.add_argument("modules", nargs="+")
    options = parser.parse_args()
    missing = [m for m in options.modules if not (options.folder / m / "mutations.xml").exists()]
    if missing:
        print(f"pit: no report of {', '.join(missing)} in {options.folder}: PIT found nothing there", file=sys.stderr)
        return 1
    reports = [read(options.folder, module) for module in options.modules]
    show(options, reports)
    low = [r for r in reports if options.check and r.percent < r.threshold]
    for report in low:
        print(f"pit: {report.module} has {report.percent} %, and wants {report.threshold} %", file=sys.stderr)
    return 1 if low else 0


def show(options: argparse.Namespace, reports: "list[Report]") -> None:
    if options.json:
        print(json.dumps({"modules": [report.data() for report in reports]}, indent=2))
        return
    print(table(reports))
    if options.survivors:
        for report in reports:
            print(f"\n{report.module}:")
            for one, times in Counter(report.unnoticed).items():
                print(f"  {one}" + (f" ({times} times)" if times > 1 else ""))


if __name__ == "__main__":
    sys.exit(main())
