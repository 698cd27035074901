"""AWS and Lambda's Runtime API on loopback for scripts/dev/bench-cold: TLS as real, answers that never change.

Each service has an address of its own, as on AWS, so that a client makes as many connections. What matters is when:
each call is recorded with the time at which its answer was sent.
"""

import base64
import hashlib
import json
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Optional

BUCKET = "bench-bucket"
GROUP = "web"
HOOK = "gantry"
BUNDLE = hashlib.sha256(b"a bundle").hexdigest()
SETTINGS = {"fleet": GROUP, "mode": "enforce", "document": {"name": "AWS-ApplyAnsiblePlaybooks", "version": "1"}}
RELEASE = {"current": BUNDLE, "lastGood": BUNDLE, "quarantined": {}, "launchSuspended": False, "suspension": "none"}
HOSTS = {"ssm": "127.0.0.2", "s3": "127.0.0.3", "autoscaling": "127.0.0.4", "sqs": "127.0.0.5"}
COMMAND = "11111111-2222-3333-4444-555555555555"
NAMESPACE = "http://autoscaling.amazonaws.com/doc/2011-01-01/"
# What a process may take to start, or to answer an invocation, before the bench gives up.
PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Request:
    """One HTTP request."""

    method: str
    path: str
    headers: "dict[str, str]"
    body: bytes


@dataclass(frozen=True)
class Answer:
    """One HTTP response."""

    status: int = 200
    body: bytes = b""
    headers: "dict[str, str]" = field(default_factory=dict)

    def bytes(self) -> bytes:
        """As it goes over the wire, in one piece."""
        lines = [f"HTTP/1.1 {self.status} {HTTPStatus(self.status).phrase}"]
        headers = {"Content-Length": str(len(self.body)), **self.headers}
        lines += [f"{name}: {value}" for name, value in headers.items()]
        return "\r\n".join([*lines, "", ""]).encode() + self.body


class Server:
    """HTTP/1.1 with kept connections, one thread for each."""

    def __init__(self, host: str, tls: Optional[ssl.SSLContext], answer: Callable[[Request], Answer]):
        self.answer = answer
        self.tls = tls
        self.listener = socket.create_server((host, 0), backlog=64)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self) -> None:
        while True:
            connection, _ = self.listener.accept()
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection: socket.socket) -> None:
        try:
            with self.tls.wrap_socket(connection, server_side=True) if self.tls else connection as secured:
                stream = secured.makefile("rb")
                while request := read(stream):
                    secured.sendall(self.answer(request).bytes())
        except OSError:
            # A client that was killed between two runs.
            pass


def read(stream) -> Optional[Request]:
    line = stream.readline().decode()
    if not line:
        return None
    method, path, _ = line.split(" ", 2)
    headers = {}
    while header := stream.readline().decode().rstrip("\r\n"):
        name, _, value = header.partition(":")
        headers[name.lower()] = value.strip()
    if headers.get("transfer-encoding", "") == "chunked":
        return Request(method, path, headers, chunks(stream))
    return Request(method, path, headers, stream.read(int(headers.get("content-length", "0"))))


def chunks(stream) -> bytes:
    body = b""
    while size := int(stream.readline().split(b";")[0], 16):
        body += stream.read(size)
        stream.readline()
    stream.readline()
    return body


@dataclass(frozen=True)
class Call:
    """One call of AWS."""

    operation: str
    at: float


class Aws:
    """The four services."""

    def __init__(self, certificate: Path, key: Path):
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(certificate, key)
        self.calls: "list[Call]" = []
        self.servers = {name: Server(host, tls, self.of(name)) for name, host in HOSTS.items()}

    def endpoint(self, service: str) -> str:
        return f"https://{HOSTS[service]}:{self.servers[service].port}"

    def of(self, service: str) -> Callable[[Request], Answer]:
        answer = {"ssm": systems_manager, "s3": s3, "autoscaling": scaling, "sqs": queues}[service]

        def answered(request: Request) -> Answer:
            operation, result = answer(request)
            self.calls.append(Call(operation, time.monotonic()))
            return result

        return answered


def systems_manager(request: Request) -> "tuple[str, Answer]":
    operation = request.headers["x-amz-target"].rpartition(".")[2]
    asked = json.loads(request.body)
    if operation == "DescribeInstanceInformation":
        ids = asked["Filters"][0]["Values"]
        ping = {"PingStatus": "Online", "LastPingDateTime": time.time(), "PlatformType": "Linux"}
        answer = {"InstanceInformationList": [{"InstanceId": i, **ping} for i in ids]}
    elif operation == "SendCommand":
        answer = {"Command": {"CommandId": COMMAND, "InstanceIds": asked["InstanceIds"], "Status": "Pending"}}
    else:
        answer = {"CommandInvocations": [], "Commands": []}
    return operation, Answer(200, json.dumps(answer).encode(), {"Content-Type": "application/x-amz-json-1.1"})


