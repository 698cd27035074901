#!/usr/bin/env python3
"""Plays a stream's file to the server, in a loop, for ever; the unit rtsp-stream@STREAM runs it.

Usage: publish.py STREAM [SETTINGS]    (/etc/rtsp-server/videos.json)

$GANTRY_PUBLISH_AS is name:password. It reaches neither ffmpeg's arguments nor its environment (relay.py).
Exit codes: ffmpeg's own, 1 where the server cannot be reached.
"""

import ctypes
import json
import os
import subprocess
import sys
from pathlib import Path

from media import ONLY_FILES
from relay import Relay, Unreachable
from settings import SETTINGS, Settings

# prctl(2): other processes of this user may neither trace this one nor read its environment.
PR_SET_DUMPABLE = 4
PATIENCE_SECONDS = 5


def command(settings: Settings, stream: dict, url: str) -> "list[str]":
    source = ["-re", "-stream_loop", "-1", *ONLY_FILES, "-i", stream["file"]]
    target = ["-f", "rtsp", "-rtsp_transport", "tcp", url]
    quiet = ["-nostdin", "-hide_banner", "-loglevel", "warning"]
    return [settings.programs.ffmpeg, *quiet, *source, *stream["options"], *target]


def main() -> int:
    ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    name = sys.argv[1]
    settings = Settings.read(Path(sys.argv[2]) if len(sys.argv) > 2 else SETTINGS)
    stream = json.loads(settings.stream_file(name).read_text(encoding="utf-8"))
    try:
        relay = Relay(settings.server, os.environ.pop("GANTRY_PUBLISH_AS", ""), os.getuid())
    except Unreachable as why:
        print(why, file=sys.stderr)
        return 1
    with subprocess.Popen(command(settings, stream, relay.url(name))) as ffmpeg:
        code = ffmpeg.wait()
    relay.close()
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main())
