#!/usr/bin/env python3
"""Lets one ffmpeg reach the RTSP server with a password that is not among its arguments, which every user can read.

ffmpeg takes the password of RTSP from the URL only: neither a file nor an environment variable can carry it
(libavformat/rtsp.c: user and password come from av_url_split, and no option sets them). So ffmpeg gets the address of
this relay on loopback, without a password. The relay adds the Authorization header (RFC 2326 section 14.5, Basic) to
each request until media flow. It lets in one connection only, and only one of the expected user.
"""

import base64
import contextlib
import re
import socket
import threading
from dataclasses import dataclass
from pathlib import Path

CONNECT_SECONDS = 5
BLOCK = 1 << 16
# No request of ffmpeg's comes near this; a peer that sends no end of a request is cut off.
MOST_REQUEST_BYTES = 1 << 20
# After these media flow, and nothing is asked any more that needs a password.
LAST = (b"RECORD ", b"PLAY ")
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


class Unreachable(Exception):
    """The server cannot be reached; the message says where it should listen, and what the system says."""


@dataclass(frozen=True)
class Server:
    """Where programs of this machine reach the RTSP server; Ansible's word for it is in videos.json."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    def connect(self) -> socket.socket:
        try:
            return socket.create_connection((self.host, self.port), timeout=CONNECT_SECONDS)
        except OSError as error:
            raise Unreachable(f"nothing listens on the server's port ({self}: {error.strerror or error})") from error


def owner(connection: socket.socket) -> "int | None":
    """The user id behind a connection over loopback: the kernel's table of connections tells it (proc(5))."""
    theirs, ours = connection.getpeername()[1], connection.getsockname()[1]
    wanted = [f"0100007F:{theirs:04X}", f"0100007F:{ours:04X}"]
    for line in Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]:
        fields = line.split()
        if fields[1:3] == wanted:
            return int(fields[7])
    return None


class Relay:
    """One connection of one user to one server. Close it when the program has ended."""

    def __init__(self, server: Server, credentials: str, user: int):
        """The credentials are name:password, or nothing where the server asks for none."""
        self.user = user
        self.header = b""
        if credentials:
            self.header = b"Authorization: Basic " + base64.b64encode(credentials.encode()) + b"\r\n"
        self.received = 0
        self.upstream = server.connect()
        self.upstream.settimeout(None)
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=4)
        self.local = None
        threading.Thread(target=self._serve, daemon=True).start()

    def url(self, path: str) -> str:
        return f"rtsp://127.0.0.1:{self.listener.getsockname()[1]}/{path}"

    def close(self) -> None:
        for one in (self.listener, self.upstream, self.local):
            if one:
                with contextlib.suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
                one.close()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while not self.local:
                connection, _ = self.listener.accept()
                if owner(connection) == self.user:
                    self.local = connection
                else:
                    connection.close()
            threading.Thread(target=self._answers, daemon=True).start()
            self._requests()
        self._end()

    def _end(self) -> None:
        """What one side has ended is over for the other."""
        for one in (self.upstream, self.local):
            if one:
                with contextlib.suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)

    def _answers(self) -> None:
        with contextlib.suppress(OSError):
            while block := self.upstream.recv(BLOCK):
                self.received += len(block)
                self.local.sendall(block)
        self._end()

    def _requests(self) -> None:
        waiting = b""
        while block := self.local.recv(BLOCK):
            waiting += block
            while True:
                end = waiting.find(b"\r\n\r\n")
                if end < 0:
                    break
                head = waiting[: end + 2]
                length = LENGTH.search(head)
                whole = end + 4 + (int(length[1]) if length else 0)
                if len(waiting) < whole:
                    break
                self.upstream.sendall(head + self.header + b"\r\n" + waiting[end + 4 : whole])
                waiting = waiting[whole:]
                if head.startswith(LAST):
                    self._media(waiting)
                    return
            if len(waiting) > MOST_REQUEST_BYTES:
                return

    def _media(self, waiting: bytes) -> None:
        self.upstream.sendall(waiting)
        while block := self.local.recv(BLOCK):
            self.upstream.sendall(block)
