#!/usr/bin/env python3
"""Inspects a video: which of its tracks are streamed, what ffmpeg does with them, and how often a player can begin.

A track is copied where ffmpeg can pack it into RTP as it is and players commonly read it; docs/rtsp.md has the table.
"""

import json
import math
import shutil
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from confined import Confined, Died, NotStarted, Slow

COPIED_VIDEO = {"h264", "hevc", "mpeg4", "vp8"}
COPIED_AUDIO = {"aac", "opus", "mp3", "pcm_mulaw", "pcm_alaw"}
# The kinds of AAC that RTP's description (RFC 3640, an AudioSpecificConfig) and its readers support.
COPIED_AAC = {"LC", "HE-AAC", "HE-AACv2"}
# A packet of RTP holds 1,460 bytes at most here. A larger unit of AAC travels in pieces, which not every reader joins.
MOST_AAC_BYTES = 1400
# What ffmpeg begins anew at the first frame. In a transport stream it finds the first one not again, so that each round
# lacks its first key frame (seen with ffmpeg 5.1): others are packed into Matroska, and nothing is encoded for that.
LOOPED = ("mov,mp4,m4a,3gp,3g2,mj2", "matroska,webm")
INTERLACED = {"tt", "bb", "tb", "bt"}
# A player that joins waits for the next key frame. A video that has them further apart is encoded anew.
MOST_KEY_SECONDS = 180.0
KEY_SECONDS = 2
SLOWEST_FRAMES, FASTEST_FRAMES = 5, 60
# What ffmpeg may take a foreign file for, and what that file may make it open. Playlists are in neither list: they name
# other files, and addresses.
FORMATS = "mov,matroska,mpegts,mpeg,avi,flv,ogg,asf,mp3,wav"
ONLY_FILES = ["-protocol_whitelist", "file", "-format_whitelist", FORMATS]
# The time limit of ffprobe: a fixed time, and more for a larger file. A small instance's disk reads faster than this.
FEWEST_SECONDS, BYTES_PER_SECOND = 60, 10_000_000
# The space on the disk that videos leave free for everything else.
RESERVE_BYTES = 100 << 20
HEADER = (
    "format=format_name:stream=index,codec_type,codec_name,profile,extradata_hash,channels,width,height,avg_frame_rate,field_order"
    ":stream_disposition=attached_pic:stream_tags=rotate:stream_side_data=rotation"
)
PACKETS = "packet=stream_index,pts_time,dts_time,duration_time,size,flags"


class Broken(Exception):
    """A video that cannot be streamed; the message says why."""


class NotNow(Exception):
    """A video that could not be looked at; the next run tries again."""


def make_room(folder: Path, size: int, what: str) -> None:
    """Refuses what would fill the disk: other programs on the instance need space, too."""
    free = shutil.disk_usage(folder).free
    if size + RESERVE_BYTES > free:
        raise NotNow(
            f"{what} needs {size >> 20} MiB, and {folder} has {free >> 20} MiB free, of which "
            f"{RESERVE_BYTES >> 20} MiB stay free: give the launch template's root volume more room"
        )


@dataclass
class Packets:
    """What is known of one track's packets after all of them were read. Times are seconds of the file."""

    count: int = 0
    largest: int = 0
    first: float = math.inf
    last: float = -math.inf
    end: float = -math.inf
    # The first and the last key frame, the longest time between two of them, and between any two frames.
    first_key: float = math.inf
    last_key: float = -math.inf
    longest_key: float = 0.0
    longest: float = 0.0

    def add(self, time: float, duration: float, size: int, is_key: bool) -> None:
        self.count += 1
        self.first = min(self.first, time)
        self.end = max(self.end, time + duration)
        self.largest = max(self.largest, size)
        if self.count > 1:
            self.longest = max(self.longest, time - self.last)
        self.last = max(self.last, time)
        if is_key:
            if self.first_key < math.inf:
                self.longest_key = max(self.longest_key, time - self.last_key)
            self.first_key = min(self.first_key, time)
            self.last_key = max(self.last_key, time)


@dataclass
class Tracks:
    """What ffmpeg is to do with a file, and how long a player waits for the first frame of each kind, at most."""

    options: "list[str]" = field(default_factory=list)
    # video, audio: seconds.
    waits: "dict[str, float]" = field(default_factory=dict)
    # video, audio: the codec that players get.
    codecs: "dict[str, str]" = field(default_factory=dict)
    # video, audio: why it is encoded anew.
    encoded: "dict[str, str]" = field(default_factory=dict)

    def decide(self, kind: str, codec: str, why: str, encoder: "list[str]") -> None:
        """Copies the track, or encodes it anew for this reason."""
        self.codecs[kind] = codec
        if why:
            self.encoded[kind] = why
        self.options += encoder if why else [f"-c:{kind[0]}", "copy"]


