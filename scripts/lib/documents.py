"""Builds the Command documents from templates, the steps' scripts, and their programs.

A program is packed (a zip in base64), because a document may have 64 KB: it is unpacked on the instance, and --check
and the linter unpack it too. Two versions of zlib compress differently, so documents are compared by what is packed,
not by how; a document whose content has not changed is left as it is.

The bastion channel's program is the same program with the instance's side of that channel beside it, as a zip.
"""

import argparse
import base64
import hashlib
import io
import json
import re
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "ssm-documents"
NAMES = ("Gantry-ApplyAnsiblePlaybooks", "Gantry-CollectDiagnostics")
INCLUDE = re.compile(r"^( *)#include (\S+) into (\S+)$")
PACKED = re.compile(r"^ *base64 -d .*<<'END_OF_PROGRAM' \|\|.*\n((?:[A-Za-z0-9+/=]+\n)+)END_OF_PROGRAM$", re.MULTILINE)
OLDEST_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
WIDTH = 116


def build(name: str) -> "dict[str, object]":
    """A document as it would be published."""
    document = json.loads((SOURCES / "templates" / f"{name}.json").read_text(encoding="utf-8"))
    constrain(document["parameters"])
    for step in document["mainSteps"]:
        script = step["inputs"].get("runCommand")
        if script is not None:
            step["inputs"]["runCommand"] = script_lines(SOURCES / script)
    return document


def constrain(parameters: "dict[str, dict]") -> None:
    """Patterns and defaults are those of the program, which checks them again for every channel."""
    sys.path.insert(0, str(SOURCES / "gantry_apply"))
    import options

    for name, parameter in parameters.items():
        if name in options.PATTERNS:
            if "allowedValues" not in parameter:
                parameter["allowedPattern"] = options.PATTERNS[name]
            parameter["default"] = options.DEFAULTS[name]


def script_lines(script: Path) -> "list[str]":
    lines = []
    for line in script.read_text(encoding="utf-8").splitlines():
        include = INCLUDE.match(line)
        lines += unpacking(*include.groups()) if include else [line]
    return [line.replace("@VERSION@", version(program("gantry_apply"))) for line in lines]


def unpacking(indent: str, source: str, target: str) -> "list[str]":
    text = base64.b64encode(packed(program(source))).decode()
    return [
        f"{indent}base64 -d >{target}.zip <<'END_OF_PROGRAM' || cannot_unpack",
        *[text[start : start + WIDTH] for start in range(0, len(text), WIDTH)],
        "END_OF_PROGRAM",
        f"{indent}python3 -I -m zipfile -e {target}.zip {target} || cannot_unpack",
        f"{indent}rm -f {target}.zip",
    ]


def program(source: str) -> "dict[str, bytes]":
    """The files of a program, by name: those of a folder, or the ones that are listed."""
    if "," in source or source.endswith(".py"):
        files = [SOURCES / one for one in source.split(",")]
    else:
        files = [one for one in (SOURCES / source).iterdir() if one.suffix in (".py", ".txt")]
    return {one.name: one.read_bytes() for one in sorted(files)}


def fallback_program() -> "dict[str, bytes]":
    """What an instance gets that can be reached through the bastion."""
    folders = ("gantry_apply", "gantry_fallback")
    return {f"{folder}/{name}": content for folder in folders for name, content in program(folder).items()}


def version(files: "dict[str, bytes]") -> str:
    digest = hashlib.sha256()
    for name, content in files.items():
        digest.update(f"{name} {len(content)}\n".encode() + content)
    return digest.hexdigest()[:16]


def packed(files: "dict[str, bytes]") -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, OLDEST_ZIP_TIME), content, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def text_of(document: "dict[str, object]") -> str:
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def unpacked(text: str) -> "tuple[str, list[dict[str, bytes]]]":
    """A document's text without its programs, and the programs."""
    document = json.loads(text)
    programs = []
    for step in document["mainSteps"]:
        lines = step["inputs"].get("runCommand")
        if lines is None:
            continue
        script = "\n".join(lines)
        for match in PACKED.finditer(script):
            with zipfile.ZipFile(io.BytesIO(base64.b64decode(match.group(1)))) as archive:
                programs.append({name: archive.read(name) for name in archive.namelist()})
        step["inputs"]["runCommand"] = PACKED.sub("", script)
    return json.dumps(document), programs


def same(one: str, other: str) -> bool:
    return unpacked(one) == unpacked(other)


def published(name: str) -> Path:
    return SOURCES / f"{name}.json"


def outdated() -> "list[str]":
    """The documents that are not what their sources say."""
    return [name for name in NAMES if not _current(name)]


def _current(name: str) -> bool:
    path = published(name)
    return path.is_file() and same(path.read_text(encoding="utf-8"), text_of(build(name)))


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="build-documents",
        description="Builds the Command documents of ssm-documents/ from their templates, steps and programs.",
        epilog="Exit codes: 0 built (with --check: up to date), 1 --check found one that is not, 2 wrong options.",
        allow_abbrev=False,
    )
    parser.add_argument("--check", action="store_true", help="write nothing, and say which are not up to date")
    parser.add_argument("--json", action="store_true", help="print one JSON object: name, path, bytes, sha256 of each")
    parser.add_argument("--program", type=Path, metavar="ZIP", help="write the bastion channel's program there, too")
    wanted = parser.parse_args()
    if wanted.program:
        wanted.program.parent.mkdir(parents=True, exist_ok=True)
        wanted.program.write_bytes(packed(fallback_program()))
    for name in outdated():
        if wanted.check:
            print(f"{published(name).relative_to(ROOT)} is not what its sources say: run scripts/dev/build-documents")
        else:
            published(name).write_text(text_of(build(name)), encoding="utf-8")
    if wanted.json:
        print(json.dumps([described(name) for name in NAMES]))
    return 1 if wanted.check and outdated() else 0


def described(name: str) -> "dict[str, object]":
    content = published(name).read_bytes()
    result = {"name": name, "path": str(published(name)), "bytes": len(content)}
    return {**result, "sha256": hashlib.sha256(content).hexdigest()}


if __name__ == "__main__":
    sys.exit(main())
