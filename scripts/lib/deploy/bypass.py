"""Lets launches pass without Gantry (`on`), puts the hooks back (`off`), or shows their state (`show`).

`on` makes the launch hook say CONTINUE after the shortest heartbeat, so that instances enter service without
Gantry. They are NOT configured by Gantry then. The hook's values are stored in a tag of the Auto Scaling group itself,
gantry:bypass. It uses only Auto Scaling, and no function, queue or bucket of Gantry's.
"""

import argparse
import json
import re
import sys
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Callable

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from aws_cli import GROUP_NAME, Aws, AwsFailed, find_aws  # noqa: E402

DONE, REFUSED, AWS_FAILED = 0, 1, 3

TAG = "gantry:bypass"
# An environment's hook is called after it: gantry-dev (terraform/modules/launch_function).
HOOK = "gantry"
# PutLifecycleHook: names of at most 255 of these; a heartbeat of 30 to 7,200 s.
HOOK_NAME = re.compile(r"[A-Za-z0-9\-_/]{1,255}")
MIN_HEARTBEAT, MAX_HEARTBEAT = 30, 7200
LAUNCHING = "autoscaling:EC2_INSTANCE_LAUNCHING"
WAITING = ("Pending:Wait", "Warmed:Pending:Wait")
# Only characters that every tag may have (EC2 Auto Scaling user guide, "Tag naming and usage restrictions").
REMEMBERED = re.compile(r"hook=(\S+) result=(ABANDON|CONTINUE) heartbeat=(\d+) since=(\S+)")


class Refused(Exception):
    """The request does not fit this fleet; the message says why, and what fits."""


@dataclass(frozen=True)
class Saying:
    """What a hook does if it is not completed: its default result, and after how many seconds."""

    result: str
    heartbeat: int

    def __str__(self) -> str:
        return f"{self.result} after {self.heartbeat} s"


@dataclass(frozen=True)
class Memory:
    """The stored settings of a bypassed hook."""

    hook: str
    saying: Saying
    since: str

    @staticmethod
    def read(group: str, text: str) -> "Memory":
        found = REMEMBERED.fullmatch(text)
        if not found:
            raise Refused(
                f"{group}: its tag {TAG} says {text!r}, which bypass did not write. terraform apply restores the hook."
            )
        return Memory(found[1], Saying(found[2], int(found[3])), found[4])

    def __str__(self) -> str:
        return f"hook={self.hook} result={self.saying.result} heartbeat={self.saying.heartbeat} since={self.since}"


@dataclass(frozen=True)
class Fleet:
    """A group with Gantry's hook, as Auto Scaling describes it now."""

    name: str
    hook: "dict[str, Any]"
    tag: "str | None"
    waiting: "tuple[str, ...]"

    @property
    def saying(self) -> Saying:
        return Saying(self.hook["DefaultResult"], self.hook["HeartbeatTimeout"])

    @property
    def memory(self) -> "Memory | None":
        return None if self.tag is None else Memory.read(self.name, self.tag)

    @property
    def rest(self) -> "dict[str, Any]":
        """The parts of the hook that a bypass must not change."""
        changed = ("DefaultResult", "HeartbeatTimeout", "GlobalTimeout")
        return {key: value for key, value in self.hook.items() if key not in changed}


@dataclass
class Report:
    """What was done to one fleet."""

    fleet: str
    before: Saying
    after: Saying
    waiting: "list[str]"
    since: "str | None"
    released: "list[str]" = field(default_factory=list)

    def facts(self) -> "dict[str, Any]":
        sayings = {"before": vars(self.before), "after": vars(self.after)}
        waiting = {"waiting": self.waiting, "released": self.released}
        return {"fleet": self.fleet, "bypassed": self.since is not None, "since": self.since, **sayings, **waiting}

    def text(self) -> str:
        state = f"bypassed since {self.since}" if self.since else "in Gantry's care"
        hook = f"hook: {self.after}" if self.before == self.after else f"hook: {self.before} -> {self.after}"
        lines = [f"{self.fleet}: {state}; {hook}"]
        if self.released:
            lines.append(f"  let go: {', '.join(self.released)}")
        if self.waiting:
            lines.append(f"  waiting: {', '.join(self.waiting)}")
        return "\n".join(lines)


