"""Writes the figures of README.md and README.ja.md: lines of code by counting, measurements from docs/bench.md.

Each stands between "<!-- figures: NAME -->" and "<!-- figures end -->"; in the table of the demo only its seconds are
written. With --check nothing is: measurements must be those of docs/bench.md, and counted lines may be a tenth off, so
that not every commit has to touch the README.
"""

import argparse
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench_report import PAGE, ROOT, TITLES, sections

TOLERANCE = 0.10
REGION = re.compile(r"(<!-- figures: (\w+) -->\n)(.*?)(<!-- figures end -->)", re.DOTALL)
LAMBDA = tuple(f"lambda/{module}" for module in ("launch", "stored", "aws", "function", "operator", "bastion"))
JAVA = (*LAMBDA, "cli", "sandbox")
SYSTEM = "tests/system"
MODULES = (*JAVA, SYSTEM, "ssm-documents", "ansible", "terraform", "scripts")
TEXT_SUFFIXES = {".java", ".py", ".sh", ".bash", ".bats", ".yml", ".j2", ".cfg", ".tf", ".hcl", ""}
DEMO_ROW = re.compile(r"^(\|[^|]*\| (real|local|simulated) \|.*\| )([^|]+)( \|)$", re.MULTILINE)
COUNTED = re.compile(r"\b[\d,]+\b")
DATED = re.compile(r"^(\d{4}-\d\d-\d\d), on a machine of (\d+) cores, (\d+) GiB of memory\.$", re.MULTILINE)


@dataclass(frozen=True)
class Language:
    """The words around the figures. Rows are those of docs/bench.md by the beginning of their name, in this order."""

    file: str
    lines_head: str
    bench_head: str
    dated: str
    rows: "dict[str, str]"
    units: "dict[str, str]"
    most: str
    missed: str


ENGLISH = Language(
    "README.md",
    "| module | lines of code | lines of tests |",
    "| what | measured | goal |",
    "Medians of {date}, on a machine of {cores} cores and {memory} GiB of memory, by `scripts/dev/bench`"
    " ([all figures](docs/bench.md)):",
    {
        "Start to the first real": "start to the first real instance in service",
        "Agent online to command sent, found": "agent online to command sent, found by looking",
        "Agent online to command sent, announced": "agent online to command sent, announced by the instance",
        "Run ended": "run ended to hook completed",
        "Size of": "size of the functions' zip",
        "Restored function to command accepted, of boto3's cold start, 1": "a function restored from its snapshot:"
        " to the command, of a boto3 handler's cold start",
        "Cold function to command accepted, best package, of boto3's, 1": "a cold function, best package: the same",
        "Cold function to command accepted, best package, of boto3's, 2": "the same on two processors",
        "Cold function to command accepted, plain zip, of boto3's, 1": "a cold function, plain zip: the same",
        "SSM and Auto Scaling calls per launch, 50": "SSM and Auto Scaling calls per launch, 50 at once",
        "SSM and Auto Scaling calls per launch, 200": "SSM and Auto Scaling calls per launch, 200 at once",
        "scripts/demo to the first": "a fresh clone: `scripts/demo` to the first instance in service",
        "Downloaded by Maven": "a fresh clone: downloaded by Maven",
        "Python tools, installed": "a fresh clone: Python tools, installed",
    },
    {},
    "≤ {}",
    ", **missed**",
)
JAPANESE = Language(
    "README.ja.md",
    "| モジュール | コード行数 | テスト行数 |",
    "| 項目 | 実測値 | 目標 |",
    "{date} に {cores} コア、メモリ {memory} GiB のマシンで `scripts/dev/bench` により測定した中央値"
    "([全数値](docs/bench.md)):",
    {
        "Start to the first real": "起動から最初の実インスタンスが InService になるまで",
        "Agent online to command sent, found": "エージェントのオンラインからコマンド送信まで(ポーリングで検出)",
        "Agent online to command sent, announced": "エージェントのオンラインからコマンド送信まで(インスタンスが通知)",
        "Run ended": "実行終了からフック完了まで",
        "Size of": "関数の zip のサイズ",
        "Restored function to command accepted, of boto3's cold start, 1": "スナップショットから復元した関数:"
        " コマンド受理まで(boto3 ハンドラーのコールドスタート比)",
        "Cold function to command accepted, best package, of boto3's, 1": "コールドな関数、最速のパッケージ: 同上",
        "Cold function to command accepted, best package, of boto3's, 2": "同上、2 CPU",
        "Cold function to command accepted, plain zip, of boto3's, 1": "コールドな関数、通常の zip: 同上",
        "SSM and Auto Scaling calls per launch, 50": "起動 1 件あたりの SSM と Auto Scaling の呼び出し数(50 台同時)",
        "SSM and Auto Scaling calls per launch, 200": "起動 1 件あたりの SSM と Auto Scaling の呼び出し数(200 台同時)",
        "scripts/demo to the first": "クローン直後: `scripts/demo` から最初の InService まで",
        "Downloaded by Maven": "クローン直後: Maven のダウンロード量",
        "Python tools, installed": "クローン直後: インストールされた Python ツール",
    },
    {"s": "秒", "calls": "回", "times": "倍"},
    "{}以下",
    "(**未達**)",
)


