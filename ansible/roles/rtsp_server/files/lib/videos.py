#!/usr/bin/env python3
"""Makes the streams of this instance those of its videos in S3; run at provisioning and by rtsp-videos.timer.

A new video gets a stream of its own, a changed one restarts its own stream, a removed one stops its own. A broken one
is reported and stops nothing: where it replaces one that plays, that one plays on. Where a place cannot be listed
nothing is removed, since "not seen" is not "not there".

Usage: videos.py [--restart] [SETTINGS]    (/etc/rtsp-server/videos.json)

--restart restarts every stream, because something changed that all publishers use.
Prints one line of JSON; the same is left in status.json beside the videos, for the proof and for people.
Exit codes: 0 everything is as it should be, 1 something is broken or could not be listed.
"""

import contextlib
import fcntl
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cloud import Cloud, CloudError, Stored

SETTINGS = Path("/etc/rtsp-server/videos.json")
SUFFIXES = {".mp4", ".m4v", ".mov", ".mkv", ".webm", ".ts"}
# What ffmpeg packs into RTP as it is, and players commonly read; anything else is encoded anew.
COPIED_VIDEO = {"h264", "hevc", "mpeg4", "vp8"}
COPIED_AUDIO = {"aac", "opus", "mp3", "pcm_mulaw", "pcm_alaw"}
ENCODE_VIDEO = "-c:v libx264 -preset veryfast -tune zerolatency -pix_fmt yuv420p -g 50"
ENCODE_AUDIO = "-c:a aac"
INSPECT_SECONDS = 60


class Broken(Exception):
    """A video that cannot be streamed; the message says why."""


class NotNow(Exception):
    """A video that could not be looked at; the next run tries again."""


@dataclass(frozen=True)
class Settings:
    """What Ansible wrote: the places in S3, where files go, and the server's port."""

    videos: "list[str]"
    folder: Path
    port: int
    ffprobe: str

    @staticmethod
    def read(path: Path) -> "Settings":
        given = json.loads(path.read_text(encoding="utf-8"))
        return Settings(given["videos"], Path(given["folder"]), given["port"], given["ffprobe"])


def stream_name(key: str) -> str:
    """From the object's name: what a URL and a unit's name take as it is."""
    return re.sub(r"[^a-z0-9_-]+", "-", Path(key).stem.lower()).strip("-")


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


@dataclass(frozen=True)
class Tracks:
    """What ffmpeg is to do with a file's tracks, and the one whose frames prove that the stream plays."""

    codecs: str
    proof: str


def inspect(ffprobe: str, file: Path) -> Tracks:
    """Reads the whole file's structure."""
    command = [ffprobe, "-v", "error", "-show_entries", "stream=codec_type,codec_name", "-of", "json"]
    # -count_packets reads every packet: a file whose end is missing is found out here, not by its viewers.
    try:
        done = subprocess.run(
            [*command, "-count_packets", "-show_entries", "stream=nb_read_packets", str(file)],
            capture_output=True,
            text=True,
            check=False,
            timeout=INSPECT_SECONDS,
        )
    except subprocess.TimeoutExpired as error:
        raise NotNow(f"ffprobe did not read it within {INSPECT_SECONDS} s") from error
    # Of the file, and not of the process: libraries complain about what a unit may not do.
    said = [
        line.replace(str(file), "the file") for line in done.stderr.splitlines() if line.startswith(("[", str(file)))
    ]
    if done.returncode != 0 or said:
        raise Broken(said[-1] if said else f"ffprobe ended with {done.returncode}: {done.stderr.strip()}")
    tracks = json.loads(done.stdout).get("streams", [])
    kinds = {track["codec_type"]: track["codec_name"] for track in reversed(tracks) if "codec_name" in track}
    if "video" not in kinds and "audio" not in kinds:
        raise Broken("it has neither video nor audio")
    options = ["-map 0:v:0?", "-map 0:a:0?"]
    if "video" in kinds:
        options.append("-c:v copy" if kinds["video"] in COPIED_VIDEO else ENCODE_VIDEO)
    if "audio" in kinds:
        options.append("-c:a copy" if kinds["audio"] in COPIED_AUDIO else ENCODE_AUDIO)
    return Tracks(" ".join(options), "v:0" if "video" in kinds else "a:0")


