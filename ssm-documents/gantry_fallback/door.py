"""Opens and closes access over SSH: a user whose keys are bound to the forced command and cannot be changed by that
user, and the one line of sudoers that this needs."""

import contextlib
import json
import os
import pwd
import re
import shutil
import subprocess
from datetime import datetime, timezone
from pathlib import Path

from unit import PROGRAM

USER = "gantry"
# For tests: where the system's files are.
ROOT = Path(os.environ.get("GANTRY_ROOT", "/"))
HOME = ROOT / "var/lib/gantry-login"
KEYS = HOME / ".ssh/authorized_keys"
SUDOERS = ROOT / "etc/sudoers.d/gantry-fallback"
SSH = ROOT / "etc/ssh"
COMMAND = f"/usr/bin/python3 -I {PROGRAM} forced"
PUBLIC_KEY = re.compile(r"(ecdsa-sha2-nistp256|ssh-ed25519) [A-Za-z0-9+/]+={0,2}")


class Missing(Exception):
    """Something is missing on this instance; the message says what."""


def keys(text: str) -> "list[str]":
    """Those of public.json that are valid now. What is not a key's own form gets no further: a line of authorized_keys
    has options, too."""
    found = []
    for key in json.loads(text)["keys"]:
        until = key.get("validUntil")
        public = " ".join(key["public"].split()[:2])
        if PUBLIC_KEY.fullmatch(public) and (not until or _time(until) > datetime.now(timezone.utc)):
            found.append(public)
    if not found:
        raise Missing("bastion/keys/public.json has no key that is valid now: rotate makes one")
    return found


def _time(at: str) -> datetime:
    whole, _, _ = at.rstrip("Z").partition(".")
    return datetime.fromisoformat(whole).replace(tzinfo=timezone.utc)


def host_keys() -> "list[str]":
    found = [" ".join(path.read_text().split()[:2]) for path in sorted(SSH.glob("ssh_host_*_key.pub"))]
    if not found:
        raise Missing(f"{SSH} has no host keys: is sshd installed, and has it started?")
    return found


def open_for(public: "list[str]") -> None:
    if not shutil.which("sudo"):
        raise Missing("sudo is not on the instance: bake it into the image")
    _user()
    _write(SUDOERS, sudoers(), 0o440)
    for folder in (HOME, KEYS.parent):
        folder.mkdir(parents=True, exist_ok=True)
        # Root's, and not the user's: sshd takes keys of both.
        folder.chmod(0o755)
    _write(KEYS, "".join(f'restrict,command="sudo -n {COMMAND}" {key}\n' for key in public), 0o644)


def sudoers() -> str:
    return (
        f'Defaults:{USER} env_keep += "SSH_ORIGINAL_COMMAND"\n'
        f"Defaults:{USER} !requiretty, !use_pty\n"
        f"{USER} ALL=(root) NOPASSWD: {COMMAND}\n"
    )


def shut() -> None:
    """Both, whichever is there: also what an image or a boot that was cut short has left."""
    for path in (KEYS, SUDOERS):
        path.unlink(missing_ok=True)


def _user() -> None:
    """With a password that no word matches; a shell, because sshd starts the forced command by it."""
    with contextlib.suppress(KeyError):
        pwd.getpwnam(USER)
        return
    command = ["useradd", "--system", "--home-dir", str(HOME), "--shell", "/bin/sh", "--password", "*", USER]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode != 0:
        raise Missing(f"the user {USER} cannot be made: {done.stderr.strip()}")


def _write(path: Path, text: str, mode: int) -> None:
    # sudo passes over files with a dot in their name, and sshd over what is not its own.
    new = path.with_name(f"{path.name}.new")
    new.write_text(text)
    new.chmod(mode)
    new.replace(path)
