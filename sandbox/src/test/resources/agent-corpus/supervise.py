"""Starts a script as the SSM agent does, in a process group of its own, and writes down how it ended.

Java cannot tell a shell that ended with 137 from one that a signal killed, and the agent makes something else of each.
"""

import os
import sys
from pathlib import Path

SHELL = "/usr/bin/sh"


def main(folder: str, script: str, pid: str, end: str) -> None:
    try:
        os.chdir(folder)
    except OSError as error:
        Path(end).write_text(f"unstarted {os.strerror(error.errno).lower()}")
        return
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        os.execv(SHELL, ["sh", "-c", script])  # noqa: S606
    Path(pid + ".new").write_text(str(child))
    Path(pid + ".new").rename(pid)
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (1, 2):
        os.dup2(nothing, stream)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    Path(end).write_text(f"signalled {-code}" if code < 0 else f"exited {code}")


main(*sys.argv[1:])
