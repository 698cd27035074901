"""Builds a wheelhouse: the wheels of ansible-core and boto3 for one Python and one architecture, as a zip named by its
sha256, from which an instance without internet makes its Ansible."""

import argparse
import io
import json
import sys
import tempfile
import zipfile
from pathlib import Path

import wheels

OLDEST_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


def build(target: wheels.Target, out: Path) -> "tuple[Path, str]":
    """The zip, and the ansible-core in it. Each wheel's hash is checked as it comes and again where it is installed."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        requirements = folder / "requirements.txt"
        requirements.write_text(wheels.locked(target), encoding="utf-8")
        wheels.download(["--require-hashes", f"--requirement={requirements}"], target, folder)
        version = next(path.name.split("-")[1] for path in folder.glob("ansible_core-*.whl"))
        about = {"python": target.python, "machine": target.machine, "ansible": version}
        (folder / "wheelhouse.json").write_text(json.dumps(about) + "\n", encoding="utf-8")
        content = packed(sorted(folder.iterdir()))
    out.mkdir(parents=True, exist_ok=True)
    path = out / f"{wheels.sha256_of(content)}.zip"
    path.write_bytes(content)
    return path, version


def packed(files: "list[Path]") -> bytes:
    """Stored, in order, without times: the same wheels give the same bytes. Wheels are compressed already."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for path in files:
            archive.writestr(zipfile.ZipInfo(path.name, OLDEST_ZIP_TIME), path.read_bytes())
    return target.getvalue()


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="build-wheelhouse",
        description="Builds a wheelhouse for Gantry-ApplyAnsiblePlaybooks: ansible-core and boto3 for one Python and"
        " one architecture, as a zip named by its sha256. Needs PyPI. Upload it below wheelhouses/ of the bucket.",
        epilog="Exit codes: 0 built, 1 a wheel cannot be fetched, 2 wrong options.",
        allow_abbrev=False,
    )
    parser.add_argument("--python", choices=wheels.PYTHONS, required=True, help="the image's python3")
    parser.add_argument("--arch", choices=wheels.MACHINES, default="x86_64", help="default: %(default)s")
    default = wheels.ROOT / ".gantry/wheelhouses"
    parser.add_argument("--out", type=Path, default=default, metavar="FOLDER", help="default: .gantry/wheelhouses")
    parser.add_argument("--json", action="store_true", help="print one JSON object: sha256, path, bytes, ansible")
    wanted = parser.parse_args()
    target = wheels.Target(wanted.python, wanted.arch)
    print(f"{target}: downloading the wheels …", file=sys.stderr)
    try:
        path, version = build(target, wanted.out)
    except wheels.Unavailable as trouble:
        print(f"build-wheelhouse: {trouble}", file=sys.stderr)
        return 1
    result = {"sha256": path.stem, "path": str(path), "bytes": path.stat().st_size, "ansible": version}
    print(json.dumps(result) if wanted.json else f"{path}\nansible-core {version}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
