"""Prints each test that Surefire's reports call skipped, as TEST<tab>REASON.

Usage: surefire_skips.py SINCE REPORT-FOLDER…   (SINCE: a file; older reports are of another run)
"""

import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path


def skips(report: Path) -> Iterator[str]:
    """The skipped tests of one report. An assumption's message is its reason; @Disabled's too."""
    suite = ET.parse(report).getroot()  # noqa: S314 (written by the build itself)
    if suite.get("tests") == "0":
        yield f"{short(suite.get('name'))}\tnone of its tests ran, and Surefire does not say why"
    for case in suite.iter("testcase"):
        skipped = case.find("skipped")
        if skipped is not None:
            reason = " ".join((skipped.get("message") or skipped.text or "no reason given").split())
            reason = reason.removeprefix("org.opentest4j.TestAbortedException: ").removeprefix("Assumption failed: ")
            yield f"{short(case.get('classname'))}.{case.get('name')}\t{reason}"


def short(name: "str | None") -> str:
    """A class's name without its package."""
    return (name or "").rpartition(".")[2]


def main() -> None:
    since = Path(sys.argv[1]).stat().st_mtime
    for folder in sys.argv[2:]:
        for report in sorted(Path(folder).glob("TEST-*.xml")):
            if report.stat().st_mtime >= since:
                for line in skips(report):
                    print(line)


if __name__ == "__main__":
    main()
