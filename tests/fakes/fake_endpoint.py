"""A fake AWS endpoint for one run of publish with the real aws CLI: S3's PutObject and Lambda's Invoke only.

Usage: fake_endpoint.py FOLDER. Writes its port into FOLDER/port, each request's line and headers into FOLDER/requests,
the last invocation's payload into FOLDER/payload.json, and answers invocations with FOLDER/answer.json.
"""

import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

FOLDER = Path(sys.argv[1])
# What S3 sends when If-None-Match: * meets an object (the user guide's page on conditional writes).
FAILED_PRECONDITION = b"""<?xml version="1.0" encoding="UTF-8"?>
<Error><Code>PreconditionFailed</Code><Message>At least one of the pre-conditions you specified did not hold</Message>
<Condition>If-None-Match</Condition><RequestId>0</RequestId><HostId>0</HostId></Error>"""


class Endpoint(BaseHTTPRequestHandler):
    """Remembers the keys that were written."""

    protocol_version = "HTTP/1.1"
    written: "set[str]" = set()

    def do_PUT(self) -> None:
        self._read()
        if self.path in self.written and self.headers["If-None-Match"] == "*":
            self._answer(412, FAILED_PRECONDITION, "application/xml")
        else:
            self.written.add(self.path)
            self._answer(200, b"", "application/xml")

    def do_POST(self) -> None:
        (FOLDER / "payload.json").write_bytes(self._read())
        self._answer(200, (FOLDER / "answer.json").read_bytes(), "application/json")

    def _read(self) -> bytes:
        with (FOLDER / "requests").open("a") as requests:
            requests.write(f"{self.command} {self.path}\n{self.headers}")
        if self.headers["Expect"] == "100-continue":
            self.send_response_only(100)
            self.end_headers()
        return self.rfile.read(int(self.headers["Content-Length"] or 0))

    def _answer(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def handle_expect_100(self) -> bool:
        return True

    def log_message(self, *_: object) -> None:
        """What matters is in FOLDER/requests."""


server = HTTPServer(("127.0.0.1", 0), Endpoint)
(FOLDER / "port").write_text(str(server.server_port))
server.serve_forever()
