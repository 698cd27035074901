"""The work of one run, phase by phase: bundle, package managers, Ansible, playbook."""

import json
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

import archives
import events
import play
import provision
import waits
from options import Options
from records import Records
from results import Failed, Fault, Kind, Report

VERIFY = "verify.yml"
MAX_REBOOTS = 3
CALLBACK = Path(__file__).with_name("gantry_report.py")


@dataclass(frozen=True)
class Place:
    """Where a run works: Gantry's own folder, and the one with the downloads."""

    home: Path
    downloads: Path


class Application:
    """One bundle, one instance, once."""

    def __init__(self, options: Options, place: Place, records: Records, report: Report, log, deadline: waits.Deadline):
        self._options = options
        self._home = place.home
        self._downloads = place.downloads
        self._records = records
        self._report = report
        self._log = log
        self._deadline = deadline
        self._story = events.Story()

    def result(self, reboots: int) -> dict:
        # Left by runs that were killed: the run that holds the lock is alone here.
        for left in self._home.glob("work-*"):
            archives.remove(left)
        work = Path(tempfile.mkdtemp(prefix="work-", dir=self._home))
        try:
            return self._report.ended(self._apply(work, reboots))
        except Failed as failure:
            return self._report.failed(failure)
        finally:
            archives.remove(work)

    def _apply(self, work: Path, reboots: int) -> Kind:
        tree = work / "bundle"
        with self._report.phase("bundle"):
            self._open_bundle(work, tree)
        with self._report.phase("packages"):
            waits.for_package_managers(self._deadline)
        with self._report.phase("dependencies"):
            found = provision.Finder(self._options, self._home, self._downloads, self._log, self._deadline).find()
            self._report.add(ansible=found.version, ansibleFrom=found.source)
        self._ansible = found
        playbook = self._choose(tree)
        command = self._command(found, playbook, self._variables(work))
        self._place_callback((tree / playbook).parent)
        if not self._options.check and playbook == self._options["PlaybookFile"]:
            # From here on the instance is between its old and its new state.
            self._records.forget_applied()
        story = work / "story"
        surroundings = self._environment(story, work)
        with play.started(command, tree, surroundings, self._log, self._deadline.left()) as started:
            with self._report.phase("playbook"):
                ended = started.wait()
            self._tell(ended, story)
            self._judge(ended, playbook)
            kind = self._conclude(work / "reboot", playbook, reboots)
            left = started.leave()
            if left:
                self._report.add(left=left)
        return kind

    def _open_bundle(self, work: Path, tree: Path) -> None:
        try:
            found = archives.find_bundle(self._downloads, self._options.wheelhouse_file)
            copy = archives.copied(found, work)
            self._report.add(bundle=copy.sha256)
            self._what = {name: self._options[name] for name in ("PlaybookFile", "ExtraVariables")}
            self._what["bundle"] = copy.sha256
            with copy.file:
                archives.check_bundle(copy, self._options["BundleSha256"])
                archives.unpack(copy, tree)
        except archives.Refused as refusal:
            raise Failed(Kind.BUNDLE, Fault.BUNDLE, str(refusal)) from refusal
        if not os.path.isfile(tree / self._options["PlaybookFile"]):  # noqa: PTH113 # False for a name that is too long
            message = f"the bundle has no {self._options['PlaybookFile']}; give the PlaybookFile that it has"
            raise Failed(Kind.BUNDLE, Fault.BUNDLE, message)

    def _choose(self, tree: Path) -> str:
        """A bundle that is applied already is only verified, if it has a verify.yml beside its playbook."""
        verify = Path(self._options["PlaybookFile"]).with_name(VERIFY)
        applied = {name: self._records.applied().get(name) for name in self._what} == self._what
        only_verify = applied and not self._options.check and (tree / verify).is_file()
        self._report.add(mode="verify" if only_verify else "check" if self._options.check else "apply")
        return str(verify) if only_verify else self._options["PlaybookFile"]

    def _variables(self, work: Path) -> Path:
        """Writes a file, because everybody who lists processes sees arguments, and systemd's journal keeps them."""
        path = work / "extra-variables.json"
        path.touch(mode=0o600, exist_ok=False)
        path.write_text(json.dumps(self._options.extra_variables), encoding="utf-8")
        return path

    def _command(self, found: provision.Ansible, playbook: str, variables: Path) -> "list[str]":
        command = [found.command, "-i", "localhost,", "-c", "local", "-e", f"@{variables}"]
        return [*command, *(["--check"] if self._options.check else []), self._options["Verbose"], playbook]

    @staticmethod
    def _place_callback(beside: Path) -> None:
        """Where Ansible loads plugins by itself; the bundle may have plugins of its own there."""
        plugins = beside / "callback_plugins"
        own = plugins / CALLBACK.name
        try:
            plugins.mkdir(exist_ok=True)
            if os.path.lexists(own):
                raise FileExistsError
        except FileExistsError as error:
            why = f"{own.name} is a name of Gantry's" if plugins.is_dir() else "it is no folder there"
            message = f"the bundle cannot have this callback_plugins beside its playbook: {why}; rename it"
            raise Failed(Kind.BUNDLE, Fault.BUNDLE, message) from error
        shutil.copyfile(CALLBACK, own)

    def _tell(self, ended: play.Ended, story: Path) -> None:
        self._story = events.read(story)
        self._report.add(ansible=self._story.ansible or self._ansible.version)
        totals = self._story.totals
        tasks = {"ok": totals.get("ok", 0), "changed": totals.get("changed", 0)}
        self._report.add(tasks={**tasks, "failed": totals.get("failures", 0) + totals.get("unreachable", 0)})
        self._report.add(ansibleExit=ended.code)

    @staticmethod
    def _environment(story: Path, work: Path) -> "dict[str, str]":
        """This program's own (surroundings.py), and what a play needs to know. No PYTHONUNBUFFERED: modules come to
        their Python by a pipe, which it would read byte by byte; Ansible's own output is written before each task is
        forked (multiprocessing/popen_fork.py)."""
        own = {"GANTRY_REPORT": str(story), "GANTRY_REBOOT_FILE": str(work / "reboot")}
        return {**os.environ, **own, "ANSIBLE_NOCOLOR": "1"}

    def _judge(self, ended: play.Ended, playbook: str) -> None:
        story = self._story
        verifying = playbook != self._options["PlaybookFile"]
        kind = Kind.READINESS if verifying or story.failed_proving else Kind.PLAYBOOK
        if ended.timed_out:
            limit = f"{playbook} took longer than the {self._options.limit:.0f} s it has (TimeoutSeconds); it was ended"
            raise Failed(Kind.TIMEOUT, Fault.BUNDLE, limit, story.task)
        if ended.code != 0 and play.going_down():
            message = f"the system was shut down or rebooted while {playbook} ran, which ended it; run it again"
            raise Failed(Kind.ENDED, Fault.NOBODY, message, story.task)
        if ended.code != 0 and play.never_began(self._last_words()):
            raise Failed(Kind.INTERNAL, Fault.INSTANCE, f"systemd did not let the play begin: {self._last_words()}")
        if ended.code != 0 and not story.plays:
            provision.check(self._ansible)
        if ended.code != 0:
            message = story.message or f"ansible-playbook ended with {ended.code}: {self._last_words()}"
            raise Failed(kind, Fault.BUNDLE, message, story.failed_task)
        if verifying and story.done == 0:
            raise Failed(Kind.READINESS, Fault.BUNDLE, f"{playbook} ran no task, and so proves nothing")
        if story.hosts == 0:
            message = f"{playbook} has no play for this instance, which is localhost: nothing was configured"
            raise Failed(Kind.PLAYBOOK, Fault.BUNDLE, f"{message}; write hosts: all, or hosts: localhost")
        if story.hosts > 0 and story.done == 0 and not self._options.check:
            message = f"{playbook} ran no task on this instance: nothing was configured, and nothing is proven"
            hint = "look at its plays' hosts, and at what skips their tasks"
            raise Failed(Kind.PLAYBOOK, Fault.BUNDLE, f"{message}; {hint}")

    def _conclude(self, wants_reboot: Path, playbook: str, reboots: int) -> Kind:
        if wants_reboot.exists() and not self._options.check:
            if reboots >= MAX_REBOOTS:
                message = f"{playbook} wants another reboot after {reboots}: it asks for one each time"
                raise Failed(Kind.PLAYBOOK, Fault.BUNDLE, message)
            return Kind.REBOOT
        if not self._options.check:
            self._records.write_applied(self._what)
        return Kind.SUCCESS

    def _last_words(self) -> str:
        self._log.flush()
        words = [line.strip() for line in Path(self._log.name).read_text(errors="replace").splitlines() if line.strip()]
        errors = [line for line in words if line.startswith(("ERROR!", "[ERROR]"))]
        return (errors or words or ["it said nothing"])[0 if errors else -1]
