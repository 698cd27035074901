"""Writes ssm-documents/gantry_apply/ansible-requirements.txt from ansible-requirements.in: the hash of each wheel that
one of the supported Pythons and architectures takes. Needs PyPI."""

import argparse
import sys
import tempfile
from pathlib import Path

import wheels

HEAD = "# Made from ssm-documents/ansible-requirements.in by scripts/lib/ansible/lock_ansible.py; do not edit.\n"


def main() -> int:
    argparse.ArgumentParser(prog="lock_ansible", description=__doc__, allow_abbrev=False).parse_args()
    hashes: "dict[str, set[str]]" = {}
    try:
        for python in wheels.PYTHONS:
            for machine in wheels.MACHINES:
                collect(wheels.Target(python, machine), hashes)
    except wheels.Unavailable as trouble:
        print(f"lock_ansible: {trouble}", file=sys.stderr)
        return 1
    wheels.LOCK.write_text(HEAD + "".join(entry(line, found) for line, found in hashes.items()), encoding="utf-8")
    print(f"{wheels.LOCK.relative_to(wheels.ROOT)} is written.")
    return 0


def collect(target: wheels.Target, hashes: "dict[str, set[str]]") -> None:
    print(f"{target} …", file=sys.stderr)
    with tempfile.TemporaryDirectory() as folder:
        requirements = wheels.wanted(wheels.WANTED, target)
        wheels.download([f"{one.name}{one.specifier}" for one in requirements], target, Path(folder))
        files = {path.name.split("-")[0].replace("_", "-").lower(): path for path in Path(folder).iterdir()}
        for one in requirements:
            hashes.setdefault(str(one), set()).add(wheels.sha256(files[one.name]))


def entry(line: str, found: "set[str]") -> str:
    return f"{line} \\\n" + " \\\n".join(f"    --hash=sha256:{one}" for one in sorted(found)) + "\n"


if __name__ == "__main__":
    sys.exit(main())
