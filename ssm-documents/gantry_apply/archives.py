"""Opens zips that are trusted for their hash alone: nothing of one is read before its bytes were checked, and nothing
of it can land outside of its folder."""

import errno
import hashlib
import os
import shutil
import stat
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from results import Failed, Fault, Kind

MAX_MEMBERS = 20_000
MAX_BYTES = 512 * 1024 * 1024
MAX_LINK_LENGTH = 4096
BLOCK = 1024 * 1024
SHOWN = 3
# Errors that the instance causes; any other system error while unpacking is caused by the zip.
OF_THE_INSTANCE = {
    *(errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.ENOMEM, errno.EMFILE, errno.ENFILE),
    *(errno.EACCES, errno.EPERM, errno.ENODEV, errno.ENXIO, errno.ESTALE),
}


class Refused(Exception):
    """The zip cannot be used; the message says why. The caller decides what is to blame."""


@dataclass(frozen=True)
class Copy:
    """A private copy of a download, without a name: nobody can change what was hashed before it is unpacked."""

    name: str
    file: BinaryIO
    sha256: str


def copied(path: Path, folder: Path) -> Copy:
    """Reads the download once; the copy is on the folder's file system and goes when it is closed."""
    digest = hashlib.sha256()
    left = MAX_BYTES
    copy = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 # the caller closes it
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC), "rb") as source:
        for block in iter(lambda: source.read(BLOCK), b""):
            left -= len(block)
            if left < 0:
                raise Refused(f"{path.name} is refused: it has more than {MAX_BYTES} bytes")
            digest.update(block)
            copy.write(block)
    copy.seek(0)
    return Copy(path.name, copy, digest.hexdigest())


def sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for block in iter(lambda: file.read(BLOCK), b""):
            digest.update(block)
    return digest.hexdigest()


def find_bundle(downloads: Path, wheelhouse: str) -> Path:
    """The one zip that was downloaded beside the wheelhouse. Anything else in that folder refuses the run: the agent
    downloads all that lies below a key, and nobody has checked it."""
    with os.scandir(downloads) as entries:
        found = sorted(entries, key=lambda entry: entry.name)
    strange = [entry.name for entry in found if not entry.is_file(follow_symlinks=False) or entry.name[-4:] != ".zip"]
    if strange:
        shown = ", ".join(strange[:SHOWN]) + (f" and {len(strange) - SHOWN} more" if len(strange) > SHOWN else "")
        raise not_there(
            f"the download brought more than was asked for: {shown}. Nothing was read. Are there objects below the key"
            " of the bundle or of the wheelhouse? Delete them, and find out who may write there"
        )
    zips = [entry.name for entry in found if entry.name != wheelhouse]
    if len(zips) != 1:
        raise not_there(f"{downloads} should hold one bundle (a .zip), but holds {len(zips)}; see the download's step")
    return downloads / zips[0]


def check_bundle(copy: Copy, wanted: str) -> None:
    """Its sha256 is the wanted one, or its name."""
    expected = wanted or copy.name[: -len(".zip")]
    if copy.sha256 != expected:
        raise not_there(
            f"the bundle {copy.name} has sha256 {copy.sha256}, not {expected[:80]}: nothing of it was read;"
            " publish it again, or give the right BundleSha256"
        )


def not_there(message: str) -> Failed:
    return Failed(Kind.BUNDLE, Fault.INSTANCE, message)


def unpack(archive: Copy, target: Path) -> None:
    """Unpacks all, or nothing that is used. Raises Refused for whatever is wrong with the zip, and OSError for what is
    wrong with the instance."""
    try:
        _unpack(archive, target)
    except (Failed, Refused, MemoryError):
        raise
    except (FileExistsError, NotADirectoryError, IsADirectoryError) as error:
        raise _refused(archive, f"two of its members need the same place: {error.filename}") from error
    except OSError as error:
        if error.errno in OF_THE_INSTANCE:
            raise
        raise _refused(archive, f"a member cannot be written: {error.strerror or error}") from error
    except Exception as error:
        # Reading a zip can raise errors of zlib, lzma, struct, bad UTF-8, negative offsets… Its bytes are the cause.
        raise _refused(archive, f"it is no zip that can be read: {error}") from error


def _unpack(archive: Copy, target: Path) -> None:
    with zipfile.ZipFile(archive.file) as opened:
        members = opened.infolist()
        _refuse_names(archive, members)
        links = {member.filename for member in members if _is_link(member)}
        left = MAX_BYTES
        for member in members:
            if member.filename not in links:
                left = _extract(archive, opened, member, target, left)
        for member in members:
            if member.filename in links:
                _link(archive, opened, member, target)
        # Again, when all are there: one link may lead through another.
        for name in sorted(links):
            _refuse_outside(archive, name, target / name, target)


def _refuse_names(archive: Copy, members: "list[zipfile.ZipInfo]") -> None:
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


def _extract(archive: Copy, opened: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path, left: int) -> int:
    """Writes one file, and returns how many bytes the rest may have. Sizes in headers are not trusted."""
    path = target / member.filename
    kind = stat.S_IFMT(_mode(member))
    if member.is_dir():
        path.mkdir(parents=True, exist_ok=True)
        return left
    if kind not in (0, stat.S_IFREG):
        raise _refused(archive, f"the member {member.filename!r} is neither a file, a folder nor a link")
    path.parent.mkdir(parents=True, exist_ok=True)
    with opened.open(member) as source, path.open("xb") as file:
        for block in iter(lambda: source.read(BLOCK), b""):
            left -= len(block)
            if left < 0:
                raise _refused(archive, f"unpacked it has more than {MAX_BYTES} bytes")
            file.write(block)
    path.chmod(0o755 if _mode(member) & stat.S_IXUSR else 0o644)
    return left


def _link(archive: Copy, opened: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path) -> None:
    """Links come last: no file is ever written through one."""
    path = target / member.filename
    if member.file_size > MAX_LINK_LENGTH:
        raise _refused(archive, f"the link {member.filename!r} is too long")
    aim = os.fsdecode(opened.read(member))
    if not aim or "\0" in aim:
        raise _refused(archive, f"the link {member.filename!r} leads nowhere: its target is empty, or has a NUL")
    path.parent.mkdir(parents=True, exist_ok=True)
    # An absolute target stays absolute when it is joined.
    for place in (path.parent, path.parent / aim):
        _refuse_outside(archive, member.filename, place, target)
    path.symlink_to(aim)


def _refuse_outside(archive: Copy, name: str, place: Path, top: Path) -> None:
    inside = os.path.realpath(top)
    if os.path.commonpath([inside, os.path.realpath(place)]) != inside:
        raise _refused(archive, f"the link {name!r} leads out of its folder")


def _refused(archive: Copy, why: str) -> Refused:
    return Refused(f"{archive.name} is refused: {why}")


def remove(tree: Path) -> None:
    shutil.rmtree(tree, ignore_errors=True)
