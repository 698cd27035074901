"""Loads the aws command once, and forks a process for each call of helpers/bin/aws: aws_server.py SOCKET

It ends with the process that started it.
"""

import array
import ctypes
import json
import os
import signal
import socket
import sys
import traceback
from pathlib import Path

import awscli.clidriver

PR_SET_PDEATHSIG = 1
# Importing the command sets it.
DATA = os.environ["AWS_DATA_PATH"]


def load() -> None:
    """What a call imports only when it needs a client."""
    session = awscli.clidriver.create_clidriver().session
    session.create_client("sts", "eu-central-1")


def serve(path: str) -> None:
    # The children's end is not waited for.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(f"{path}.new")
        listener.listen(64)
        # From now on it answers.
        Path(f"{path}.new").rename(path)
        while True:
            client, _ = listener.accept()
            if os.fork() == 0:
                listener.close()
                run(client)
            client.close()


def run(client: socket.socket) -> None:
    """As the process of the caller: its streams, environment and folder."""
    _, ancillary, _, _ = client.recvmsg(1, socket.CMSG_SPACE(3 * array.array("i").itemsize))
    streams = array.array("i", ancillary[0][2])
    call = json.loads(b"".join(iter(lambda: client.recv(65536), b"")))
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.chdir(call["folder"])
    os.environ.clear()
    os.environ.update({**call["environment"], "AWS_DATA_PATH": DATA})
    sys.argv = ["aws", *call["arguments"]]
    code = 255
    try:
        code = awscli.clidriver.main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        client.sendall(str(code).encode())
        os._exit(code)


if __name__ == "__main__":
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    load()
    serve(sys.argv[1])
