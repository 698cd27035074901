#!/usr/bin/env python3
"""What Ansible wrote for these programs (videos.json): the videos, where files go, where the server listens, and how
foreign videos are looked at."""

import json
from dataclasses import dataclass
from pathlib import Path

from confined import Confined
from media import Programs
from relay import Server

SETTINGS = Path("/etc/rtsp-server/videos.json")


@dataclass(frozen=True)
class Settings:
    # The folder of this file, where the reader's password is, too.
    etc: Path
    videos: "list[str]"
    folder: Path
    server: Server
    programs: Programs

    @staticmethod
    def read(path: Path) -> "Settings":
        given = json.loads(path.read_text(encoding="utf-8"))
        return Settings(
            path.parent,
            given["videos"],
            Path(given["folder"]),
            Server(given["server"]["host"], given["server"]["port"]),
            Programs(
                f"{given['programs']}/ffmpeg",
                f"{given['programs']}/ffprobe",
                Confined(given["inspector"], given["confinement"]),
            ),
        )

    def stream_file(self, name: str) -> Path:
        """What the publisher of a stream reads: the file, and ffmpeg's options for it."""
        return self.folder / "streams" / f"{name}.json"
