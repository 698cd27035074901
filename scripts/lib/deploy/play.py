"""Plays a stream by RTSP over TCP until the first media arrive: no player is needed on this machine.

Usage: play.py URL [SECONDS]   (default: 10 seconds)
Exit codes: 0 media arrived (or, for an address without a stream, the server answers), 1 they did not, with the reason,
2 wrong arguments, 4 the server asks for a password.
"""

import re
import socket
import sys
import time
from urllib.parse import urlsplit

PLAYED, FAILED, USAGE, PASSWORD = 0, 1, 2, 4
CONTROL = re.compile(r"^a=control:(\S+)", re.MULTILINE)


class Refused(Exception):
    """The server's answer is no success."""

    def __init__(self, method: str, status: int, words: str):
        super().__init__(f"{method}: {words}")
        self.status = status


class Session:
    """One connection to an RTSP server (RFC 2326)."""

    def __init__(self, url: str, seconds: float):
        parts = urlsplit(url)
        self.url, self.end, self.sequence, self.session = url, time.monotonic() + seconds, 0, ""
        self.socket = socket.create_connection((parts.hostname, parts.port or 554), timeout=seconds)
        self.buffer = b""

    def ask(self, method: str, url: str, **headers: str) -> "tuple[dict[str, str], str]":
        """Headers and body of a successful answer."""
        self.sequence += 1
        lines = [f"{method} {url} RTSP/1.0", f"CSeq: {self.sequence}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        lines += [f"Session: {self.session}"] if self.session else []
        self.socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        first, *headers = self.until(b"\r\n\r\n").decode(errors="replace").splitlines()
        status = int(first.split(" ")[1])
        if status != 200:
            raise Refused(method, status, first)
        fields = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in headers)}
        self.session = fields.get("session", self.session).partition(";")[0]
        return fields, self.take(int(fields.get("content-length", 0))).decode(errors="replace")

    def until(self, mark: bytes) -> bytes:
        while mark not in self.buffer:
            self.read()
        found, _, self.buffer = self.buffer.partition(mark)
        return found

    def take(self, size: int) -> bytes:
        while len(self.buffer) < size:
            self.read()
        found, self.buffer = self.buffer[:size], self.buffer[size:]
        return found

    def read(self) -> None:
        self.socket.settimeout(max(0.1, self.end - time.monotonic()))
        more = self.socket.recv(65536)
        if not more:
            raise ConnectionError("the server closed the connection")
        self.buffer += more


def play(url: str, seconds: float) -> str:
    """What was received."""
    session = Session(url, seconds)
    session.ask("OPTIONS", url)
    if not urlsplit(url).path.strip("/"):
        return "the server answers"
    fields, description = session.ask("DESCRIBE", url, Accept="application/sdp")
    base = fields.get("content-base", url).rstrip("/")
    tracks = CONTROL.findall(description.partition("m=")[2])
    if not tracks:
        raise ConnectionError("the server describes no track")
    track = tracks[0] if "://" in tracks[0] else f"{base}/{tracks[0]}"
    session.ask("SETUP", track, Transport="RTP/AVP/TCP;unicast;interleaved=0-1")
    session.ask("PLAY", base)
    # An interleaved packet: a dollar sign, the channel, the length, and the packet (RFC 2326, 10.12).
    while session.take(1) != b"$":
        pass
    channel, *length = session.take(3)
    size = int.from_bytes(length, "big")
    session.take(size)
    return f"{size} bytes of media came on channel {channel}"


def main() -> int:
    if len(sys.argv) not in (2, 3):
        print(__doc__, file=sys.stderr)
        return USAGE
    try:
        print(play(sys.argv[1], float(sys.argv[2]) if len(sys.argv) == 3 else 10.0))
    except Refused as refused:
        print(f"{sys.argv[1]}: {refused}", file=sys.stderr)
        return PASSWORD if refused.status == 401 else FAILED
    except (OSError, ValueError, IndexError) as error:
        print(f"{sys.argv[1]}: {error or type(error).__name__}", file=sys.stderr)
        return FAILED
    return PLAYED


if __name__ == "__main__":
    sys.exit(main())