class Groups:
    """Auto Scaling, as far as this needs it."""

    def __init__(self, aws: Aws, hook: str) -> None:
        self._aws = aws
        self._hook = hook

    def fleet(self, name: str) -> Fleet:
        """The fleet of this name, or the reason why it is not one."""
        answer = self._ask("describe-auto-scaling-groups", "--auto-scaling-group-names", name)
        if not answer["AutoScalingGroups"]:
            raise Refused(f"{name}: there is no such Auto Scaling group in this account and Region")
        hooks = self._hooks(name)
        found = [hook for hook in hooks if self._is_gantrys(hook["LifecycleHookName"])]
        if not found:
            there = ", ".join(hook["LifecycleHookName"] for hook in hooks) or "none"
            raise Refused(
                f"{name}: is not in Gantry's care: it has no hook {self._hook} (its hooks: {there}); see --hook"
            )
        if found[0]["LifecycleTransition"] != LAUNCHING:
            hook, kind = found[0]["LifecycleHookName"], found[0]["LifecycleTransition"]
            raise Refused(f"{name}: its hook {hook} is not a launch hook: {kind}")
        return self._described(answer["AutoScalingGroups"][0], found[0])

    def is_gone(self, name: str) -> bool:
        """Deleted, or being deleted: only such a group has a Status (API_AutoScalingGroup)."""
        answer = self._ask("describe-auto-scaling-groups", "--auto-scaling-group-names", name)
        return all(group.get("Status") for group in answer["AutoScalingGroups"])

    def _is_gantrys(self, name: str) -> bool:
        """Each environment's hook has the environment's name, gantry-dev; a name that was given is used as it is."""
        return name == self._hook or (self._hook == HOOK and name.startswith(f"{HOOK}-"))

    def all(self) -> "list[Fleet]":
        """Every group that has a launch hook of Gantry's name, and is not being deleted."""
        fleets = []
        for group in self._ask("describe-auto-scaling-groups")["AutoScalingGroups"]:
            for hook in self._hooks_of(group):
                if self._is_gantrys(hook["LifecycleHookName"]) and hook["LifecycleTransition"] == LAUNCHING:
                    fleets.append(self._described(group, hook))
        return fleets

    def _hooks_of(self, group: "dict[str, Any]") -> "list[dict[str, Any]]":
        if group.get("Status"):
            return []
        try:
            return self._hooks(group["AutoScalingGroupName"])
        except AwsFailed:
            if self.is_gone(group["AutoScalingGroupName"]):
                return []
            raise

    @staticmethod
    def _described(group: "dict[str, Any]", hook: "dict[str, Any]") -> Fleet:
        tags = [tag["Value"] for tag in group.get("Tags", []) if tag["Key"] == TAG]
        waiting = tuple(i["InstanceId"] for i in group.get("Instances", []) if i["LifecycleState"] in WAITING)
        return Fleet(group["AutoScalingGroupName"], hook, tags[0] if tags else None, waiting)

    def _hooks(self, name: str) -> "list[dict[str, Any]]":
        return self._ask("describe-lifecycle-hooks", "--auto-scaling-group-name", name)["LifecycleHooks"]

    def say(self, fleet: Fleet, saying: Saying) -> Fleet:
        """Makes the hook say this, and reads it back: nothing else of it may have changed."""
        # What is not given of a hook that exists keeps its value (API_PutLifecycleHook); giving the target again would
        # send it a test notification.
        self._ask(
            "put-lifecycle-hook",
            *self._names(fleet),
            "--default-result",
            saying.result,
            "--heartbeat-timeout",
            str(saying.heartbeat),
        )
        now = self.fleet(fleet.name)
        if now.saying != saying or now.rest != fleet.rest:
            raise AwsFailed(
                f"{fleet.name}: the hook was to say {saying}, all else as it was ({fleet.hook}), but now is {now.hook}"
            )
        return now

    def remember(self, fleet: Fleet, memory: Memory) -> None:
        self._ask("create-or-update-tags", "--tags", json.dumps([{**self._tag(fleet), "Value": str(memory)}]))

    def forget(self, fleet: Fleet) -> None:
        self._ask("delete-tags", "--tags", json.dumps([self._tag(fleet)]))

    @staticmethod
    def _tag(fleet: Fleet) -> "dict[str, Any]":
        group = {"ResourceType": "auto-scaling-group", "ResourceId": fleet.name}
        return {**group, "Key": TAG, "PropagateAtLaunch": False}

    def release(self, fleet: Fleet, instance: str) -> bool:
        """Completes the hook of a waiting instance; false if that has happened meanwhile."""
        try:
            self._ask(
                "complete-lifecycle-action",
                *self._names(fleet),
                "--instance-id",
                instance,
                "--lifecycle-action-result",
                "CONTINUE",
            )
            return True
        except AwsFailed as failure:
            if "No active Lifecycle Action" in str(failure):
                return False
            raise

    def _names(self, fleet: Fleet) -> "tuple[str, ...]":
        return ("--auto-scaling-group-name", fleet.name, "--lifecycle-hook-name", fleet.hook["LifecycleHookName"])

    def _ask(self, *arguments: str) -> Any:
        return self._aws.ask("autoscaling", *arguments)


