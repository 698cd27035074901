"""Finds or makes an Ansible of the wanted version: the image's if it fits, else a virtual environment of our own, from
a wheelhouse or from PyPI. Never touches the system's Python; every file that is installed has a known hash."""

import json
import os
import platform
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import archives
from options import Options
from play import SERVICES_UMASK
from results import Failed, Fault, Kind
from waits import Deadline

LOCK = Path(__file__).with_name("ansible-requirements.txt")
KEEP_ENVIRONMENTS = 2


@dataclass(frozen=True)
class Ansible:
    """A command, and which ansible-core it is; the version is empty where only its play will say it."""

    command: str
    version: str
    source: str


class Finder:
    """Looks for one run; home is where virtual environments live."""

    def __init__(self, options: Options, home: Path, downloads: Path, log, deadline: Deadline):
        self._options = options
        self._home = home / "ansible"
        self._downloads = downloads
        self._log = log
        self._deadline = deadline

    def find(self) -> Ansible:
        command = shutil.which("ansible-playbook", path=f"{os.environ['PATH']}:/usr/local/bin:/usr/bin")
        if command and not self._options.may_install and not self._options["AnsibleVersion"]:
            # Nothing hangs on the answer, and the question takes as long as Ansible takes to start.
            return Ansible(command, "", "image")
        image = _asked(command, "image") if command else None
        if image and self._fits(image.version):
            return image
        if not self._options.may_install:
            raise _missing(f"{self._lacking(image)}, and InstallDependencies is False: bake it into the image")
        made = self._wheelhouse() if self._options.from_wheelhouse else self._internet()
        if not self._fits(made.version):
            raise _missing(f"{self._lacking(made)}: give an AnsibleVersion that its source has, or another source")
        return made

    def _fits(self, version: str) -> bool:
        wanted = self._options["AnsibleVersion"]
        return not wanted or version == wanted or version.startswith(wanted + ".")

    def _lacking(self, found: "Ansible | None") -> str:
        wanted = f"ansible-core {self._options['AnsibleVersion']}".strip()
        return f"{wanted} is wanted, the {found.source} has {found.version}" if found else f"the image has no {wanted}"

    def _wheelhouse(self) -> Ansible:
        name = self._options.wheelhouse_file
        archive = self._downloads / name
        if not name or not archive.is_file():
            raise _missing("InstallFrom is Wheelhouse, but none was downloaded: check WheelhouseUri and that step")
        return self._environment(archive.stem[:16], "wheelhouse", lambda place: self._from_wheelhouse(archive, place))

    def _from_wheelhouse(self, archive: Path, place: Path) -> None:
        wheels = place / "wheels"
        self._unpack(archive, wheels)
        pips = sorted(wheels.glob("pip-*.whl"))
        made_for = _made_for(wheels)
        if not pips or made_for is None:
            raise _missing(f"{archive.name} is no wheelhouse: build one by scripts/ops/build-wheelhouse")
        here = {"python": "{}.{}".format(*sys.version_info), "machine": platform.machine()}
        if {key: made_for.get(key) for key in here} != here:
            wants = f"Python {made_for.get('python')} on {made_for.get('machine')}"
            raise _missing(f"the wheelhouse is for {wants}, but this is Python {here['python']} on {here['machine']}")
        self._call([sys.executable, "-I", "-m", "venv", "--without-pip", place / "venv"])
        # Pip runs from its own wheel: Debian's Python has no ensurepip.
        from_folder = ["--no-index", "--find-links", wheels, "-r", wheels / "requirements.txt"]
        self._pip([place / "venv/bin/python", "-I", pips[0] / "pip"], from_folder)
        archives.remove(wheels)

    def _unpack(self, archive: Path, wheels: Path) -> None:
        """A wheelhouse that cannot be used; it does not count against the bundle."""
        try:
            copy = archives.copied(archive, wheels.parent)
            with copy.file:
                if copy.sha256 != archive.stem:
                    message = f"the wheelhouse {copy.name} has sha256 {copy.sha256}: nothing of it was read"
                    raise _missing(f"{message}; upload it again")
                archives.unpack(copy, wheels)
        except archives.Refused as refusal:
            raise _missing(f"the wheelhouse {refusal}") from refusal

    def _internet(self) -> Ansible:
        name = archives.sha256(LOCK)[:16]
        return self._environment(name, "internet", self._from_internet)

    def _from_internet(self, place: Path) -> None:
        if self._succeeds([sys.executable, "-I", "-c", "import ensurepip"]) != 0:
            self._install_venv()
        self._call([sys.executable, "-I", "-m", "venv", place / "venv"])
        self._pip([place / "venv/bin/python", "-I", "-m", "pip"], ["-r", LOCK])

    def _install_venv(self) -> None:
        """Debian and Ubuntu leave ensurepip out of Python; elsewhere it comes with it."""
        if not shutil.which("apt-get"):
            raise _missing("this Python has no ensurepip, so that no virtual environment can be made: use a wheelhouse")
        patience = f"DPkg::Lock::Timeout={max(1, int(self._deadline.left() / 2))}"
        self._call(["apt-get", "-q", "update"])
        self._call(["apt-get", "-q", "-y", "-o", patience, "install", "--no-install-recommends", "python3-venv"])

    def _pip(self, pip: "list[object]", source: "list[object]") -> None:
        strict = ["--require-hashes", "--no-deps", "--only-binary", ":all:"]
        self._call([*pip, "install", "--disable-pip-version-check", "--no-input", "--no-cache-dir", *strict, *source])

    def _environment(self, name: str, source: str, fill) -> Ansible:
        """Made once; the marker is written last, so that a half-made one is made again."""
        place = self._home / name
        marker = place / "complete"
        if not marker.is_file():
            archives.remove(place)
            place.mkdir(parents=True)
            fill(place)
            marker.touch()
            self._remove_others(place)
        made = _asked(str(place / "venv/bin/ansible-playbook"), source)
        if made is None:
            archives.remove(place)
            raise _missing(f"the Ansible that was installed from the {source} does not start; run again")
        return made

    def _remove_others(self, place: Path) -> None:
        others = sorted((path for path in self._home.iterdir() if path != place), key=lambda path: path.stat().st_mtime)
        for old in others[: 1 - KEEP_ENVIRONMENTS]:
            archives.remove(old)

    def _call(self, command: "list[object]") -> None:
        code = self._succeeds(command)
        if code != 0:
            said = " ".join(str(part) for part in command[:6])
            raise _missing(f"Ansible could not be installed: '{said} …' ended with {code}; {self._last_words()}")

    def _succeeds(self, command: "list[object]") -> int:
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        try:
            return subprocess.run(
                [str(part) for part in command],
                check=False,
                stdin=subprocess.DEVNULL,
                stdout=self._log,
                stderr=subprocess.STDOUT,
                env=environment,
                umask=SERVICES_UMASK,
                timeout=max(1.0, self._deadline.left()),
            ).returncode
        except subprocess.TimeoutExpired:
            raise Failed(Kind.TIMEOUT, Fault.INSTANCE, "installing Ansible took longer than the run may") from None

    def _last_words(self) -> str:
        words = Path(self._log.name).read_text(errors="replace").strip().splitlines()
        return words[-1] if words else "it said nothing"


def check(found: Ansible) -> None:
    """For a play that did not begin: raises the instance's failure if the reason is that this Ansible cannot start."""
    if _asked(found.command, found.source) is None:
        raise _missing(f"the {found.source}'s {found.command} does not start: bake one that does into the image")


def _asked(command: str, source: str) -> "Ansible | None":
    try:
        answer = subprocess.run(
            [command, "--version"],
            check=False,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.match(r"ansible-playbook \[?(?:core )?([0-9.]+[0-9])", answer.stdout)
    return Ansible(command, found.group(1), source) if found and answer.returncode == 0 else None


def _made_for(wheels: Path) -> "dict | None":
    try:
        told = json.loads((wheels / "wheelhouse.json").read_text())
    except (OSError, ValueError):
        return None
    return told if isinstance(told, dict) else None


def _missing(message: str) -> Failed:
    return Failed(Kind.DEPENDENCIES, Fault.INSTANCE, message)