@dataclass(frozen=True)
class Programs:
    """ffmpeg and ffprobe, and how they are run on foreign files."""

    ffmpeg: str
    ffprobe: str
    confined: Confined

    def time_for(self, file: Path) -> float:
        return FEWEST_SECONDS + file.stat().st_size / BYTES_PER_SECOND

    def run(self, command: "list[str]", file: Path, **how: object) -> "tuple[str, str]":
        seconds = self.time_for(file)
        try:
            return self.confined.run(command, seconds, **how)
        except Slow as error:
            raise NotNow(
                f"{Path(command[0]).name} did not get through its {file.stat().st_size} bytes within {seconds:.0f} s: "
                "the machine or its disk is slow or busy"
            ) from error
        except NotStarted as error:
            raise NotNow(str(error)) from error
        except Died as error:
            raise Broken(str(error).replace(str(file), "the file")) from error

    def probe(self, file: Path, *what: str, **how: object) -> "tuple[str, str]":
        return self.run([self.ffprobe, "-v", "error", *ONLY_FILES, *what, str(file)], file, **how)

    def header(self, file: Path) -> dict:
        text, _ = self.probe(file, "-show_data_hash", "crc32", "-show_entries", HEADER, "-of", "json")
        try:
            return json.loads(text)
        except ValueError as error:
            raise Broken(f"ffprobe's answer about it cannot be read: {error}") from error

    def inspect(self, file: Path) -> Tracks:
        """Reads the header, and then every packet: a file whose end is missing is found out here. May pack it anew."""
        header = self.header(file)
        if container(header) not in LOOPED:
            self.pack(file)
            header = self.header(file)
        packets = {}
        _, said = self.probe(
            file, "-show_entries", PACKETS, "-of", "csv=p=0", each_line=lambda line: add_packet(packets, line)
        )
        # The container's complaints, such as a missing end, are the file's faults. A decoder complains about any
        # recording that begins between two key frames.
        faults = [line for line in said.splitlines() if line.startswith(f"[{container(header)} @")]
        if faults:
            raise Broken(faults[-1])
        return decide(header.get("streams", []), packets)

    def pack(self, file: Path) -> None:
        target = file.with_name(f"{file.name}.packed")
        target.unlink(missing_ok=True)
        make_room(file.parent, file.stat().st_size, "packing it into Matroska")
        source = [self.ffmpeg, "-nostdin", "-v", "error", "-y", *ONLY_FILES, "-i", str(file)]
        try:
            tracks = ["-map", "0:v:0?", "-map", "0:a:0?", "-c", "copy"]
            self.run([*source, *tracks, "-f", "matroska", "file:/proc/self/fd/1"], file, into=target)
            target.replace(file)
        finally:
            target.unlink(missing_ok=True)


def container(header: dict) -> str:
    return header.get("format", {}).get("format_name", "")


def add_packet(packets: "dict[int, Packets]", line: str) -> None:
    values = line.strip().split(",")
    if len(values) < 6 or not values[0].isdigit():
        return
    index, shown, decoded, duration, size, flags = values[:6]
    time = seconds_of(shown, seconds_of(decoded, 0.0))
    size = int(size) if size.isdigit() else 0
    packets.setdefault(int(index), Packets()).add(time, seconds_of(duration, 0.0), size, "K" in flags)


def seconds_of(text: str, otherwise: float) -> float:
    try:
        return float(text)
    except ValueError:
        return otherwise


def decide(streams: "list[dict]", packets: "dict[int, Packets]") -> Tracks:
    """The first video that is no cover art, and the first audio, of those that have packets at all."""
    chosen = {}
    for track in streams:
        kind, is_streamed = track.get("codec_type", ""), track.get("index") in packets and not is_cover(track)
        if kind in ("video", "audio") and "codec_name" in track and is_streamed:
            chosen.setdefault(kind, track)
    if not chosen:
        raise Broken("it has neither video nor audio")
    begin = min(packets[track["index"]].first for track in chosen.values())
    end = max(packets[track["index"]].end for track in chosen.values())
    tracks = Tracks()
    for kind, options in (("video", video), ("audio", audio)):
        if kind in chosen:
            tracks.options += ["-map", f"0:{chosen[kind]['index']}"]
            options(tracks, chosen[kind], packets[chosen[kind]["index"]], begin, end)
    # A sound that comes once in an hour is not waited for; something always is.
    soonest = min(tracks.waits.values())
    tracks.waits = {k: wait for k, wait in tracks.waits.items() if wait <= max(MOST_KEY_SECONDS, soonest)}
    return tracks


