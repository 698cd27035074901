"""Opens zips that are trusted for their hash alone: nothing of one is read before its bytes were checked, and nothing
of it can land outside of its folder."""

import hashlib
import os
import shutil
import stat
import zipfile
from pathlib import Path

from results import Failed, Fault, Kind

MAX_MEMBERS = 20_000
MAX_BYTES = 512 * 1024 * 1024
MAX_LINK_LENGTH = 4096
BLOCK = 1024 * 1024


def sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for block in iter(lambda: file.read(BLOCK), b""):
            digest.update(block)
    return digest.hexdigest()


def find_bundle(downloads: Path, wanted: str, wheelhouse: str) -> "tuple[Path, str]":
    """The one zip that was downloaded beside the wheelhouse, and its sha256, which is the wanted one or its name."""
    zips = sorted(path for path in downloads.glob("*.zip") if path.name != wheelhouse and path.is_file())
    if len(zips) != 1:
        raise _not_there(f"{downloads} should hold one bundle (a .zip), but holds {len(zips)}; see the download's step")
    found = sha256(zips[0])
    expected = wanted or zips[0].stem
    if found != expected:
        raise _not_there(
            f"the bundle {zips[0].name} has sha256 {found}, not {expected[:80]}: nothing of it was read;"
            " publish it again, or give the right BundleSha256"
        )
    return zips[0], found


def _not_there(message: str) -> Failed:
    return Failed(Kind.BUNDLE, Fault.INSTANCE, message)


def unpack(archive: Path, target: Path) -> None:
    """Unpacks all or nothing that is used: a refusal is the archive's fault."""
    try:
        with zipfile.ZipFile(archive) as opened:
            members = opened.infolist()
            _refuse_names(archive, members)
            links = [member for member in members if _is_link(member)]
            left = MAX_BYTES
            for member in members:
                if member not in links:
                    left = _extract(opened, member, target, left)
            for member in links:
                _link(opened, member, target)
            # Again, when all are there: one link may lead through another.
            for member in links:
                _refuse_outside(archive, member.filename, target / member.filename, target)
    except (FileExistsError, NotADirectoryError, IsADirectoryError) as error:
        raise _refused(archive, f"two of its members need the same place: {error.filename}") from error
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise _refused(archive, f"it is no zip that can be read: {error}") from error


def _refuse_names(archive: Path, members: "list[zipfile.ZipInfo]") -> None:
    if len(members) > MAX_MEMBERS:
        raise _refused(archive, f"it has {len(members)} members; {MAX_MEMBERS} are allowed")
    seen = set()
    for member in members:
        name = member.filename
        parts = name.rstrip("/").split("/")
        if name.startswith("/") or ":" in parts[0] or ".." in parts or "" in parts or "\\" in member.orig_filename:
            raise _refused(archive, f"the member {name!r} would land outside of its folder")
        if any(ord(character) < 32 for character in member.orig_filename) or name.rstrip("/") in seen:
            raise _refused(archive, f"the member {name!r} has a control character, or is there twice")
        if member.flag_bits & 1:
            raise _refused(archive, f"the member {name!r} is encrypted")
        seen.add(name.rstrip("/"))


def _mode(member: zipfile.ZipInfo) -> int:
    return member.external_attr >> 16


def _is_link(member: zipfile.ZipInfo) -> bool:
    return stat.S_ISLNK(_mode(member))


def _extract(opened: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path, left: int) -> int:
    """Writes one file, and says how many bytes the rest may have. What a header says of sizes is not believed."""
    path = target / member.filename
    kind = stat.S_IFMT(_mode(member))
    if member.is_dir():
        path.mkdir(parents=True, exist_ok=True)
        return left
    if kind not in (0, stat.S_IFREG):
        raise _refused(Path(opened.filename), f"the member {member.filename!r} is neither a file, a folder nor a link")
    path.parent.mkdir(parents=True, exist_ok=True)
    with opened.open(member) as source, path.open("xb") as file:
        for block in iter(lambda: source.read(BLOCK), b""):
            left -= len(block)
            if left < 0:
                raise _refused(Path(opened.filename), f"unpacked it has more than {MAX_BYTES} bytes")
            file.write(block)
    path.chmod(0o755 if _mode(member) & stat.S_IXUSR else 0o644)
    return left


def _link(opened: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path) -> None:
    """Links come last: no file is ever written through one."""
    path = target / member.filename
    if member.file_size > MAX_LINK_LENGTH:
        raise _refused(Path(opened.filename), f"the link {member.filename!r} is too long")
    aim = os.fsdecode(opened.read(member))
    path.parent.mkdir(parents=True, exist_ok=True)
    # An absolute aim stays absolute when it is joined.
    for place in (path.parent, path.parent / aim):
        _refuse_outside(Path(opened.filename), member.filename, place, target)
    path.symlink_to(aim)


def _refuse_outside(archive: Path, name: str, place: Path, top: Path) -> None:
    inside = os.path.realpath(top)
    if os.path.commonpath([inside, os.path.realpath(place)]) != inside:
        raise _refused(archive, f"the link {name!r} leads out of its folder")


def _refused(archive: Path, why: str) -> Failed:
    return Failed(Kind.BUNDLE, Fault.BUNDLE, f"{archive.name} is refused: {why}")


def remove(tree: Path) -> None:
    shutil.rmtree(tree, ignore_errors=True)
