"""Stands for what an instance finds on AWS: the metadata service (IMDSv2 only) and S3's GET and PUT of objects.

Usage: fake_instance_services.py FOLDER [ADDRESS PORT]. Writes its port into FOLDER/port. A file FOLDER/metadata/PATH is
what the metadata service says (FOLDER/metadata-CLIENT/PATH, where there is that folder); FOLDER/s3/BUCKET/KEY is an
object. FOLDER/requests has each request's line.
"""

import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

FOLDER = Path(sys.argv[1])
TOKEN = "a-token"  # noqa: S105 # of a stand-in
NO_SUCH_KEY = b"<?xml version='1.0'?><Error><Code>NoSuchKey</Code><Message>The key does not exist.</Message></Error>"
DENIED = b"<?xml version='1.0'?><Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"


class Services(BaseHTTPRequestHandler):
    """Both in one: paths below /latest are the metadata service's."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._note()
        if not self.path.startswith("/latest/"):
            self._object()
        elif self.headers["X-aws-ec2-metadata-token"] != TOKEN:
            self._answer(401, b"")
        else:
            own = FOLDER / f"metadata-{self.client_address[0]}"
            self._file((own if own.is_dir() else FOLDER / "metadata") / self.path[len("/latest/") :], b"")

    def do_PUT(self) -> None:
        self._note()
        body = self.rfile.read(int(self.headers["Content-Length"] or 0))
        if self.path == "/latest/api/token":
            self._answer(200, TOKEN.encode())
        elif (FOLDER / "denied").exists():
            self._answer(403, DENIED)
        else:
            place = self._place()
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(body)
            self._answer(200, b"")

    def _object(self) -> None:
        if (FOLDER / "denied").exists():
            self._answer(403, DENIED)
        else:
            self._file(self._place(), NO_SUCH_KEY)

    def _place(self) -> Path:
        # As it stands in the address, but for what a key may not have as a file's name.
        return FOLDER / "s3" / unquote(self.path.partition("?")[0]).lstrip("/")

    def _file(self, path: Path, missing: bytes) -> None:
        if path.is_file():
            self._answer(200, path.read_bytes())
        elif path.is_dir():
            self._answer(200, "\n".join(sorted(one.name for one in path.iterdir())).encode())
        else:
            self._answer(404, missing)

    def _note(self) -> None:
        with (FOLDER / "requests").open("a") as requests:
            requests.write(f"{self.command} {self.path}\n")

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """What matters is in FOLDER/requests."""


address, port = sys.argv[2:] or ("127.0.0.1", "0")
server = ThreadingHTTPServer((address, int(port)), Services)
(FOLDER / "port").write_text(str(server.server_port))
server.serve_forever()