def count(folder: Path) -> int:
    """Lines that are not blank."""
    files = (f for f in folder.rglob("*") if f.is_file() and f.suffix in TEXT_SUFFIXES)
    kept = (f for f in files if not {"target", "__pycache__", ".terraform"}.intersection(f.parts))
    return sum(1 for f in kept for line in f.read_text(encoding="utf-8").splitlines() if line.strip())


def lines_of(module: str) -> "tuple[int, int]":
    """What a module has of code, and of tests."""
    if module == SYSTEM:
        return 0, count(ROOT / module)
    if module in JAVA:
        return count(ROOT / module / "src/main"), count(ROOT / module / "src/test")
    return count(ROOT / module), count(ROOT / "tests") - count(ROOT / SYSTEM) if module == "scripts" else 0


def lines_table(language: Language) -> str:
    rows = [language.lines_head, "|---|---:|---:|"]
    for module in MODULES:
        code, tests = (f"{lines:,}" if lines else "" for lines in lines_of(module))
        rows.append(f"| {module} | {code} | {tests} |")
    return "\n".join(rows) + "\n"


def bench_table(language: Language) -> str:
    page = sections(PAGE.read_text(encoding="utf-8"))
    dated = DATED.search(page[TITLES["launches"]])
    if dated is None:
        raise SystemExit(f"readme-figures: {PAGE.relative_to(ROOT)} does not say when and on what it was measured")
    head = language.dated.format(date=dated[1], cores=dated[2], memory=dated[3])
    measured = [row for title in TITLES.values() for row in rows_of(page.get(title, ""))]
    rows = [
        f"| {words} | {value(language, row[1])} | {goal(language, row[4])} |"
        for begin, words in language.rows.items()
        for row in measured
        if row[0].startswith(begin)
    ]
    return "\n".join([head, "", language.bench_head, "|---|---:|---|", *rows]) + "\n"


def rows_of(section: str) -> Iterator["list[str]"]:
    for line in section.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| ") and len(cells) == 5 and cells[0] != "what":
            yield cells


def value(language: Language, text: str) -> str:
    number, unit = text.split(" ")
    return f"{number} {language.units.get(unit, unit)}"


def goal(language: Language, text: str) -> str:
    found = re.match(r"≤ ([\d.]+) (\w+)", text)
    missed = language.missed if "missed" in text else ""
    return language.most.format(f"{found[1]} {language.units.get(found[2], found[2])}") + missed if found else ""


def demo_table(table: str) -> str:
    """The same with the seconds as they are measured now; a kind that was not measured keeps its own."""
    page = sections(PAGE.read_text(encoding="utf-8")).get(TITLES["demo"], "")
    seconds = {row[0]: row[1] for row in rows_of(page)}
    return DEMO_ROW.sub(lambda m: m[1] + seconds.get(f"scripts/demo with {m[2]} instances", m[3]) + m[4], table)


def renewed(language: Language, text: str) -> str:
    tables = {"lines": lines_table, "bench": bench_table}
    return REGION.sub(
        lambda m: f"{m[1]}{demo_table(m[3])}{m[4]}" if m[2] == "demo" else f"{m[1]}\n{tables[m[2]](language)}\n{m[4]}",
        text,
    )


def stale(text: str, now: str) -> "list[str]":
    """Which regions are too far from what they should be."""
    pairs = zip(REGION.finditer(text), REGION.finditer(now))
    return [old[2] for old, new in pairs if not (close(old[3], new[3]) if old[2] == "lines" else old[3] == new[3])]


def close(old: str, new: str) -> bool:
    if COUNTED.sub("", old) != COUNTED.sub("", new):
        return False
    numbers = zip(COUNTED.findall(old), COUNTED.findall(new))
    plain = ((int(a.replace(",", "")), int(b.replace(",", ""))) for a, b in numbers)
    return all(abs(a - b) <= TOLERANCE * b for a, b in plain)


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/dev/readme-figures", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; end with 1 if a figure is stale")
    check = parser.parse_args().check
    failed = False
    for language in (ENGLISH, JAPANESE):
        path = ROOT / language.file
        text = path.read_text(encoding="utf-8")
        now = renewed(language, text)
        if not check:
            path.write_text(now, encoding="utf-8")
        if len(REGION.findall(text)) != 3:
            print(f"{language.file}:1: not three regions of figures, which begin and end", file=sys.stderr)
            failed = True
        for name in stale(text, now) if check else ():
            print(f"{language.file}:1: figures: {name} are stale; run scripts/dev/readme-figures", file=sys.stderr)
            failed = True
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
