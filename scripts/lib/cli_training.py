"""Answers as AWS does while one command runs, so that what it loads then gets into its class data archive.

Usage: cli_training.py RECORD COMMAND…; the address replaces ENDPOINT in the command, RECORD is a file of the ledger.
One instance of one fleet waits; everything that is not named here is not there.
"""

import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

INSTANCE = "i-0123456789abcdef0"
RECORD = Path(sys.argv[1]).read_bytes()
ACTIONS = {
    "DescribeAutoScalingInstances": f"<AutoScalingInstances><member><InstanceId>{INSTANCE}</InstanceId>"
    "<AutoScalingGroupName>web</AutoScalingGroupName><LifecycleState>Pending:Wait</LifecycleState></member>"
    "</AutoScalingInstances>",
    "DescribeLifecycleHooks": "<LifecycleHooks><member><LifecycleHookName>gantry</LifecycleHookName>"
    "<LifecycleTransition>autoscaling:EC2_INSTANCE_LAUNCHING</LifecycleTransition></member></LifecycleHooks>",
}
OBJECTS = {
    "settings.json": b'{"fleet":"web","hook":"gantry","mode":"enforce","document":{"name":"AWS-X","version":"1"}}',
    "release.json": b'{"current":"' + b"ab" * 32 + b'","quarantined":{}}',
    f"{INSTANCE}.json": RECORD,
}


class Aws(BaseHTTPRequestHandler):
    """Auto Scaling's query protocol, Systems Manager's JSON, and S3's objects."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        name = self.path.partition("?")[0].rpartition("/")[2]
        if name in OBJECTS:
            self.reply(200, OBJECTS[name])
        else:
            self.reply(404, b"<Error><Code>NoSuchKey</Code><Message>none</Message></Error>")

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"] or 0)).decode()
        if self.headers["X-Amz-Target"]:
            self.reply(200, b"{}")
            return
        action = body.partition("Action=")[2].partition("&")[0]
        inside = ACTIONS.get(action, "")
        self.reply(200, f"<{action}Response><{action}Result>{inside}</{action}Result></{action}Response>".encode())

    def reply(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("ETag", '"1"')
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """No log is kept."""


class Server(ThreadingHTTPServer):
    """A client that closes its connection is no error."""

    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """The command says itself what it missed."""


server = Server(("127.0.0.1", 0), Aws)
threading.Thread(target=server.serve_forever, daemon=True).start()
address = f"http://127.0.0.1:{server.server_port}"
sys.exit(subprocess.run([word.replace("ENDPOINT", address) for word in sys.argv[2:]], check=False).returncode)