class Streams:
    """The files, and the unit of each stream."""

    def __init__(self, cloud: Cloud, settings: Settings):
        self.cloud = cloud
        self.settings = settings
        self.state_file = settings.folder / "status.json"
        self.state = {}
        with contextlib.suppress(OSError, ValueError, KeyError):
            self.state = json.loads(self.state_file.read_text(encoding="utf-8"))["streams"]

    def file(self, name: str) -> Path:
        return self.settings.folder / "files" / name

    def environment(self, name: str) -> Path:
        return self.settings.folder / "streams" / f"{name}.env"

    def is_current(self, name: str, video: Stored) -> bool:
        known = self.state.get(name, {})
        if (known.get("video"), known.get("etag")) != (video.uri, video.etag):
            return False
        # A broken one is not fetched again before it changes; one of which the disk has lost something is.
        return bool(known["broken"]) or self.on_disk(name) == known["bytes"]

    def on_disk(self, name: str) -> int:
        """The size of the file that plays, in bytes; -1 where there is none."""
        return self.file(name).stat().st_size if self.file(name).exists() else -1

    def plays(self, name: str) -> bool:
        """Whether there is something to play: a broken video may have replaced one that plays on."""
        return bool(self.state[name]["codecs"])

    def bring(self, name: str, video: Stored) -> bool:
        """Fetches a new or changed video; False where it is broken, which changes nothing of what plays."""
        incoming = self.settings.folder / "incoming" / name
        before = self.state.get(name, {"codecs": "", "proof": ""})
        entry = {"video": video.uri, "etag": video.etag, "bytes": video.size, "broken": ""}
        try:
            self.cloud.download(video.uri, incoming)
            tracks = inspect(self.settings.ffprobe, incoming)
            incoming.chmod(0o644)
            incoming.replace(self.file(name))
            entry.update(codecs=tracks.codecs, proof=tracks.proof)
        except Broken as why:
            entry.update(codecs=before["codecs"], proof=before["proof"], broken=str(why))
        finally:
            incoming.unlink(missing_ok=True)
        self.state[name] = entry
        return not entry["broken"]

    def publish(self, fresh: "set[str]") -> None:
        """Starts what is to play; restarts what is fresh, or is published in another way than before."""
        for name in filter(self.plays, sorted(self.state)):
            text = f"FILE={self.file(name)}\nCODECS={self.state[name]['codecs']}\nPORT={self.settings.port}\n"
            is_new = not self.environment(name).exists()
            if is_new or self.environment(name).read_text(encoding="utf-8") != text:
                self.environment(name).write_text(text, encoding="utf-8")
                fresh.add(name)
            if is_new:
                systemctl("enable", unit(name))
        started = [unit(name) for name in filter(self.plays, sorted(self.state))]
        restarted = [unit(name) for name in sorted(fresh)]
        if restarted:
            systemctl("restart", *restarted)
        if started:
            systemctl("start", *started)

    def remove(self, name: str) -> None:
        systemctl("disable", "--now", unit(name))
        self.file(name).unlink(missing_ok=True)
        self.environment(name).unlink(missing_ok=True)
        self.state.pop(name)

    def write(self, problems: "list[str]") -> None:
        new = self.state_file.with_suffix(".new")
        new.write_text(json.dumps({"streams": self.state, "problems": problems}, indent=1), encoding="utf-8")
        new.replace(self.state_file)


def unit(name: str) -> str:
    return f"rtsp-stream@{name}.service"


def systemctl(*arguments: str) -> None:
    subprocess.run(["systemctl", "--quiet", *arguments], check=True)  # noqa: S607


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Provisioning and the timer may meet."""
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def synchronize(settings: Settings, restart: bool) -> dict:
    problems, changes = [], {"added": [], "changed": [], "removed": []}
    streams = Streams(Cloud(), settings)
    videos, complete = wanted(streams.cloud, settings, problems)
    for name in sorted(set(streams.state) - set(videos)) if complete else ():
        streams.remove(name)
        changes["removed"].append(name)
    for name, video in sorted(videos.items()):
        if streams.is_current(name, video):
            continue
        known = name in streams.state
        try:
            if streams.bring(name, video):
                changes["changed" if known else "added"].append(name)
        except (CloudError, NotNow) as error:
            problems.append(f"{video.uri}: {error}")
    everything = filter(streams.plays, streams.state) if restart else ()
    streams.publish({*changes["added"], *changes["changed"], *everything})
    streams.write(problems)
    broken = {name: f"{e['video']}: {e['broken']}" for name, e in sorted(streams.state.items()) if e["broken"]}
    return {**changes, "streams": len(streams.state), "broken": broken, "problems": problems}


def main() -> int:
    arguments = sys.argv[1:]
    restart = arguments[:1] == ["--restart"]
    named = arguments[1:] if restart else arguments
    settings = Settings.read(Path(named[0]) if named else SETTINGS)
    os.umask(0o022)
    for below in ("files", "streams", "incoming"):
        (settings.folder / below).mkdir(mode=0o755, parents=True, exist_ok=True)
    try:
        with alone(settings.folder):
            told = synchronize(settings, restart)
    except (CloudError, subprocess.CalledProcessError) as error:
        print(error, file=sys.stderr)
        return 1
    print(json.dumps(told))
    return 1 if told["broken"] or told["problems"] else 0


if __name__ == "__main__":
    sys.exit(main())