def bypass(groups: Groups, fleet: Fleet, options: argparse.Namespace) -> Report:
    """Stores first, then changes: an interrupted bypass can be repeated, and can be undone."""
    memory = fleet.memory
    if memory is None:
        if fleet.saying.result == "CONTINUE":
            raise Refused(
                f"{fleet.name}: its hook lets go by itself already ({fleet.saying}): there is nothing to bypass"
            )
        since = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        memory = Memory(options.hook, fleet.saying, since)
        groups.remember(fleet, memory)
    now = groups.say(fleet, Saying("CONTINUE", options.heartbeat))
    released = [i for i in now.waiting if groups.release(now, i)] if options.release else []
    waiting = [i for i in now.waiting if i not in released]
    return Report(fleet.name, fleet.saying, now.saying, waiting, memory.since, released)


def restore(groups: Groups, fleet: Fleet, _: argparse.Namespace) -> Report:
    """Changes first, then deletes what was stored."""
    memory = fleet.memory
    if memory is None:
        raise Refused(f"{fleet.name}: is not bypassed: it has no tag {TAG}; its hook says {fleet.saying}")
    if memory.hook != fleet.hook["LifecycleHookName"]:
        raise Refused(f"{fleet.name}: its hook {memory.hook} was bypassed; say --hook {memory.hook}")
    now = groups.say(fleet, memory.saying)
    groups.forget(fleet)
    return Report(fleet.name, fleet.saying, now.saying, list(now.waiting), None)


def show(_: Groups, fleet: Fleet, __: argparse.Namespace) -> Report:
    memory = fleet.memory
    return Report(fleet.name, fleet.saying, fleet.saying, list(fleet.waiting), memory.since if memory else None)


Action = Callable[[Groups, Fleet, argparse.Namespace], Report]
ACTIONS: "dict[str, Action]" = {"on": bypass, "off": restore, "show": show}


def is_gone(groups: Groups, name: str) -> bool:
    try:
        return groups.is_gone(name)
    except AwsFailed:
        return False


@dataclass
class Outcome:
    """What was done, what was refused, and where AWS failed."""

    reports: "list[Report]" = field(default_factory=list)
    refusals: "list[str]" = field(default_factory=list)
    failures: "list[str]" = field(default_factory=list)

    @property
    def code(self) -> int:
        return AWS_FAILED if self.failures else REFUSED if self.refusals else DONE


def carry_out(groups: Groups, options: argparse.Namespace) -> Outcome:
    """A fleet that is refused, or with which AWS fails, does not stop the others."""
    outcome = Outcome()
    if options.all:
        fleets: list[Fleet | str] = list(groups.all())
        if not fleets:
            outcome.refusals.append(
                f"no Auto Scaling group of this account and Region has a launch hook {options.hook}; see --hook"
            )
    else:
        fleets = list(dict.fromkeys(options.fleet))
    for each in fleets:
        name = each if isinstance(each, str) else each.name
        try:
            fleet = groups.fleet(each) if isinstance(each, str) else each
            outcome.reports.append(ACTIONS[options.action](groups, fleet, options))
        except (Refused, AwsFailed) as failure:
            # A group that was deleted since it was listed was not asked for by its name.
            if options.all and is_gone(groups, name):
                continue
            if isinstance(failure, Refused):
                outcome.refusals.append(str(failure))
            else:
                outcome.failures.append(f"{name}: {failure}")
    return outcome


