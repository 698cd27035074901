#!/usr/bin/env python3
"""Proves that every stream of this instance can be played: ffmpeg decodes a frame of each kind that it has, video and
audio, as a player that joins now would.

A player that joins waits for the next key frame. So each stream gets the time that its longest distance between two key
frames takes (found when the video was looked at), and a fixed time more.

Usage: prove.py DEADLINE_SECONDS [SETTINGS]    (/etc/rtsp-server/videos.json)

The deadline is for streams that do not play at all: until then they are tried again.
Prints one line of JSON with what was read. Exit codes: 0 all of them, 1 not so: which, and why.
"""

import concurrent.futures
import json
import re
import subprocess
import sys
import time
from pathlib import Path

from confined import LOOPBACK_ONLY, Failed, Slow
from relay import Relay, Unreachable
from settings import SETTINGS, Settings
from videos import unit

# Most of them wait more than they work.
AT_ONCE = 8
# For a publisher that starts and a machine that is busy, beside the time until the next key frame.
TRY_SECONDS = 40
PAUSE_SECONDS = 0.5
# H.264 can begin without a key frame (intra refresh), and its decoder knows when a picture is whole. The decoders of
# other codecs do not, so that there only a key frame counts.
CAREFUL_DECODERS = {"h264"}
HOPELESS_RESTARTS = 3
# Run Command keeps the beginning of the output: if many streams fail, only the first ones are shown.
TOLD = 5
LAST_WORDS = 3
WORDS = {
    "404 Not Found": "the server has no such stream: no publisher sends it",
    "matches no streams": "the server has this stream without a track that its file has",
    "401 Unauthorized": "the server refuses this name and password",
}


class NotPlayable(Exception):
    """The message says why, in the words of who reads it at night."""


def play(settings: Settings, reader: str, name: str, stream: dict) -> "dict[str, str]":
    """What was decoded: codec and size of the video, codec and sample rate of the audio."""
    waits, codecs = stream["waits"], stream["codecs"]
    seconds = TRY_SECONDS + max(waits.values())
    try:
        relay = Relay(settings.server, reader, settings.programs.confined.uid)
    except Unreachable as error:
        raise NotPlayable(str(error)) from error
    # No picture counts that a decoder makes up before it had a whole one.
    command = [settings.programs.ffmpeg, "-nostdin", "-v", "error", "-flags:v", "-output_corrupt"]
    command += ["-rtsp_transport", "tcp", "-i", relay.url(name)]
    for kind in waits:
        # Each an output of its own: ffmpeg ends when each has its frame.
        command += ["-map", f"0:{kind[0]}:0", f"-frames:{kind[0]}", "1"]
        command += ["-vf", "select=key"] if kind == "video" and codecs[kind] not in CAREFUL_DECODERS else []
        command += ["-f", "framecrc", "pipe:1"]
    start = time.monotonic()
    try:
        printed, said = settings.programs.confined.run(command, seconds, LOOPBACK_ONLY)
    except Slow as why:
        printed, said = why.printed, why.said
    except Failed as why:
        raise NotPlayable(reason(why)) from why
    finally:
        relay.close()
    read = decoded(printed)
    missing = {kind: wait for kind, wait in waits.items() if kind not in read}
    if missing:
        raise NotPlayable(nothing_of(missing, time.monotonic() - start, relay.received, said))
    return {kind: f"{codecs[kind]} {told}" for kind, told in read.items()}


def decoded(printed: str) -> "dict[str, str]":
    """ffmpeg's framecrc begins each output with what it is of; it does so when the first frame was decoded."""
    read, kind = {}, ""
    for line in printed.splitlines():
        name, _, value = line.partition(" 0: ")
        if name == "#media_type":
            kind = value
        elif name in ("#dimensions", "#sample_rate"):
            read[kind] = value
    return read


