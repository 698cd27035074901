"""Fuzzes the parsers of outside input with Jazzer: fuzz.py --jobs N [OPTION…] -- JAVA-COMMAND-WITH-CLASSPATH…

Started by scripts/dev/fuzz, which has built everything.
"""

import argparse
import concurrent.futures
import json
import re
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
WORK = ROOT / ".gantry/fuzz"
PAGE = ROOT / "docs/reliability.md"
BEGIN, END = "<!-- fuzz:begin -->", "<!-- fuzz:end -->"
ENTRY = "dev.gantry.aws.fuzz.JazzerEntry"
# The modules' classes of targets.
TARGETS = {
    "dev.gantry.aws.AwsFuzzTargets": "lambda/aws",
    "dev.gantry.function.FunctionFuzzTargets": "lambda/function",
    "dev.gantry.bastion.BastionFuzzTargets": "lambda/bastion",
    "dev.gantry.sandbox.fuzz.SandboxFuzzTargets": "sandbox",
}
# Then JazzerEntry counts lines itself: Jazzer's own report after fuzzing has only the first 512 edges.
COUNTS_LINES = "gantry.fuzz.lines"
# One input that takes longer than this is a finding, too.
INPUT_SECONDS = 20
LONGEST_INPUT = 8192
# What is kept in the repository: small texts.
KEPT_BYTES = 1500
KEPT_EACH = 40
# Documents may carry any pattern, and downloads go where they say: AWS's agent does the same.
DISABLED_HOOKS = ":".join(
    f"com.code_intelligence.jazzer.sanitizers.{name}"
    for name in ("RegexInjection", "ServerSideRequestForgery", "RegexRoadblocks")
)


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


@dataclass(frozen=True)
class Target:
    """One parser, as JazzerEntry lists it."""

    owner: str
    name: str
    what: str
    sources: "tuple[str, ...]"

    @property
    def corpus(self) -> Path:
        return ROOT / TARGETS[self.owner] / "src/test/resources/fuzz" / self.name

    @property
    def found(self) -> Path:
        return WORK / self.name / "corpus"


@dataclass(frozen=True)
class Result:
    """The result of one target's run."""

    target: Target
    executions: int
    seconds: float
    features: int
    lines: int
    of_lines: int
    finding: str

    def data(self) -> dict:
        return {
            "target": self.target.name,
            "what": self.target.what,
            "executions": self.executions,
            "seconds": round(self.seconds, 1),
            "features": self.features,
            "lines_covered": self.lines,
            "lines": self.of_lines,
            "kept_inputs": len(list(self.target.corpus.iterdir())),
            "finding": self.finding,
        }


def listed(java: "list[str]") -> "list[Target]":
    lines = subprocess.run([*java, ENTRY, *TARGETS], check=True, capture_output=True, text=True).stdout.splitlines()
    rows = [line.split("\t") for line in lines]
    return [Target(owner, name, what, tuple(sources.split(","))) for owner, name, what, sources in rows]


def jazzer(java: "list[str]", target: Target, *arguments: str) -> "list[str]":
    return [
        *java,
        "com.code_intelligence.jazzer.Jazzer",
        f"--target_class={ENTRY}",
        f"--target_args={target.owner} {target.name}",
        "--instrumentation_includes=dev.gantry.**",
        f"--disabled_hooks={DISABLED_HOOKS}",
        f"-timeout={INPUT_SECONDS}",
        f"-max_len={LONGEST_INPUT}",
        "-rss_limit_mb=4096",
        "-print_final_stats=1",
        *arguments,
    ]


def fuzz(java: "list[str]", target: Target, seconds: int, runs: int) -> Result:
    folder = WORK / target.name
    target.found.mkdir(parents=True, exist_ok=True)
    for stale in [*folder.glob("crash-*"), *folder.glob("timeout-*"), *folder.glob("Crash_*"), *folder.glob("*.txt")]:
        stale.unlink()
    bound = [f"-runs={runs}"] if runs else [f"-max_total_time={seconds}"]
    began = time.monotonic()
    with (folder / "log").open("w", encoding="utf-8") as log:
        ended = subprocess.run(
            jazzer(java, target, *bound, "-seed=1", str(target.found), str(target.corpus)),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            check=False,
        )
    took = time.monotonic() - began
    count_lines(java, target, folder)
    text = (folder / "log").read_text(encoding="utf-8", errors="replace")
    lines, of_lines = coverage(folder / "coverage.txt", target.sources)
    return Result(
        target,
        number(r"stat::number_of_executed_units: (\d+)", text),
        took,
        number(r"\bft: (\d+)", text),
        lines,
        of_lines,
        finding(ended.returncode, text, folder),
    )


def count_lines(java: "list[str]", target: Target, folder: Path) -> None:
    """Runs all inputs once, the kept ones and the found ones, and writes which lines they reach."""
    counting = [java[0], f"-D{COUNTS_LINES}=true", *java[1:]]
    with (folder / "lines.log").open("w", encoding="utf-8") as log:
        subprocess.run(
            jazzer(
                counting, target, "--coverage_report=coverage.txt", "-runs=0", str(target.found), str(target.corpus)
            ),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            check=False,
        )


def number(pattern: str, text: str) -> int:
    """The last number that the log shows for the pattern."""
    found = re.findall(pattern, text)
    return int(found[-1]) if found else 0