def scaling(request: Request) -> "tuple[str, Answer]":
    text = request.body.decode()
    operation = re.search(r"Action=(\w+)", text)[1]
    members = "".join(
        f"<member><InstanceId>{i}</InstanceId><AutoScalingGroupName>{GROUP}</AutoScalingGroupName>"
        "<AvailabilityZone>eu-central-1a</AvailabilityZone><LifecycleState>Pending:Wait</LifecycleState>"
        "<HealthStatus>HEALTHY</HealthStatus><ProtectedFromScaleIn>false</ProtectedFromScaleIn></member>"
        for i in re.findall(r"\bi-[0-9a-f]{17}", text)
    )
    body = (
        f'<{operation}Response xmlns="{NAMESPACE}"><{operation}Result><AutoScalingInstances>{members}'
        f"</AutoScalingInstances></{operation}Result></{operation}Response>"
    )
    return operation, Answer(200, body.encode(), {"Content-Type": "text/xml"})


def s3(request: Request) -> "tuple[str, Answer]":
    key = request.path.partition(f"/{BUCKET}/")[2].partition("?")[0]
    operation = f"S3 {request.method} {key.split('/')[0]}"
    if request.method == "PUT":
        return operation, Answer(200, b"", {"ETag": f'"{hashlib.sha256(request.body).hexdigest()}"'})
    if key.startswith("bundles/"):
        sums = {"x-amz-checksum-sha256": base64.b64encode(bytes.fromhex(BUNDLE)).decode()}
        return operation, Answer(200, b"", {"ETag": '"b"', "x-amz-checksum-type": "FULL_OBJECT", **sums})
    known = {f"fleets/{GROUP}/settings.json": SETTINGS, f"fleets/{GROUP}/release.json": RELEASE}.get(key)
    if known is None:
        missing = b"<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>"
        return operation, Answer(404, missing, {"Content-Type": "application/xml"})
    return operation, Answer(200, json.dumps(known).encode(), {"ETag": '"s"', "Content-Type": "application/json"})


def queues(request: Request) -> "tuple[str, Answer]":
    operation = request.headers.get("x-amz-target", "").rpartition(".")[2]
    return operation, Answer(200, b"{}", {"Content-Type": "application/x-amz-json-1.0"})


def event(number: int) -> bytes:
    """A batch of one launch event, as SQS hands it to a function."""
    detail = {
        "LifecycleActionToken": f"00000000-0000-0000-0000-{number:012d}",
        "AutoScalingGroupName": GROUP,
        "LifecycleHookName": HOOK,
        "EC2InstanceId": f"i-{number:017x}",
        "LifecycleTransition": "autoscaling:EC2_INSTANCE_LAUNCHING",
        "Origin": "EC2",
        "Destination": "AutoScalingGroup",
    }
    body = {
        "version": "0",
        "id": f"00000000-0000-0000-0000-{number:012d}",
        "detail-type": "EC2 Instance-launch Lifecycle Action",
        "source": "aws.autoscaling",
        "account": "123456789012",
        "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "region": "eu-central-1",
        "resources": [],
        "detail": detail,
    }
    record = {
        "messageId": f"m-{number}",
        "receiptHandle": "handle",
        "body": json.dumps(body),
        "attributes": {
            "ApproximateReceiveCount": "1",
            "SentTimestamp": "1700000000000",
            "SenderId": "AIDAEXAMPLE",
            "ApproximateFirstReceiveTimestamp": "1700000000001",
        },
        "messageAttributes": {},
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:eu-central-1:123456789012:gantry-launches",
        "awsRegion": "eu-central-1",
    }
    return json.dumps({"Records": [record]}).encode()


@dataclass
class Invocation:
    """One invocation: when it was handed out and when it was answered."""

    handed: float
    answered: float = 0.0
    error: str = ""


class Lambda:
    """The Runtime API for one process at a time: hands out so many invocations, one after another."""

    def __init__(self) -> None:
        self.server = Server("127.0.0.1", None, self.answer)
        self.reset(0)

    def reset(self, wanted: int) -> None:
        self.wanted = wanted
        self.invocations: "list[Invocation]" = []
        self.restored: Optional[float] = None
        self.done = threading.Event()
        self.failure = ""

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server.port}"

    def answer(self, request: Request) -> Answer:
        if request.path.endswith("/invocation/next"):
            return self.next()
        if request.path.endswith("/restore/next"):
            self.restored = time.monotonic()
            return Answer(200, b"{}", {"Content-Type": "application/json"})
        if request.path.endswith("/response"):
            self.invocations[-1].answered = time.monotonic()
            return Answer(202)
        self.failure = f"{request.path}: {request.body.decode(errors='replace')[:1000]}"
        self.done.set()
        return Answer(202)

    def next(self) -> Answer:
        if len(self.invocations) >= self.wanted:
            self.done.set()
            # The process is killed meanwhile.
            threading.Event().wait(PATIENCE_SECONDS)
            raise ConnectionError("no more invocations")
        number = len(self.invocations) + 1
        self.invocations.append(Invocation(time.monotonic()))
        headers = {
            "Content-Type": "application/json",
            "Lambda-Runtime-Aws-Request-Id": f"00000000-0000-0000-0000-{number:012d}",
            "Lambda-Runtime-Deadline-Ms": str(int(time.time() * 1000) + 60_000),
            "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:eu-central-1:123456789012:function:gantry",
            "Lambda-Runtime-Trace-Id": "Root=1-00000000-000000000000000000000000;Parent=0000000000000000;Sampled=0",
        }
        return Answer(200, event(number), headers)
