#!/usr/bin/python3
"""A stand-in for MediaMTX, for machines on which its binary is not available. It is not MediaMTX.

It is started as MediaMTX is (`mediamtx FILE`), reads the same configuration, refuses keys and types that MediaMTX
v1.20.1 does not have, and does as much of RTSP as the role needs: ffmpeg publishes (ANNOUNCE, RECORD) and players read
(DESCRIBE, PLAY), over TCP, with Basic authentication; the API lists the paths. Everything that it says of itself says
what it is: its version, its Server header, its log.
"""

import asyncio
import base64
import hashlib
import ipaddress
import json
import sys
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parent))
from mediamtx_config import mistakes  # noqa: E402

NAME = "stand-in for MediaMTX v1.20.1 (Gantry's tests; not MediaMTX)"
# What a reader may leave unread before it is dropped.
MOST_BUFFERED = 8_000_000
METHODS = "OPTIONS, ANNOUNCE, SETUP, RECORD, DESCRIBE, PLAY, GET_PARAMETER, TEARDOWN"


def log(text: str) -> None:
    print(f"[stand-in] {text}", flush=True)


class Refused(Exception):
    """An answer other than 200; its arguments are the status, its phrase and more headers."""


@dataclass
class Request:
    method: str
    url: str
    headers: "dict[str, str]"
    body: bytes

    @property
    def path(self) -> str:
        return urlsplit(self.url).path.strip("/")


@dataclass
class Stream:
    """What somebody publishes under a path, and who reads it: a set of sessions for each track's number."""

    sdp: bytes
    controls: "list[str]"
    publisher: "Session"
    readers: "set[Session]" = field(default_factory=set)

    def forward(self, track: int, rtcp: int, packet: bytes) -> None:
        for reader in list(self.readers):
            reader.send_packet(track, rtcp, packet)


def controls_of(sdp: bytes) -> "list[str]":
    """The control attribute of each track, in order."""
    found, in_track = [], False
    for line in sdp.decode(errors="replace").splitlines():
        if line.startswith("m="):
            in_track = True
            found.append("")
        elif line.startswith("a=control:") and in_track:
            found[-1] = line.split(":", 1)[1].strip()
    return found


class Access:
    """authInternalUsers, as MediaMTX reads them: the first user who matches and may do it."""

    def __init__(self, users: "list[dict]"):
        self.users = users

    def allows(self, action: str, path: str, address: str, header: str) -> bool:
        name, password = self.credentials(header)
        return any(self.matches(user, name, password, address) and self.may(user, action, path) for user in self.users)

    @staticmethod
    def credentials(header: str) -> "tuple[str, str]":
        scheme, _, value = header.partition(" ")
        if scheme.lower() != "basic":
            return "", ""
        name, _, password = base64.b64decode(value).decode(errors="replace").partition(":")
        return name, password

    @staticmethod
    def matches(user: dict, name: str, password: str, address: str) -> bool:
        here = ipaddress.ip_address(address)
        networks = [ipaddress.ip_network(network, strict=False) for network in user.get("ips") or []]
        if networks and not any(here in network for network in networks):
            return False
        return user["user"] == "any" or (Access.same(user["user"], name) and Access.same(user.get("pass"), password))

    @staticmethod
    def same(kept: "str | None", given: str) -> bool:
        if (kept or "").startswith("sha256:"):
            return kept == "sha256:" + base64.b64encode(hashlib.sha256(given.encode()).digest()).decode()
        return (kept or "") == given

    @staticmethod
    def may(user: dict, action: str, path: str) -> bool:
        return any(
            permission["action"] == action and permission.get("path") in (None, "", path)
            for permission in user.get("permissions") or []
        )


class Server:
    """The streams, by path, and who may do what."""

    def __init__(self, config: dict):
        self.access = Access(config.get("authInternalUsers") or [])
        self.paths = config.get("paths") or {}
        self.streams = {}

    def has_path(self, path: str) -> bool:
        return path in self.paths or "all_others" in self.paths

    def publish(self, path: str, stream: Stream) -> None:
        before = self.streams.get(path)
        self.streams[path] = stream
        if before:
            before.publisher.close()
        log(f"path {path} is published")

    def unpublish(self, path: str, publisher: "Session") -> None:
        if path in self.streams and self.streams[path].publisher is publisher:
            for reader in self.streams.pop(path).readers:
                reader.close()
            log(f"path {path} is no longer published")


