"""Applies a bundle to this instance: python3 -I gantry_apply [DOWNLOADS] < OPTIONS, where DOWNLOADS is the folder with
the bundle; the working folder where it is not given.

Options are NAME=value lines (options.py). The first line of standard output is the result as JSON, the rest the end of
Ansible's output; the exit code is the result's kind (results.py). What a run is: runs.py.
"""

import os
import sys
import traceback
from pathlib import Path

import options
import surroundings
from results import OUTPUT_LIMIT, Failed, Fault, Kind, Report, end_of, line
from runs import Run


def main(arguments: "list[str]") -> int:
    os.umask(0o077)
    report = Report()
    try:
        downloads = Path(*arguments[:1]).absolute()
        wanted = options.read(sys.stdin.read().split("\n"), os.environ)
        surroundings.enter()
        home = Path(os.environ.get("GANTRY_HOME", "/var/lib/gantry"))
        return tell(*Run(wanted, home, downloads, report).go())
    except Failed as failure:
        return tell(report.failed(failure), "")
    except Exception as error:
        # The edge of the program: whatever happens, the caller needs a result line.
        traceback.print_exc()
        message = f"the run cannot work on this instance: {type(error).__name__}: {error}"
        return tell(report.failed(Failed(Kind.INTERNAL, Fault.INSTANCE, message)), "")


def tell(result: dict, tail: str) -> int:
    """The line, and as much of the output's end as Run Command keeps behind it."""
    first = line(result)
    # In UTF-8 whatever the locale says: an agent's service may have none.
    sys.stdout.buffer.write(f"{first}\n{end_of(tail, OUTPUT_LIMIT - len(first))}".encode(errors="replace"))
    sys.stdout.flush()
    return result["exit"]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