def nothing_of(missing: "dict[str, float]", seconds: float, received: int, said: str) -> str:
    due = ", ".join(f"{kind} each {wait:g} s" for kind, wait in missing.items())
    last = "".join(f"; ffmpeg said last: {line}" for line in said.strip().splitlines()[-1:])
    return (
        f"no frame of {' and '.join(missing)} could be decoded within {seconds:.0f} s, though its file has one to "
        f"begin with ({due}); the server sent {received} bytes{last}"
    )


def reason(why: Failed) -> str:
    """ffmpeg's last line, with what it means where that is known."""
    lines = re.sub(r"rtsp://127\.0\.0\.1:\d+/", "rtsp://", str(why))
    return next((words for sign, words in WORDS.items() if sign in why.said), lines)


def prove(settings: Settings, reader: str, name: str, stream: dict, end: float) -> dict:
    """What was read, or why nothing was when the time was up. Each stream is tried once in full, however late it is."""
    while True:
        try:
            return play(settings, reader, name, stream)
        except NotPlayable as why:
            if time.monotonic() + PAUSE_SECONDS > end or server_keeps_ending():
                return {"why": f"{why}{last_words(unit(name))}"}
        time.sleep(PAUSE_SECONDS)


def server_keeps_ending() -> bool:
    """Whether more waiting is useless: its port is taken, or it refuses its configuration."""
    command = ["systemctl", "show", "--property=ActiveState,NRestarts", "mediamtx.service"]
    told = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    state = dict(line.split("=", 1) for line in told.splitlines() if "=" in line)
    return state.get("ActiveState") != "active" and int(state.get("NRestarts", "0")) >= HOPELESS_RESTARTS


def last_words(service: str) -> str:
    """What the service itself said last. systemd's lines about each restart would push that out of the last three."""
    command = ["journalctl", f"--unit={service}", "--lines=30", "--no-pager", "--output=json", "--quiet"]
    lines = subprocess.run(command, capture_output=True, text=True, check=False).stdout.splitlines()
    entries = [json.loads(line) for line in lines]
    own = [entry for entry in entries if entry.get("SYSLOG_IDENTIFIER") != "systemd"] or entries
    # A line that is no text is a list of bytes in the journal's JSON.
    said = [text.strip() for entry in own if isinstance(text := entry.get("MESSAGE"), str)][-LAST_WORDS:]
    return f" ({service} said last: {' / '.join(said)})" if said else ""


def prove_all(settings: Settings, deadline: float) -> "tuple[dict[str, dict], list[str]]":
    """What was read of each stream that plays, and a line for each that does not."""
    status = json.loads((settings.folder / "status.json").read_text(encoding="utf-8"))
    reader = (settings.etc / "reader").read_text(encoding="utf-8").strip()
    streams = status["streams"]
    broken = {name: entry for name, entry in streams.items() if entry["broken"]}
    failed = list(status["problems"])
    failed += [f"stream {name}: {entry['video']} is broken: {entry['broken']}" for name, entry in broken.items()]
    names = sorted(set(streams) - set(broken))
    end = time.monotonic() + deadline
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as threads:
        proofs = [threads.submit(prove, settings, reader, name, streams[name], end) for name in names]
        told = {name: proof.result() for name, proof in zip(names, proofs)}
    failed += [f"stream {name}: {one['why']}" for name, one in told.items() if "why" in one]
    return {name: one for name, one in told.items() if "why" not in one}, failed


def main() -> int:
    settings = Settings.read(Path(sys.argv[2]) if len(sys.argv) > 2 else SETTINGS)
    played, failed = prove_all(settings, float(sys.argv[1]))
    if played and not failed:
        print(json.dumps(played))
        return 0
    more = f"; and {len(failed) - TOLD} more" if len(failed) > TOLD else ""
    server = "" if played else last_words("mediamtx.service")
    print(f"{'; '.join(failed[:TOLD]) or 'there is no stream'}{more}{server}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