def is_cover(track: dict) -> bool:
    return bool(track.get("disposition", {}).get("attached_pic"))


def around(first: float, last: float, longest: float, begin: float, end: float) -> float:
    """The longest time from one to the next, also where the file begins anew after its end."""
    return max(longest, end - last + first - begin, 0.0)


def video(tracks: Tracks, track: dict, packets: Packets, begin: float, end: float) -> None:
    if packets.first_key == math.inf:
        raise Broken("its video has no key frame, so no player could begin")
    wait = around(packets.first_key, packets.last_key, packets.longest_key, begin, end)
    why = why_video(track, wait)
    tracks.decide("video", "h264" if why else track["codec_name"], why, encode_video(track))
    if why:
        wait = KEY_SECONDS + around(packets.first, packets.last, packets.longest, begin, end)
    tracks.waits["video"] = round(wait, 1)


def why_video(track: dict, wait: float) -> str:
    if track["codec_name"] not in COPIED_VIDEO:
        return f"players do not commonly read {track['codec_name']}"
    if rotation(track):
        return f"it is to be turned by {rotation(track)} degrees, which RTSP cannot say"
    if wait > MOST_KEY_SECONDS:
        return f"a player would wait up to {wait:.0f} s for a key frame"
    return ""


def rotation(track: dict) -> int:
    """In degrees. Newer releases of ffmpeg show the display matrix, and older ones a tag as well."""
    told = [side.get("rotation") for side in track.get("side_data_list", [])] + [track.get("tags", {}).get("rotate")]
    return next((round(float(degrees)) % 360 for degrees in told if degrees not in (None, "")), 0)


def encode_video(track: dict) -> "list[str]":
    """H.264 that players commonly read: 8 bit, even sizes, whole pictures, a constant rate, a key frame each 2 s."""
    filters = ["pad=ceil(iw/2)*2:ceil(ih/2)*2"]
    if track.get("field_order") in INTERLACED:
        filters.insert(0, "yadif")
    try:
        rate = Fraction(track.get("avg_frame_rate", "25"))
    except (ValueError, ZeroDivisionError):
        rate = Fraction(25)
    rate = min(max(rate, Fraction(SLOWEST_FRAMES)), Fraction(FASTEST_FRAMES))
    return [
        *("-vf", ",".join(filters), "-r", str(rate), "-pix_fmt", "yuv420p"),
        *("-c:v", "libx264", "-preset", "veryfast", "-tune", "zerolatency"),
        *("-force_key_frames", f"expr:gte(t,n_forced*{KEY_SECONDS})"),
    ]


def audio(tracks: Tracks, track: dict, packets: Packets, begin: float, end: float) -> None:
    why = why_audio(track, packets)
    # Two channels at most: what players commonly read, and units that fit into a packet.
    encoder = ["-c:a", "aac", "-b:a", "128k", *(["-ac", "2"] if channels(track) > 2 else [])]
    tracks.decide("audio", "aac" if why else track["codec_name"], why, encoder)
    tracks.waits["audio"] = round(around(packets.first, packets.last, packets.longest, begin, end), 1)


def channels(track: dict) -> int:
    return int(track.get("channels") or 0)


def why_audio(track: dict, packets: Packets) -> str:
    codec = track["codec_name"]
    if codec not in COPIED_AUDIO:
        return f"players do not commonly read {codec}"
    if codec == "opus" and channels(track) > 2:
        return f"RTP has no Opus of {channels(track)} channels"
    if codec != "aac":
        return ""
    if "extradata_hash" not in track:
        return "its AAC says how to read it in each unit only, and RTP wants that before the first one"
    if track.get("profile") not in COPIED_AAC:
        return f"RTP's readers do not commonly know AAC {track.get('profile', 'of an unknown profile')}"
    if packets.largest > MOST_AAC_BYTES:
        return f"its largest unit has {packets.largest} bytes, which is more than a packet of RTP holds"
    return ""
