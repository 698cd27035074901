"""Applies a bundle to this instance: python3 gantry_apply < OPTIONS, in the folder with the downloads.

Options are NAME=value lines (options.py). The first line of standard output is the result as JSON, the rest the end of
Ansible's output; the exit code is the result's kind (results.py). What a run is: runs.py.
"""

import os
import sys
import traceback
from pathlib import Path

import options
from results import Failed, Fault, Kind, Report, line
from runs import Run


def main() -> int:
    os.umask(0o077)
    report = Report()
    try:
        wanted = options.read(sys.stdin.read().split("\n"), os.environ)
        return tell(*Run(wanted, Path(os.environ.get("GANTRY_HOME", "/var/lib/gantry")), report).go())
    except Failed as failure:
        return tell(report.failed(failure), "")
    except Exception as error:
        # The edge of the program: whatever it is, somebody waits for a line.
        traceback.print_exc()
        message = f"the run cannot work on this instance: {type(error).__name__}: {error}"
        return tell(report.failed(Failed(Kind.INTERNAL, Fault.INSTANCE, message)), "")


def tell(result: dict, tail: str) -> int:
    print(line(result))
    print(tail, end="", flush=True)
    return result["exit"]


if __name__ == "__main__":
    sys.exit(main())
