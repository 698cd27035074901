"""Figures of PIT's reports: pit.py [OPTION…] FOLDER MODULE…, where FOLDER/MODULE/mutations.xml is a report.

A file of kept mutants names those that change nothing that anything could notice; they are not counted. A file of
survivors says why no test of a module notices the others. Both have columns, divided by tabs: module, class, method (a
lambda's is that of its method), mutator as a report words it, how many, reason.

Started by scripts/dev/pit. Exit codes: 0 done, 1 a report is missing, or with --check a module is below its threshold,
a survivor has no reason, or a line of either file matches none any more.
"""

import argparse
import json
import re
import sys
import xml.etree.ElementTree as ElementTree
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

THRESHOLDS = {"launch": 95}
OTHERWISE = 90
COLUMNS = 6


@dataclass(frozen=True, order=True)
class Mutant:
    """One change that no test noticed."""

    file: str
    line: int
    method: str
    what: str
    covered: bool

    @property
    def key(self) -> "tuple[str, str, str]":
        return (Path(self.file).stem, re.sub(r"^lambda\$(.+)\$\d+$", r"\1", self.method), self.what)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.method}: {self.what}{'' if self.covered else ' (no test comes there)'}"


@dataclass(frozen=True)
class Kept:
    """A line of the kept mutants."""

    module: str
    key: "tuple[str, str, str]"
    times: int
    reason: str

    def __str__(self) -> str:
        file, method, what = self.key
        return f"{self.module} {file} {method}: {what}"


def read_kept(file: "Path | None") -> "list[Kept]":
    if not file:
        return []
    kept = []
    for number, line in enumerate(file.read_text().splitlines(), 1):
        columns = line.split("\t")
        if len(columns) != COLUMNS or not columns[4].isdecimal() or not all(columns):
            sys.exit(f"pit: {file}:{number} wants module, class, method, mutator, how many, reason, divided by tabs")
        kept.append(Kept(columns[0], (columns[1], columns[2], columns[3]), int(columns[4]), columns[5]))
    return kept


@dataclass(frozen=True)
class Report:
    """One module's figures. A mutant that does not load is left out; one that hangs or eats memory counts as killed."""

    module: str
    mutants: int
    killed: int
    unnoticed: "tuple[Mutant, ...]"
    kept: "tuple[tuple[Mutant, str], ...]" = ()

    def keeping(self, lines: "list[Kept]") -> "tuple[Report, list[str]]":
        """Without the mutants that are kept, and which lines want more of them than there are."""
        left, kept, stale = self.matched(lines)
        return Report(self.module, self.mutants, self.killed, tuple(left), tuple(kept)), stale

    def matched(self, lines: "list[Kept]") -> "tuple[list[Mutant], list[tuple[Mutant, str]], list[str]]":
        """The unnoticed mutants of no line, those of a line with its reason, and the lines that want more of them."""
        left, matched, stale = list(self.unnoticed), [], []
        for line in (line for line in lines if line.module == self.module):
            found = [mutant for mutant in left if mutant.key == line.key][: line.times]
            for mutant in found:
                left.remove(mutant)
                matched.append((mutant, line.reason))
            if len(found) < line.times:
                stale.append(f"{line}: {len(found)} of {line.times} are still unnoticed; correct its line")
        return left, matched, stale

    @property
    def no_coverage(self) -> int:
        return sum(not mutant.covered for mutant in self.unnoticed)

    @property
    def percent(self) -> float:
        # Rounded down: 94.99 is not 95.
        counted = self.mutants - len(self.kept)
        return int(1000 * self.killed / counted) / 10 if counted else 100.0

    @property
    def threshold(self) -> int:
        return THRESHOLDS.get(self.module, OTHERWISE)

    def row(self) -> "tuple[str, ...]":
        survived = len(self.unnoticed) - self.no_coverage
        figures = (self.mutants, self.killed, survived, self.no_coverage, len(self.kept))
        return (self.module, *(f"{figure:,}" for figure in figures), f"{self.percent:.1f} %")

    def data(self) -> dict:
        return {
            "module": self.module,
            "mutants": self.mutants,
            "killed": self.killed,
            "survived": len(self.unnoticed) - self.no_coverage,
            "no_coverage": self.no_coverage,
            "kept": [{**mutant.__dict__, "reason": reason} for mutant, reason in self.kept],
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
    names = ("module", "mutants", "killed", "survived", "no coverage", "kept", "killed of the others")
    rows = [names, *(r.row() for r in reports)]
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
    parser.add_argument("--kept", type=Path)
    parser.add_argument("--reasons", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("modules", nargs="+")
    options = parser.parse_args()
    missing = [m for m in options.modules if not (options.folder / m / "mutations.xml").exists()]
    if missing:
        print(f"pit: no report of {', '.join(missing)} in {options.folder}: PIT found nothing there", file=sys.stderr)
        return 1
    lines = read_kept(options.kept)
    kept = [read(options.folder, module).keeping(lines) for module in options.modules]
    reports = [report for report, _ in kept]
    reasons = read_kept(options.reasons)
    show(options, reports, reasons)
    wrong = [line for _, stale in kept for line in stale]
    if options.check:
        low = [r for r in reports if r.percent < r.threshold]
        wrong += [f"{r.module} has {r.percent} %, and wants {r.threshold} %" for r in low]
        wrong += [line for r in reports for line in unexplained(r, reasons)] if options.reasons else []
    for line in wrong:
        print(f"pit: {line}", file=sys.stderr)
    return 1 if wrong and options.check else 0


def unexplained(report: Report, reasons: "list[Kept]") -> "list[str]":
    left, _, stale = report.matched(reasons)
    return [f"{report.module}: {mutant} has no reason" for mutant in left] + stale


def show(options: argparse.Namespace, reports: "list[Report]", reasons: "list[Kept]") -> None:
    if options.json:
        print(json.dumps({"modules": [report.data() for report in reports]}, indent=2))
        return
    print(table(reports))
    if options.survivors:
        for report in reports:
            print(f"\n{report.module}:")
            left, explained, _ = report.matched(reasons)
            for one, times in Counter(left).items():
                print(f"  {one}" + (f" ({times} times)" if times > 1 else ""))
            for mutant, reason in explained:
                print(f"  {mutant}: {reason}")
            for mutant, reason in report.kept:
                print(f"  kept: {mutant}: {reason}")


if __name__ == "__main__":
    sys.exit(main())
