"""Makes a bundle: a playbook tree as a zip, named by the sha256 of its bytes.

The same tree gives the same bytes on every machine, whatever its clock, umask, locale, file order or Python. So what
varies is fixed: order (bytes of the path), time (1980-01-01, the oldest a zip can say), modes (0644, or 0755 where the
owner may execute, as git sees it), and the files are stored, not compressed: two versions of zlib compress differently,
and playbooks are small.
"""

import argparse
import hashlib
import io
import json
import os
import re
import stat
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import values as values_of_environments  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
PLAYBOOK = "playbook.yml"
GROUP_VARS = "group_vars/all.yml"
OLDEST_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
MADE_ON_UNIX = 3

# Files that tools and editors leave in a tree, and that no playbook needs.
EXCLUDED = re.compile(
    r"""
    \.git | __pycache__ | \.ansible | \.DS_Store | .*\.retry | .*\.pyc
    | .*~ | \.\#.* | \#.*\# | \..*\.sw[a-z] | .*\.(orig|rej)
    """,
    re.VERBOSE,
)
CONTROL_OR_BACKSLASH = re.compile(r"[\x00-\x1f\x7f\\]")


class Refused(Exception):
    """The tree cannot be a bundle; the message says which file and why."""


@dataclass(frozen=True)
class Member:
    """One file of a bundle."""

    name: str
    mode: int
    content: bytes


@dataclass(frozen=True)
class Bundle:
    """The bytes of a bundle, and how many files they hold."""

    content: bytes
    files: int

    @property
    def digest(self) -> bytes:
        return hashlib.sha256(self.content).digest()

    @property
    def sha256(self) -> str:
        return self.digest.hex()


def make_bundle(tree: Path, values: "Path | None" = None) -> Bundle:
    """Packs the tree; the values of an environment, if given, become its group_vars/all.yml."""
    if not tree.is_dir():
        raise Refused(f"{tree}: no such folder")
    members = {member.name: member for member in _members(tree)}
    if PLAYBOOK not in members:
        raise Refused(f"{tree}: has no {PLAYBOOK}, so there is nothing that an instance could apply")
    if values is not None:
        _add_values(members, tree, values)
        # Checks the bytes that are packed, not a file that may change meanwhile.
        _check_values(values, members[GROUP_VARS].content, tree)
    ordered = sorted(members.values(), key=lambda member: member.name.encode())
    return Bundle(_zip(ordered), len(ordered))


def _add_values(members: "dict[str, Member]", tree: Path, values: Path) -> None:
    # Ansible would merge the two, and the environment's file would not show which value counts.
    rivals = [name for name in members if re.match(r"group_vars/all(\.ya?ml|\.json|/.*)?$", name)]
    if rivals:
        raise Refused(f"{tree}: has {rivals[0]} itself, which the values of {values} would compete with; keep one")
    members[GROUP_VARS] = Member(GROUP_VARS, 0o644, _read(values))


def _check_values(path: Path, content: bytes, tree: Path) -> None:
    try:
        values_of_environments.check(path, content, tree)
    except values_of_environments.Wrong as wrong:
        raise Refused(str(wrong)) from wrong


def _members(tree: Path):
    top = os.path.realpath(os.fsencode(tree))
    for folder, folders, files in os.walk(top, onerror=_refuse_unreadable):
        folders[:] = [name for name in folders if not _excluded(name)]
        for name in folders:
            _refuse_link(os.path.join(folder, name))
        for name in files:
            if not _excluded(name):
                yield _member(top, os.path.join(folder, name))


def _excluded(name: bytes) -> bool:
    return EXCLUDED.fullmatch(name.decode(errors="surrogateescape")) is not None


def _refuse_unreadable(error: OSError) -> None:
    raise Refused(f"{_shown(error.filename)}: cannot be read: {error.strerror}")


def _refuse_link(path: bytes) -> None:
    if os.path.islink(path):
        raise Refused(f"{_shown(path)}: is a link to a folder or to nothing; put the files themselves there")


def _member(top: bytes, path: bytes) -> Member:
    name = _name(os.path.relpath(path, top), path)
    target = os.path.realpath(path)
    if os.path.islink(path) and os.path.commonpath([top, target]) != top:
        raise Refused(f"{_shown(path)}: is a link out of the tree, to {_shown(target)}")
    try:
        status = os.stat(path)
    except OSError as error:
        raise Refused(f"{_shown(path)}: cannot be read: {error.strerror}") from error
    if not stat.S_ISREG(status.st_mode):
        raise Refused(f"{_shown(path)}: is neither a file nor a folder")
    return Member(name, 0o755 if status.st_mode & stat.S_IXUSR else 0o644, _read(Path(os.fsdecode(path))))


def _name(relative: bytes, path: bytes) -> str:
    try:
        name = relative.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refused(f"{_shown(path)}: its name is not UTF-8") from error
    if CONTROL_OR_BACKSLASH.search(name):
        raise Refused(f"{_shown(path)}: its name has a backslash or a control character, which unzip may change")
    return name


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Refused(f"{_shown(os.fsencode(path))}: cannot be read: {error.strerror}") from error


def _shown(path: "bytes | str") -> str:
    return os.fsencode(path).decode(errors="backslashreplace")


def _zip(members: "list[Member]") -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for member in members:
            info = zipfile.ZipInfo(member.name, OLDEST_ZIP_TIME)
            info.create_system = MADE_ON_UNIX
            info.external_attr = (stat.S_IFREG | member.mode) << 16
            archive.writestr(info, member.content)
    return target.getvalue()


def environment_values(name: str) -> Path:
    """The file of an environment: config/NAME.yml, or a path as it is when it ends in .yml."""
    return Path(name) if name.endswith(".yml") else ROOT / "config" / f"{name}.yml"


def add_tree_options(parser: argparse.ArgumentParser) -> None:
    """The options that say what goes into a bundle; publish has them too."""
    tree = os.environ.get("GANTRY_TREE") or ROOT / "ansible"
    parser.add_argument(
        "--tree", type=Path, default=Path(tree), metavar="FOLDER", help="default: $GANTRY_TREE, else ansible/"
    )
    parser.add_argument("--env", metavar="NAME", help=f"config/NAME.yml (or a FILE.yml) becomes {GROUP_VARS}")


def bundle_of(options: argparse.Namespace) -> Bundle:
    """The bundle that those options describe."""
    return make_bundle(options.tree, environment_values(options.env) if options.env else None)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="bundle",
        description="Makes a bundle of a playbook tree: a zip named by the sha256 of its bytes.",
        epilog="Exit codes: 0 made, 1 the tree cannot be a bundle, 2 wrong options.",
        allow_abbrev=False,
    )
    add_tree_options(parser)
    parser.add_argument(
        "--out", type=Path, default=ROOT / ".gantry/bundles", metavar="FOLDER", help="default: %(default)s"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object: sha256, path, bytes, files")
    return parser


def main() -> int:
    options = _parser().parse_args()
    try:
        bundle = bundle_of(options)
        options.out.mkdir(parents=True, exist_ok=True)
        path = options.out / f"{bundle.sha256}.zip"
        path.write_bytes(bundle.content)
    except Refused as refusal:
        print(f"bundle: {refusal}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"bundle: cannot write into {options.out}: {error.strerror}", file=sys.stderr)
        return 1
    if options.json:
        told = {"sha256": bundle.sha256, "path": str(path), "bytes": len(bundle.content), "files": bundle.files}
        print(json.dumps(told))
    else:
        # One write: a reader like `head -n 1` leaves after the first line.
        sys.stdout.write(f"{bundle.sha256}\n{path}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
