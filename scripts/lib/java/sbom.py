"""Compares a function's zip with its bill of materials (CycloneDX): sbom.py ZIP SBOM

Each jar of the zip is a component, or the bill's own subject, and the other way round. Exit codes: 0 they agree, 1 they
do not.
"""

import json
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath


def jars_of(package: Path) -> "set[str]":
    with zipfile.ZipFile(package) as content:
        return {PurePosixPath(name).name for name in content.namelist() if name.endswith(".jar")}


def jars_named(bill: dict) -> "set[str]":
    components = [bill["metadata"]["component"], *bill.get("components", [])]
    return {f"{component['name']}-{component['version']}.jar" for component in components}


def differences(package: Path, bill: Path) -> Iterator[str]:
    there, named = jars_of(package), jars_named(json.loads(bill.read_text("utf-8")))
    yield from (f"{bill.name} does not name {jar}, which {package.name} has" for jar in sorted(there - named))
    yield from (f"{bill.name} names {jar}, which {package.name} does not have" for jar in sorted(named - there))
    if not there:
        yield f"{package.name} has no jar"


def main() -> int:
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    found = list(differences(Path(sys.argv[1]), Path(sys.argv[2])))
    print("\n".join(f"sbom: {line}" for line in found), end="\n" if found else "", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
