"""docs/reliability.md has each generated part once, with something in it, and its prose counts as the parts do.

A figure of the prose is a number before one of UNITS; the same number and unit must stand in a generated part of the
page. The same holds for figures of the architecture page about what was tested.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from files import ROOT, finish

PAGE = Path("docs/reliability.md")
OTHERS = (Path("docs/architecture.md"),)
PARTS = ("simulation", "mutants", "faults", "scale", "fuzz")
UNITS = "seeds|planted bugs|cases|fuzz targets|executions"
FIGURE = re.compile(rf"\b(\d[\d,]*) ({UNITS})\b")
MARKER = re.compile(r"^<!-- (\w+):(begin|end) -->$", re.MULTILINE)


def findings(page: str, others: "dict[Path, str]") -> Iterator[str]:
    expected = [(part, edge) for part in PARTS for edge in ("begin", "end")]
    found = [(match[1], match[2]) for match in MARKER.finditer(page)]
    if found != expected:
        yield f"{PAGE}:1: markers are {words(found)}, not {words(expected)}"
        return
    parts = [part_of(page, part) for part in PARTS]
    yield from (f"{PAGE}:1: nothing stands between {n}:begin and {n}:end" for n, p in zip(PARTS, parts) if not p)
    known = {match.groups() for part in parts for match in FIGURE.finditer(part)}
    prose = page
    for part in parts:
        prose = prose.replace(part, "")
    for name, text in {PAGE: prose, **others}.items():
        yield from (
            f"{name}:1: '{match[0]}' is in no generated part of {PAGE}"
            for match in FIGURE.finditer(text)
            if match.groups() not in known
        )


def part_of(page: str, part: str) -> str:
    return page.split(f"<!-- {part}:begin -->\n")[1].split(f"<!-- {part}:end -->")[0].strip()


def words(markers: "list[tuple[str, str]]") -> str:
    return " ".join(":".join(marker) for marker in markers) or "none"


def main(arguments: "list[str]") -> None:
    """With a file's name, that file is the page: for the tests."""
    page = Path(arguments[0]) if arguments else ROOT / PAGE
    others = {} if arguments else {name: (ROOT / name).read_text(encoding="utf-8") for name in OTHERS}
    finish(findings(page.read_text(encoding="utf-8"), others))


main(sys.argv[1:])