class Session:
    """One connection: a publisher, a reader, or somebody who asks."""

    def __init__(self, server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter):
        self.server = server
        self.reader = reader
        self.writer = writer
        self.address = writer.get_extra_info("peername")[0]
        self.path = ""
        self.announced = None
        self.recording = False
        self.stream = None
        # A publisher's map is channel to track, a reader's is track to channel. Even channels carry RTP, odd ones RTCP.
        self.channels = {}

    async def serve(self) -> None:
        try:
            while True:
                first = await self.reader.readexactly(1)
                if first == b"$":
                    await self.packet()
                else:
                    self.answer(await self.request(first))
                    await self.writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.LimitOverrunError, ValueError):
            pass
        finally:
            self.leave()

    async def packet(self) -> None:
        header = await self.reader.readexactly(3)
        packet = await self.reader.readexactly(int.from_bytes(header[1:], "big"))
        channel, rtcp = header[0] & ~1, header[0] & 1
        if self.recording and channel in self.channels:
            self.server.streams[self.path].forward(self.channels[channel], rtcp, packet)

    def send_packet(self, track: int, rtcp: int, packet: bytes) -> None:
        if track not in self.channels or self.writer.is_closing():
            return
        if self.writer.transport.get_write_buffer_size() > MOST_BUFFERED:
            self.close()
            return
        header = b"$" + bytes([self.channels[track] + rtcp]) + len(packet).to_bytes(2, "big")
        self.writer.write(header + packet)

    async def request(self, first: bytes) -> Request:
        head = (first + await self.reader.readuntil(b"\r\n\r\n")).decode(errors="replace")
        start, *lines = head.strip().split("\r\n")
        method, url, _ = start.split(" ", 2)
        headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        body = await self.reader.readexactly(int(headers.get("content-length", "0")))
        return Request(method, url, headers, body)

    def answer(self, request: Request) -> None:
        body = b""
        try:
            headers, body = getattr(self, f"on_{request.method.lower()}", self.unknown)(request)
            status = "200 OK"
        except Refused as refusal:
            status, headers = refusal.args[0], refusal.args[1] if len(refusal.args) > 1 else {}
        lines = [f"RTSP/1.0 {status}", f"CSeq: {request.headers.get('cseq', '0')}", f"Server: {NAME}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        if body:
            lines.append(f"Content-Length: {len(body)}")
        self.writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)

    def unknown(self, request: Request):
        raise Refused("501 Not Implemented")

    def on_options(self, request: Request):
        return {"Public": METHODS}, b""

    def on_get_parameter(self, request: Request):
        return {}, b""

    def on_announce(self, request: Request):
        self.authorize("publish", request.path, request)
        self.path = request.path
        self.announced = (request.body, controls_of(request.body))
        return {}, b""

    def on_describe(self, request: Request):
        self.authorize("read", request.path, request)
        stream = self.server.streams.get(request.path)
        if not stream:
            raise Refused("404 Not Found")
        return {"Content-Base": f"{request.url.rstrip('/')}/", "Content-Type": "application/sdp"}, stream.sdp

    def on_setup(self, request: Request):
        transport = request.headers.get("transport", "")
        if "RTP/AVP/TCP" not in transport:
            raise Refused("461 Unsupported Transport")
        channel = next(int(p[12:].split("-")[0]) for p in transport.split(";") if p.startswith("interleaved="))
        if self.announced:
            self.channels[channel] = self.track(self.announced[1], request)
        else:
            self.path, stream = self.stream_of(request)
            self.authorize("read", self.path, request)
            self.stream = stream
            self.channels[self.track(stream.controls, request)] = channel
        return {"Transport": transport, "Session": "standin"}, b""

    def stream_of(self, request: Request) -> "tuple[str, Stream]":
        for path, stream in self.server.streams.items():
            if request.path == path or request.path.startswith(path + "/"):
                return path, stream
        raise Refused("404 Not Found")

    @staticmethod
    def track(controls: "list[str]", request: Request) -> int:
        for number, control in enumerate(controls):
            if control and request.url.rstrip("/").endswith(control):
                return number
        raise Refused("404 Not Found")

    def on_record(self, request: Request):
        if not self.announced:
            raise Refused("455 Method Not Valid in This State")
        self.server.publish(self.path, Stream(*self.announced, self))
        self.recording = True
        return {"Session": "standin"}, b""

    def on_play(self, request: Request):
        if not self.stream:
            raise Refused("455 Method Not Valid in This State")
        self.stream.readers.add(self)
        return {"Session": "standin", "Range": "npt=0-"}, b""

    def on_teardown(self, request: Request):
        self.leave()
        return {}, b""

    def authorize(self, action: str, path: str, request: Request) -> None:
        if not self.server.has_path(path):
            raise Refused("404 Not Found")
        header = request.headers.get("authorization", "")
        if not self.server.access.allows(action, path, self.address, header):
            raise Refused("401 Unauthorized", {"WWW-Authenticate": 'Basic realm="stand-in"'})

    def leave(self) -> None:
        if self.recording:
            self.server.unpublish(self.path, self)
        if self.stream:
            self.stream.readers.discard(self)
        self.close()

    def close(self) -> None:
        self.writer.close()


async def serve_api(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """GET /v3/paths/list, with the fields of MediaMTX's answer that tell which paths are published."""
    request = (await reader.readuntil(b"\r\n\r\n")).decode(errors="replace").split(" ")
    items = [{"name": path, "ready": True} for path in sorted(server.streams)]
    body = json.dumps({"itemCount": len(items), "pageCount": 1, "items": items}).encode()
    status = "200 OK" if request[1].startswith("/v3/paths/list") else "404 Not Found"
    head = f"HTTP/1.1 {status}\r\nServer: {NAME}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    writer.write(head.encode() + b"\r\nConnection: close\r\n\r\n" + body)
    await writer.drain()
    writer.close()


def address_of(text: str) -> "tuple[str | None, int]":
    host, _, port = text.rpartition(":")
    return host.strip("[]") or None, int(port)


async def run(config: dict) -> None:
    server = Server(config)
    host, port = address_of(config.get("rtspAddress", ":8554"))
    listening = [await asyncio.start_server(lambda r, w: Session(server, r, w).serve(), host, port, limit=2**20)]
    if config.get("api"):
        host, port = address_of(config.get("apiAddress", ":9997"))
        listening.append(await asyncio.start_server(lambda r, w: serve_api(server, r, w), host, port))
    log(f"{NAME}: listening on {config.get('rtspAddress', ':8554')}, TCP only")
    await asyncio.gather(*(one.serve_forever() for one in listening))


def main() -> int:
    if sys.argv[1:] == ["--version"]:
        print(NAME)
        return 0
    import yaml

    config = yaml.safe_load(Path(sys.argv[1]).read_text(encoding="utf-8"))
    found = list(mistakes(config))
    if found:
        log(f"ERR: {found[0]}")
        return 1
    try:
        asyncio.run(run(config))
    except OSError as error:
        log(f"ERR: {error.strerror or error}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
