"""docs/operations.md has the table of log lines as the code has them: each type, whether it pages, its metric."""

import re
from collections.abc import Iterator

from files import ROOT, finish

PAGE = ROOT / "docs/operations.md"
TYPES = ROOT / "lambda/launch/src/main/java/dev/gantry/launch/port/EventType.java"
DECLARED = re.compile(r"^    ([A-Z_]+)\(\s*Telling\.(LOGGED|PAGED)(?:,\s*\"(\w+)\")?,\s*List", re.MULTILINE)
WRITES = re.compile(r"\.(log|pageOnce|pageIfMisconfigured|page)\(\s*EventType\.([A-Z_]+)")
# The bastion's function has neither a pager nor metrics.
BASTION = re.compile(r"\.log\(\s*\"(bastion_[a-z_]+)\"")
ROW = re.compile(r"^\| `([a-z_]+)` \| (page|) ?\| (?:`(\w+)`)? ?\|", re.MULTILINE)


def sources() -> str:
    return "".join(
        path.read_text(encoding="utf-8") for path in sorted((ROOT / "lambda").glob("*/src/main/java/**/*.java"))
    )


def of_the_code(code: str) -> "dict[str, tuple[str, str]]":
    """Type to ("page" or "", metric or "")."""
    declared = DECLARED.findall(TYPES.read_text(encoding="utf-8"))
    types = {name.lower(): ("page" if telling == "PAGED" else "", metric) for name, telling, metric in declared}
    return types | dict.fromkeys(BASTION.findall(code), ("", ""))


def written(code: str) -> "Iterator[str]":
    """What the code writes is what the types declare."""
    shown = TYPES.relative_to(ROOT)
    declared = {name: telling for name, telling, _ in DECLARED.findall(TYPES.read_text(encoding="utf-8"))}
    writes = WRITES.findall(code)
    paged = {name for how, name in writes if how.startswith("page")}
    for name in sorted(declared.keys() - {name for _, name in writes}):
        yield f"{shown}:1: {name} is never written"
    for name in sorted(name for name, telling in declared.items() if (telling == "PAGED") != (name in paged)):
        yield f"{shown}:1: {name} is declared as {declared[name]}, and the code does otherwise"


def findings() -> Iterator[str]:
    shown = PAGE.relative_to(ROOT)
    written_by = sources()
    yield from written(written_by)
    code = of_the_code(written_by)
    documented = {name: (pages, metric) for name, pages, metric in ROW.findall(PAGE.read_text(encoding="utf-8"))}
    for name in sorted(code.keys() - documented.keys()):
        yield f"{shown}:1: log type {name} is not there"
    for name in sorted(documented.keys() - code.keys()):
        yield f"{shown}:1: there is no log type {name}"
    for name in sorted(code.keys() & documented.keys()):
        if code[name] != documented[name]:
            yield f"{shown}:1: {name}: the code has {code[name]} (pages, metric), the table {documented[name]}"


finish(findings())
