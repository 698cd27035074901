#!/usr/bin/env python3
"""Makes the streams of this instance those of its videos in S3; run at provisioning and by rtsp-videos.timer.

A new video gets a stream of its own, a changed one restarts its own stream, a removed one stops its own. A broken one
is reported and stops nothing: if it replaces one that plays, the old one plays on. If a place cannot be listed,
nothing is removed, because "not seen" is not "not there".

Usage: videos.py [--restart] [SETTINGS]    (/etc/rtsp-server/videos.json)

--restart restarts every stream, because something changed that all publishers use.
Prints one line of JSON; the same is left in status.json beside the videos, for the proof and for people.
Exit codes: 0 everything is as it should be, 1 something is broken or could not be listed.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from cloud import Cloud, CloudError, Stored
from media import Broken, NotNow, make_room
from settings import SETTINGS, Settings

SUFFIXES = {".mp4", ".m4v", ".mov", ".mkv", ".webm", ".ts"}
# A unit's name has 255 bytes at most (systemd.unit(5)), of which "rtsp-stream@" and ".service" take 20; a file's name
# has 255 as well.
MOST_NAME = 200


def stream_name(key: str) -> str:
    """From the object's name: what a URL, MediaMTX and a unit's name take as it is.

    Where letters or digits are lost (those that are not ASCII), or the name is too long, a piece of the name's sha256
    takes their place: the same name gives the same stream on every instance, and two names give two.
    """
    stem = Path(key).stem
    name = re.sub(r"[^a-z0-9_-]+", "-", stem.lower()).strip("-")
    if len(name) <= MOST_NAME and not any(sign.isalnum() and not sign.isascii() for sign in stem):
        return name
    digest = hashlib.sha256(stem.encode()).hexdigest()[:8]
    return f"{name[:MOST_NAME].strip('-') or 'video'}-{digest}"


def wanted(cloud: Cloud, settings: Settings, problems: "list[str]") -> "tuple[dict[str, Stored], bool]":
    """The video of each stream, and whether every place could be listed."""
    streams, complete = {}, True
    for place in settings.videos:
        try:
            found = cloud.below(place)
        except CloudError as error:
            problems.append(str(error))
            complete = False
            continue
        if not place.endswith("/"):
            found = [video for video in found if video.uri == place]
        else:
            found = [video for video in found if Path(video.key).suffix.lower() in SUFFIXES]
        if not found:
            problems.append(f"{place}: there is no video")
        for video in found:
            name = stream_name(video.key)
            if not name:
                problems.append(f"{video.uri}: its name has no letter or digit to name a stream by")
            elif streams.setdefault(name, video) != video:
                problems.append(f"{video.uri}: its stream would be {name!r}, as that of {streams[name].uri}")
    return streams, complete


class Streams:
    """The files, and the unit of each stream."""

    def __init__(self, cloud: Cloud, settings: Settings):
        self.cloud = cloud
        self.settings = settings
        self.state_file = settings.folder / "status.json"
        self.problems = []
        self.state = {}
        with contextlib.suppress(OSError, ValueError, KeyError):
            self.state = json.loads(self.state_file.read_text(encoding="utf-8"))["streams"]

    def file(self, name: str) -> Path:
        return self.settings.folder / "files" / name

    def is_current(self, name: str, video: Stored) -> bool:
        known = self.state.get(name, {})
        if (known.get("video"), known.get("etag")) != (video.uri, video.etag) or "waits" not in known:
            return False
        # A broken one is not fetched again before it changes; one of which the disk has lost something is.
        return bool(known["broken"]) or self.on_disk(name) == known["bytes"]

    def on_disk(self, name: str) -> int:
        """The size of the file that plays, in bytes; -1 where there is none."""
        return self.file(name).stat().st_size if self.file(name).exists() else -1

    def plays(self, name: str) -> bool:
        """Whether there is something to play; after a broken replacement the old video still plays."""
        return bool(self.state[name].get("options"))

    def bring(self, name: str, video: Stored) -> bool:
        """Fetches a new or changed video; False where it is broken, which changes nothing of what plays."""
        incoming = self.settings.folder / "incoming" / name
        before = self.state.get(name, {})
        entry = {"video": video.uri, "etag": video.etag, "bytes": video.size, "broken": ""}
        try:
            # An earlier version plays until this one was looked at, so that both need their room.
            make_room(incoming.parent, video.size, "fetching it")
            self.cloud.download(video.uri, incoming)
            incoming.chmod(0o644)
            tracks = self.settings.programs.inspect(incoming)
            entry.update(bytes=incoming.stat().st_size)
            incoming.replace(self.file(name))
            entry.update(vars(tracks))
        except Broken as why:
            kept = {part: before.get(part, {}) for part in ("options", "waits", "codecs", "encoded")}
            entry.update(kept, broken=str(why))
        finally:
            incoming.unlink(missing_ok=True)
        self.state[name] = entry
        return not entry["broken"]

    def play(self, names: "list[str]", restart: bool) -> None:
        """Starts what is to play; restarts it where asked, or where it is published in another way than before."""
        fresh, started = [], []
        for name in names:
            text = json.dumps({"file": str(self.file(name)), "options": self.state[name]["options"]})
            path = self.settings.stream_file(name)
            is_new = not path.exists()
            is_changed = is_new or path.read_text(encoding="utf-8") != text
            if is_changed:
                path.write_text(text, encoding="utf-8")
            if is_new:
                self.systemctl("enable", unit(name))
            (fresh if restart or is_changed else started).append(unit(name))
        # Many at once, because each call takes some time.
        for verb, units in (("restart", fresh), ("start", started)):
            if units:
                self.systemctl(verb, *units)

    def systemctl(self, *arguments: str) -> None:
        """Starts the others even if one unit does not start."""
        command = ["systemctl", "--quiet", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            self.problems.append(f"systemctl {arguments[0]}: {done.stderr.strip() or f'ended with {done.returncode}'}")

    def remove(self, name: str) -> None:
        self.systemctl("disable", "--now", unit(name))
        self.file(name).unlink(missing_ok=True)
        self.settings.stream_file(name).unlink(missing_ok=True)
        self.state.pop(name)

    def write(self) -> None:
        new = self.state_file.with_suffix(".new")
        new.write_text(json.dumps({"streams": self.state, "problems": self.problems}, indent=1), encoding="utf-8")
        new.replace(self.state_file)


def unit(name: str) -> str:
    return f"rtsp-stream@{name}.service"


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """A lock, because provisioning and the timer may run at the same time."""
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def synchronize(settings: Settings, restart: bool) -> dict:
    changes = {"added": [], "changed": [], "removed": []}
    streams = Streams(Cloud(), settings)
    videos, complete = wanted(streams.cloud, settings, streams.problems)
    for name in sorted(set(streams.state) - set(videos)) if complete else ():
        streams.remove(name)
        changes["removed"].append(name)
    streams.play(sorted(filter(streams.plays, streams.state)), restart)
    # Each one plays before the next is fetched, and is remembered: a large one, or one that fails, stops no other.
    for name, video in sorted(videos.items(), key=lambda one: (one[1].size, one[0])):
        if streams.is_current(name, video):
            continue
        known = name in streams.state
        try:
            if streams.bring(name, video):
                streams.play([name], restart=True)
                changes["changed" if known else "added"].append(name)
        except (CloudError, NotNow, OSError) as error:
            streams.problems.append(f"{video.uri}: {error}")
        streams.write()
    streams.write()
    broken = {name: f"{e['video']}: {e['broken']}" for name, e in sorted(streams.state.items()) if e["broken"]}
    encoded = {name: e["encoded"] for name, e in sorted(streams.state.items()) if e.get("encoded")}
    told = {"streams": len(streams.state), "encoded": encoded, "broken": broken, "problems": streams.problems}
    return {**changes, **told}


def main() -> int:
    arguments = sys.argv[1:]
    restart = arguments[:1] == ["--restart"]
    named = arguments[1:] if restart else arguments
    settings = Settings.read(Path(named[0]) if named else SETTINGS)
    os.umask(0o022)
    try:
        for below in ("files", "streams", "incoming"):
            (settings.folder / below).mkdir(mode=0o755, parents=True, exist_ok=True)
        with alone(settings.folder):
            told = synchronize(settings, restart)
    except (CloudError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    print(json.dumps(told))
    return 1 if told["broken"] or told["problems"] else 0


if __name__ == "__main__":
    sys.exit(main())
