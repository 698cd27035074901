"""The kept sums of what Maven downloads: maven_checksums.py check|check-all [REPOSITORY], or record REPOSITORY

.mvn/checksums/checksums.sha256 is in the form of Maven's own summary file and of sha256sum: a sum and a path below the
local repository (maven.apache.org/resolver/expected-checksums.html). Both checks report a library that is not named;
only for check-all it is an error: a developer who tries a new version builds before recording it.
Exit codes: 0 they agree, 1 something differs, or with check-all is not named, 2 wrong arguments.
"""

import hashlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(os.environ.get("ROOT") or Path(__file__).resolve().parents[3])
KEPT = ROOT / ".mvn/checksums/checksums.sha256"
# What Maven downloads, and what it writes beside it.
ARTIFACTS = (".jar", ".pom")
# Built here, not downloaded.
OWN = "dev/gantry/"
ADVICE = "scripts/dev/maven-checksums --update records them again; do that only for versions that you changed yourself."


def kept() -> "dict[str, str]":
    if not KEPT.is_file():
        raise SystemExit(f"maven checksums: {KEPT} is missing. {ADVICE}")
    lines = KEPT.read_text("utf-8").splitlines()
    return {path: digest for digest, _, path in (line.partition("  ") for line in lines)}


def sum_of(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def libraries() -> "set[Path]":
    """Every jar that built modules have on their classpaths, as scripts/lib/java.sh had Maven write them."""
    modules = (ROOT / "sandbox", ROOT / "cli", ROOT / "tests/system", *ROOT.glob("lambda/*"))
    lists = (file for module in modules for file in module.glob("target/*classpath"))
    jars = {Path(jar) for file in lists for jar in file.read_text("utf-8").strip().split(":") if jar}
    return {jar for jar in jars if ROOT not in jar.parents}


def changed(repository: Path, known: "dict[str, str]") -> Iterator[str]:
    for path, digest in known.items():
        file = repository / path
        if file.is_file() and sum_of(file) != digest:
            yield f"{file} is not the file that {KEPT.relative_to(ROOT)} names. Remove it, and build again"


def unnamed(repository: Path, known: "dict[str, str]") -> Iterator[str]:
    for jar in sorted(libraries()):
        if repository in jar.parents and str(jar.relative_to(repository)) not in known:
            yield f"{jar} is used, and {KEPT.relative_to(ROOT)} does not name it"


def record(repository: Path) -> None:
    files = (file for file in repository.rglob("*") if file.suffix in ARTIFACTS)
    paths = {str(file.relative_to(repository)): file for file in files}
    lines = [f"{sum_of(file)}  {path}\n" for path, file in sorted(paths.items()) if not path.startswith(OWN)]
    KEPT.parent.mkdir(parents=True, exist_ok=True)
    KEPT.write_text("".join(lines), encoding="utf-8")
    print(f"{KEPT.relative_to(ROOT)}: {len(lines)} files", file=sys.stderr)


def main() -> int:
    wanted, *rest = sys.argv[1:] or [""]
    repository = Path(rest[0]) if rest else Path.home() / ".m2/repository"
    if wanted == "record" and rest:
        record(repository)
        return 0
    if wanted not in ("check", "check-all"):
        print(__doc__, file=sys.stderr)
        return 2
    known = kept()
    wrong, unknown = list(changed(repository, known)), list(unnamed(repository, known))
    for line in wrong + unknown:
        print(f"maven checksums: {line}.", file=sys.stderr)
    if wrong or unknown:
        print(f"maven checksums: {ADVICE}", file=sys.stderr)
    return 1 if wrong or (unknown and wanted == "check-all") else 0


if __name__ == "__main__":
    sys.exit(main())
