"""docs/operations.md has the table of log lines as the code has them: each type, whether it pages, its metric."""

import re
from collections.abc import Iterator

from files import ROOT, finish

PAGE = ROOT / "docs/operations.md"
JOURNAL = ROOT / "lambda/function/src/main/java/dev/gantry/function/JsonJournal.java"
WRITES = re.compile(r"\.(log|pageOnce|page)\(\s*\"([a-z_]+)\"")
COUNTS = re.compile(r"\"([a-z_]+)\", \"([A-Z]\w+)\"")
ROW = re.compile(r"^\| `([a-z_]+)` \| (page|) ?\| (?:`(\w+)`)? ?\|", re.MULTILINE)


def of_the_code() -> "dict[str, tuple[str, str]]":
    """Type to ("page" or "", metric or "")."""
    metrics = dict(COUNTS.findall(JOURNAL.read_text(encoding="utf-8").partition("METRICS")[2].partition(";")[0]))
    types: dict[str, tuple[str, str]] = {}
    for source in sorted((ROOT / "lambda").glob("*/src/main/java/**/*.java")):
        for how, name in WRITES.findall(source.read_text(encoding="utf-8")):
            pages = how.startswith("page") or types.get(name, ("", ""))[0] == "page"
            types[name] = ("page" if pages else "", metrics.get(name, ""))
    return types


def findings() -> Iterator[str]:
    shown = PAGE.relative_to(ROOT)
    code = of_the_code()
    told = {name: (pages, metric) for name, pages, metric in ROW.findall(PAGE.read_text(encoding="utf-8"))}
    for name in sorted(code.keys() - told.keys()):
        yield f"{shown}:1: log type {name} is not there"
    for name in sorted(told.keys() - code.keys()):
        yield f"{shown}:1: there is no log type {name}"
    for name in sorted(code.keys() & told.keys()):
        if code[name] != told[name]:
            yield f"{shown}:1: {name}: the code has {code[name]} (pages, metric), the table {told[name]}"


finish(findings())