NEXT = {
    "on": "From now on instances enter service WITHOUT having been configured. Back: scripts/bypass off; terraform "
    "apply undoes it too. Replace then what came meanwhile (docs/operations/gantry-is-down.md).",
    "off": "Instances that came into service meanwhile were not configured: replace them "
    "(docs/operations/gantry-is-down.md).",
    "show": "",
}


def tell(options: argparse.Namespace, outcome: Outcome) -> int:
    if options.json:
        fleets = [report.facts() for report in outcome.reports]
        ends = {"failed": outcome.failures, "refused": outcome.refusals}
        print(json.dumps({"action": options.action, "fleets": fleets, **ends}))
        return outcome.code
    for report in outcome.reports:
        print(report.text())
    if outcome.reports and NEXT[options.action]:
        print(NEXT[options.action])
    if options.action == "on" and any(report.waiting for report in outcome.reports):
        print("Those that wait now may keep their old time; --release lets them go at once.")
    # Flushed, so that in a log, too, what was done comes before what was refused.
    sys.stdout.flush()
    for refusal in outcome.refusals:
        print(f"bypass: refused: {refusal}", file=sys.stderr)
    for failure in outcome.failures:
        print(f"bypass: {failure}", file=sys.stderr)
    return outcome.code


def _heartbeat(text: str) -> int:
    if not text.isdecimal() or not MIN_HEARTBEAT <= int(text) <= MAX_HEARTBEAT:
        raise argparse.ArgumentTypeError(f"{text!r}: AWS takes {MIN_HEARTBEAT} to {MAX_HEARTBEAT} seconds")
    return int(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="bypass",
        description="Lets launches pass without Gantry when Gantry is down, and back. Needs nothing of Gantry's.",
        epilog="Exit codes: 0 done, 1 refused for a fleet (the others are done), 2 wrong options, 3 AWS failed "
        "(with --json, failed says for which). "
        "Endpoint, region and credentials are the aws CLI's own (AWS_ENDPOINT_URL, AWS_REGION, AWS_PROFILE …).",
        allow_abbrev=False,
    )
    parser.add_argument(
        "action", choices=ACTIONS, help="on: hooks say CONTINUE; off: as they were; show: how they stand"
    )
    parser.add_argument("--fleet", action="append", metavar="GROUP", help="an Auto Scaling group (may be repeated)")
    parser.add_argument("--all", action="store_true", help="every group that has the hook")
    parser.add_argument(
        "--hook", default=HOOK, metavar="NAME", help="Gantry's launch hook (default: %(default)s or %(default)s-*)"
    )
    parser.add_argument(
        "--heartbeat",
        type=_heartbeat,
        default=MIN_HEARTBEAT,
        metavar="SECONDS",
        help="with on: how long a launch still waits (default: %(default)s, AWS's shortest)",
    )
    parser.add_argument("--release", action="store_true", help="with on: let go at once what waits now")
    parser.add_argument("--json", action="store_true", help="print one JSON object: action, fleets, failed, refused")
    return parser


def _options() -> argparse.Namespace:
    parser = _parser()
    options = parser.parse_args()
    if bool(options.fleet) == options.all:
        parser.error("say which: --fleet GROUP (may be repeated), or --all")
    for name in options.fleet or []:
        if not GROUP_NAME.fullmatch(name):
            parser.error(f"--fleet {name!r}: a group's name is 1 to 255 ASCII characters, no space, no colon")
    if not HOOK_NAME.fullmatch(options.hook):
        parser.error(f"--hook {options.hook!r}: a hook's name is 1 to 255 of A-Z, a-z, 0-9, - _ /")
    if options.action != "on" and (options.release or options.heartbeat != MIN_HEARTBEAT):
        parser.error(f"--release and --heartbeat go with on, not with {options.action}")
    return options


def main() -> int:
    options = _options()
    try:
        outcome = carry_out(Groups(find_aws(), options.hook), options)
    except AwsFailed as failure:
        print(f"bypass: {failure}", file=sys.stderr)
        return AWS_FAILED
    return tell(options, outcome)


if __name__ == "__main__":
    sys.exit(main())
