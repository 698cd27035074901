#!/usr/bin/env python3
"""Serves the folder srv of a local instance over HTTP: serve.py FOLDER ADDRESS PORT start|restart.

Returns when the service listens (prints "started"), when it has been running already (prints "runs"), or with 1 and the
reason. The service itself is a process of the same user in a session of its own, so that it outlives the playbook.
"""

import functools
import http.server
import os
import signal
import sys
from pathlib import Path


def running(pid_file: Path) -> int:
    """The service's pid, 0 where it does not run. Its command line tells it from another process with the same pid."""
    try:
        pid = int(pid_file.read_text())
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except (OSError, ValueError):
        return 0
    return pid if os.fsencode(Path(__file__).resolve()) in words else 0


def end(pid: int) -> None:
    """Returns when it is gone, so that its port is free again."""
    os.kill(pid, signal.SIGTERM)
    while Path(f"/proc/{pid}/cmdline").exists() and Path(f"/proc/{pid}/cmdline").read_bytes():
        os.sched_yield()


def detach(log: Path) -> None:
    """A session of its own, and nothing held of what the playbook waits for."""
    os.setsid()
    with Path(os.devnull).open("rb") as nothing, log.open("ab") as words:
        os.dup2(nothing.fileno(), 0)
        os.dup2(words.fileno(), 1)
        os.dup2(words.fileno(), 2)


def main() -> int:
    folder, address, port, wish = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4]
    pid_file = folder / "service.pid"
    pid = running(pid_file)
    if pid and wish == "start":
        print("runs")
        return 0
    if pid:
        end(pid)
    pages = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(folder / "srv"))
    try:
        server = http.server.ThreadingHTTPServer((address, port), pages)
    except OSError as error:
        print(f"the service cannot listen on {address}:{port}: {error.strerror}", file=sys.stderr)
        return 1
    pid = os.fork()
    if pid:
        pid_file.write_text(f"{pid}\n")
        print("started")
        return 0
    detach(folder / "service.log")
    server.serve_forever()
    return 0


if __name__ == "__main__":
    sys.exit(main())
