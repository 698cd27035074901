#!/usr/bin/env python3
"""Proves that every stream of this instance can be played: DESCRIBE is answered, and frames are read (ffprobe).

Usage: prove.py DEADLINE_SECONDS [SETTINGS]    (/etc/rtsp-server/videos.json)
Prints one line of JSON with what was read. Exit codes: 0 all of them, 1 not within the deadline: which, and why.
"""

import concurrent.futures
import json
import re
import subprocess
import sys
import time
from pathlib import Path

from videos import SETTINGS, Settings, unit

AT_ONCE = 4
# A publisher that starts, and a player that waits for a key frame, need some seconds.
TRY_SECONDS = 40
PAUSE_SECONDS = 0.5
HOPELESS_RESTARTS = 3
# So many packets are read; where no frame came of them twice as many, since players wait for a key frame.
FEWEST_PACKETS, MOST_PACKETS = 25, 800
# Run Command keeps the beginning of what is said: of many streams that fail the first ones tell.
TOLD = 5
WORDS = {
    "Connection refused": "nothing listens on the server's port",
    "404 Not Found": "the server has no such stream: nobody publishes it",
    "401 Unauthorized": "the server lets nobody read with this name and password",
}


class NotPlayable(Exception):
    """The message says why, in the words of who reads it at night."""


class NoFrame(NotPlayable):
    """Packets came, but no key frame was among them."""


def play(settings: Settings, url: str, track: str, packets: int) -> dict:
    """Codec, size and the number of frames that were read of this track (v:0, or a:0 where there is no video)."""
    command = [settings.ffprobe, "-v", "error", "-rtsp_transport", "tcp", "-read_intervals", f"%+#{packets}"]
    command += ["-select_streams", track]
    command += ["-count_frames", "-show_entries", "stream=codec_name,width,height,nb_read_frames"]
    command += ["-of", "json", url]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=TRY_SECONDS)
    except subprocess.TimeoutExpired as error:
        raise NotPlayable(f"no frame within {TRY_SECONDS} s") from error
    if done.returncode != 0:
        raise NotPlayable(reason(done.stderr))
    for read in json.loads(done.stdout)["streams"]:
        # "N/A" where there were none.
        if read.get("nb_read_frames", "0").isdigit() and int(read["nb_read_frames"]) > 0:
            size = f" {read['width']}x{read['height']}" if "width" in read else ""
            return {"codec": f"{read['codec_name']}{size}", "frames": int(read["nb_read_frames"])}
    raise NoFrame(f"the server answers, but no frame was among {packets} packets")


def reason(said: str) -> str:
    """ffprobe's last line without the password, with what it means where that is known."""
    lines = re.sub(r"//[^@/ ]*@", "//", said).strip().splitlines() or ["ffprobe said nothing"]
    return next((words for sign, words in WORDS.items() if sign in said), lines[-1])


def prove(settings: Settings, reader: str, name: str, track: str, end: float) -> dict:
    """What was read, or why nothing was when the time was up."""
    url, packets = f"rtsp://{reader}127.0.0.1:{settings.port}/{name}", FEWEST_PACKETS
    while True:
        try:
            return play(settings, url, track, packets)
        except NotPlayable as why:
            if time.monotonic() + PAUSE_SECONDS > end or server_keeps_ending():
                return {"why": f"{why}{last_words(unit(name))}"}
            if isinstance(why, NoFrame):
                packets = min(2 * packets, MOST_PACKETS)
        time.sleep(PAUSE_SECONDS)


def server_keeps_ending() -> bool:
    """Then waiting is in vain: its port is taken, or its configuration is one that it does not bear."""
    command = ["systemctl", "show", "--property=ActiveState,NRestarts", "mediamtx.service"]
    told = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    state = dict(line.split("=", 1) for line in told.splitlines() if "=" in line)
    return state.get("ActiveState") != "active" and int(state.get("NRestarts", "0")) >= HOPELESS_RESTARTS


def last_words(service: str) -> str:
    command = ["journalctl", f"--unit={service}", "--lines=3", "--no-pager", "--output=cat", "--quiet"]
    said = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip().splitlines()
    return f" ({service} said last: {' / '.join(line.strip() for line in said)})" if said else ""


def prove_all(settings: Settings, deadline: float) -> "tuple[dict[str, dict], list[str]]":
    """What was read of each stream that plays, and a line for each that does not."""
    status = json.loads((settings.folder / "status.json").read_text(encoding="utf-8"))
    reader = (SETTINGS.parent / "reader").read_text(encoding="utf-8")
    streams = status["streams"]
    broken = {name: entry for name, entry in streams.items() if entry["broken"]}
    failed = list(status["problems"])
    failed += [f"stream {name}: {entry['video']} is broken: {entry['broken']}" for name, entry in broken.items()]
    names = sorted(set(streams) - set(broken))
    end = time.monotonic() + deadline
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as threads:
        proofs = [threads.submit(prove, settings, reader, name, streams[name]["proof"], end) for name in names]
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
