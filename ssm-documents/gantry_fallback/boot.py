"""At an instance's boot: lets the bastion's key in for as long as a launch lasts, bound to the forced command.

The launch's end is in the instance's own record of Gantry's ledger. (The metadata service does not have it: its target
lifecycle state is the one that an instance is moving to, InService from the beginning; AS user guide, "Retrieve the
target lifecycle state through instance metadata".) The launch deadline ends it at the latest. In the environment:
GANTRY_BUCKET, GANTRY_FLEET (as in keys), GANTRY_LAUNCH_DEADLINE (seconds).
"""

import json
import os
import sys
import time
from collections.abc import Callable
from datetime import datetime, timezone

import asked
import door
import metadata
import unit
from store import Store, Unreachable

LOOK_SECONDS = 15
# An instance that leaves a warm pool boots some seconds before Gantry opens its stay; one that only reboots has none.
STAY_SECONDS = 900
# The function's mark that a completion was done can be lost with the function; nobody runs anything after this.
UNMARKED_SECONDS = 360


class Gone(Exception):
    """The time is over; the message says what was not done."""


def main() -> int:
    os.umask(0o077)
    door.shut()
    deadline = int(os.environ["GANTRY_LAUNCH_DEADLINE"])
    try:
        end = time.monotonic() + deadline
        identity = until(end, "the metadata service", metadata.identity)
        store = until(end, "S3", lambda: Store(os.environ["GANTRY_BUCKET"], identity["region"]))
        return Launch(identity, store, deadline).attend()
    except Gone as over:
        print(f"{over}; the bastion cannot reach this instance", file=sys.stderr)
        return 1
    finally:
        door.shut()


def leave() -> int:
    """After the unit, also where it was killed."""
    door.shut()
    return 0


def until(end: float, what: str, do: "Callable[[], object]"):
    """Retries until it succeeds; reports a failure each time that it differs from the last one."""
    said = ""
    pause = 1.0
    while True:
        try:
            return do()
        except (OSError, ValueError, KeyError, Unreachable, door.Missing) as trouble:
            if str(trouble) != said:
                said = str(trouble)
                print(f"{what}: {said}; trying again", file=sys.stderr)
        if time.monotonic() + pause > end:
            raise Gone(f"{what}: {said}")
        time.sleep(pause)
        pause = min(2 * pause, LOOK_SECONDS)


class Launch:
    """One boot of this instance."""

    def __init__(self, identity: dict, store: Store, deadline: int):
        self._identity = identity
        self._store = store
        self._deadline = deadline
        self._record = f"launches/{os.environ['GANTRY_FLEET']}/{identity['instanceId']}.json"
        self._memory = unit.HOME / "fallback" / "launch.json"

    def attend(self) -> int:
        asked.bind(unit.HOME, os.environ["GANTRY_BUCKET"], os.environ["GANTRY_FLEET"])
        memory = self._remembered()
        if memory.get("over") and not self._stay_opens():
            print("no launch of this instance is under way: its key stays away", file=sys.stderr)
            return 0
        if not memory or memory.get("over"):
            memory = {"instance": self._identity["instanceId"], "openedAt": time.time()}
            self._remember(memory)
        # Computed from the wall clock, so that a reboot does not restart the deadline.
        end = time.monotonic() + min(self._deadline, memory["openedAt"] + self._deadline - time.time())
        until(end, "the host keys' object", self._tell_host_keys)
        keys = until(end, "the bastion's public keys", lambda: door.keys(self._store.read("bastion/keys/public.json")))
        until(end, "the login", lambda: door.open_for(keys))
        print(f"the bastion's key is in, for {len(keys)} of them", file=sys.stderr)
        while time.monotonic() < end and not self._is_over(memory["openedAt"]):
            time.sleep(LOOK_SECONDS)
        self._remember({**memory, "over": True})
        print("the launch has ended, or its time: the bastion's key is gone", file=sys.stderr)
        return 0

    def _remembered(self) -> dict:
        """Ignores what a disk image has from another instance's launch."""
        try:
            memory = json.loads(self._memory.read_text())
        except (OSError, ValueError):
            return {}
        return memory if memory.get("instance") == self._identity["instanceId"] else {}

    def _remember(self, memory: dict) -> None:
        self._memory.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        new = self._memory.with_suffix(".new")
        new.write_text(json.dumps(memory))
        new.replace(self._memory)

    def _stay_opens(self) -> bool:
        end = time.monotonic() + STAY_SECONDS
        while time.monotonic() < end:
            stay = self._stay()
            if stay and "closing" not in stay:
                return True
            time.sleep(LOOK_SECONDS)
        return False

    def _is_over(self, opened: float) -> bool:
        closing = self._stay().get("closing", {})
        done, decided = closing.get("doneAt"), closing.get("decidedAt")
        if done:
            # It can belong to an earlier stay, if this one has not begun yet.
            return seconds(done) > opened
        return bool(decided) and opened < seconds(decided) < time.time() - UNMARKED_SECONDS

    def _stay(self) -> dict:
        """Empty if there is none yet, or if it cannot be read: neither ends the launch."""
        try:
            stay = json.loads(self._store.read(self._record))
        except (ValueError, Unreachable):
            return {}
        return stay if isinstance(stay, dict) else {}

    def _tell_host_keys(self) -> None:
        told = {
            "format": 1,
            "instance": self._identity["instanceId"],
            "address": self._identity["privateIp"],
            "keys": door.host_keys(),
            "at": datetime.now(timezone.utc).isoformat(timespec="seconds").replace("+00:00", "Z"),
        }
        self._store.write(f"hostkeys/{metadata.arn(self._identity)}", json.dumps(told))


def seconds(at: str) -> float:
    """The seconds of an ISO-8601 time, as Java writes it: Z, and up to nine digits of a second."""
    whole, _, _ = at.rstrip("Z").partition(".")
    return datetime.fromisoformat(whole).replace(tzinfo=timezone.utc).timestamp()