def finding(code: int, log: str, folder: Path) -> str:
    """Empty if nothing was found; otherwise the exception, and where the input is."""
    if code == 0:
        return ""
    what = re.search(r"^== Java (?:Exception|Assertion Error): (.*)$|^(?:==\d+== )?(ERROR: .*)$", log, re.MULTILINE)
    words = next((g for g in what.groups() if g), "") if what else f"Jazzer ended with {code}"
    inputs = [*folder.glob("crash-*"), *folder.glob("timeout-*"), *folder.glob("oom-*")]
    where = inputs[0] if inputs else folder / "log"
    return f"{words[:300]} ({where.relative_to(ROOT)})"


def coverage(report: Path, sources: "tuple[str, ...]") -> "tuple[int, int]":
    """Lines of the parsers that were executed, of all; in the report's second list, "File.java: 94/106 (88.68%)"."""
    if not report.exists():
        return 0, 0
    text = report.read_text(encoding="utf-8")
    part = text.partition("Line coverage:")[2].partition("coverage:")[0]
    covered = total = 0
    for name in sources:
        found = re.search(rf"^{re.escape(name)}: (\d+)/(\d+)", part, re.MULTILINE)
        if found:
            covered += int(found[1])
            total += int(found[2])
    return covered, total


def keep(java: "list[str]", target: Target) -> int:
    """Adds to the kept corpus the smallest found inputs that cover more: short texts only."""
    merged = WORK / target.name / "merged"
    shutil.rmtree(merged, ignore_errors=True)
    merged.mkdir(parents=True)
    subprocess.run(
        jazzer(java, target, "-merge=1", str(merged), str(target.corpus), str(target.found)),
        cwd=WORK / target.name,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    known = {file.read_bytes() for file in target.corpus.iterdir()}
    added = 0
    for file in sorted(merged.iterdir(), key=lambda f: (f.stat().st_size, f.name)):
        content = file.read_bytes()
        if content not in known and is_small_text(content) and len(known) + added < KEPT_EACH:
            (target.corpus / f"found-{file.name[:12]}").write_bytes(content)
            added += 1
    return added


def is_small_text(content: bytes) -> bool:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return 0 < len(content) <= KEPT_BYTES and all(c.isprintable() or c in "\r\n\t" for c in text)


def table(results: "list[Result]") -> str:
    today = datetime.now(timezone.utc).date().isoformat()
    lines = [
        f"Written by `scripts/dev/fuzz --write` on {today}. Kept inputs, and 2,000 mutations for each target, run with"
        " every build.",
        "",
        "| target | input | executions | seconds | lines of the parsers reached | kept inputs | found |",
        "|---|---|---:|---:|---:|---:|---|",
    ]
    for r in results:
        share = f"{r.lines} of {r.of_lines}" if r.of_lines else ""
        row = [f"`{r.target.name}`", r.target.what, f"{r.executions:,}", f"{r.seconds:.0f}", share]
        row += [str(r.data()["kept_inputs"]), r.finding.partition(" (")[0] or "nothing"]
        lines.append("| " + " | ".join(row) + " |")
    total = sum(r.executions for r in results)
    minutes = sum(r.seconds for r in results) / 60
    lines += ["", f"Together {total:,} executions in {minutes:.0f} minutes of one core each."]
    return "\n".join(lines)


def write(results: "list[Result]") -> None:
    page = PAGE.read_text(encoding="utf-8") if PAGE.exists() else f"{BEGIN}\n{END}\n"
    if BEGIN not in page:
        page = page.rstrip() + f"\n\n{BEGIN}\n{END}\n"
    head, rest = page.split(BEGIN, 1)
    tail = rest.split(END, 1)[1]
    PAGE.write_text(f"{head}{BEGIN}\n\n{table(results)}\n\n{END}{tail}", encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(prog="fuzz.py", description=__doc__)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--runs", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--only", action="append", default=[])
    for flag in ("--json", "--write", "--keep", "--list"):
        parser.add_argument(flag, action="store_true")
    parser.add_argument("java", nargs="+", help="java and its classpath")
    options = parser.parse_args()
    targets = listed(options.java)
    if options.list:
        print("\n".join(f"{t.name:12} {t.what}" for t in targets))
        return 0
    unknown = set(options.only) - {t.name for t in targets}
    if unknown:
        say(f"fuzz: no such target: {', '.join(sorted(unknown))} (--list shows them)")
        return 2
    chosen = [t for t in targets if not options.only or t.name in options.only]
    return run(options, chosen)


def run(options: argparse.Namespace, targets: "list[Target]") -> int:
    results = []
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as jobs:
        for r in jobs.map(lambda t: fuzz(options.java, t, options.seconds, options.runs), targets):
            results.append(r)
            share = f"{100 * r.lines / r.of_lines:.0f} % of the parser's lines" if r.of_lines else "no coverage"
            took = f"{r.executions:,} executions, {r.seconds:.0f} s"
            say(f"{r.target.name}: {took}, {share}: {r.finding or 'nothing found'}")
    if options.keep:
        for t in targets:
            say(f"{t.name}: {keep(options.java, t)} more inputs are kept")
    if options.json:
        print(json.dumps({"targets": [r.data() for r in results]}, indent=2))
    if options.write:
        write(results)
    return 1 if any(r.finding or not r.executions for r in results) else 0


if __name__ == "__main__":
    sys.exit(main())
