"""A fake AWS endpoint for the tests of gantry publish: S3's PutObject, Lambda's Invoke, STS's GetCallerIdentity only.

Usage: fake_endpoint.py FOLDER. Writes its port into FOLDER/port, each request's line and headers into FOLDER/requests,
objects below FOLDER/objects, the last invocation's payload into FOLDER/payload.json, and answers invocations with
FOLDER/answer.json. Each line of FOLDER/put-errors is an error that one PutObject gets; PutObject waits as long
as there is FOLDER/wait; with FOLDER/no-function there is no function, with FOLDER/function-error it throws.
"""

import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

FOLDER = Path(sys.argv[1])
STATUS = {"PreconditionFailed": 412, "ConditionalRequestConflict": 409, "AccessDenied": 403}
IDENTITY = b"""<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
<Arn>arn:aws:iam::111122223333:user/ann</Arn><UserId>A</UserId><Account>111122223333</Account>
</GetCallerIdentityResult></GetCallerIdentityResponse>"""


class Endpoint(BaseHTTPRequestHandler):
    """One run of tests has one of these."""

    protocol_version = "HTTP/1.1"

    def do_PUT(self) -> None:
        body = self._read()
        while (FOLDER / "wait").exists():
            time.sleep(0.05)
        # The key is decoded once, as S3 does; the rest is the key's own.
        place = FOLDER / "objects" / unquote(self.path).lstrip("/")
        code = self._planned_error()
        if not code and place.exists() and self.headers["If-None-Match"] == "*":
            code = "PreconditionFailed"
        if code:
            text = f"<Error><Code>{code}</Code><Message>as the test wants</Message></Error>"
            self._answer(STATUS[code], text.encode(), "application/xml")
        else:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(body)
            self._answer(200, b"", "application/xml")

    @staticmethod
    def _planned_error() -> str:
        plan = FOLDER / "put-errors"
        lines = plan.read_text().split() if plan.exists() else []
        plan.write_text("\n".join(lines[1:]))
        return lines[0] if lines else ""

    def do_POST(self) -> None:
        body = self._read()
        if self.path == "/":
            self._answer(200, IDENTITY, "text/xml")
        elif (FOLDER / "no-function").exists():
            headers = {"x-amzn-ErrorType": "ResourceNotFoundException"}
            self._answer(404, b'{"Type":"User","Message":"Function not found"}', "application/json", headers)
        else:
            (FOLDER / "payload.json").write_bytes(body)
            headers = {"X-Amz-Function-Error": "Unhandled"} if (FOLDER / "function-error").exists() else {}
            self._answer(200, (FOLDER / "answer.json").read_bytes(), "application/json", headers)

    def _read(self) -> bytes:
        with (FOLDER / "requests").open("a") as requests:
            requests.write(f"{self.command} {self.path}\n{self.headers}")
        if self.headers["Expect"] == "100-continue":
            self.send_response_only(100)
            self.end_headers()
        body = self.rfile.read(int(self.headers["Content-Length"] or 0))
        return self._unchunked(body) if "aws-chunked" in (self.headers["Content-Encoding"] or "") else body

    @staticmethod
    def _unchunked(body: bytes) -> bytes:
        """SDKs sign an object in chunks: its size in hex and a signature, a line's end, the bytes, a line's end."""
        whole = b""
        while body:
            head, _, rest = body.partition(b"\r\n")
            size = int(head.partition(b";")[0] or b"0", 16)
            whole, body = whole + rest[:size], rest[size + 2 :] if size else b""
        return whole

    def _answer(self, status: int, body: bytes, kind: str, headers: "dict[str, str] | None" = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def handle_expect_100(self) -> bool:
        return True

    def log_message(self, *_: object) -> None:
        """What matters is in FOLDER/requests."""


class Server(ThreadingHTTPServer):
    """A client that has gone, as each command does at its end, is no error."""

    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(*_)


server = Server(("127.0.0.1", 0), Endpoint)
(FOLDER / "port").write_text(str(server.server_port))
server.serve_forever()
