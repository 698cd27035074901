"""The commands of Markdown files: their fenced blocks marked "sh", in order.

A block that a test cannot run is preceded by a line "<!-- not run: REASON -->".

Usage: readme_blocks.py script FILE…   a shell script that runs them all in one shell, calling settle after each
       readme_blocks.py skips FILE…    FILE:LINE<tab>REASON of those that are not run
       readme_blocks.py same FILE FILE ends with 1 if the commands of two files differ, and shows how
"""

import difflib
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

NOT_RUN = re.compile(r"<!-- not run: (.+?) -->")
# Documents need some id; the test has an instance of its own.
EXAMPLE_INSTANCE = "i-0123456789abcdef0"


@dataclass(frozen=True)
class Block:
    """Where it stands, what it says, and why it is not run (empty if it is run)."""

    place: str
    text: str
    reason: str


def blocks(name: str) -> Iterator[Block]:
    reason, begin, body = "", 0, []
    for number, line in enumerate(Path(name).read_text(encoding="utf-8").splitlines(), 1):
        if begin and line == "```":
            yield Block(f"{Path(name).name}:{begin}", "\n".join(body), reason)
            reason, begin, body = "", 0, []
        elif begin:
            body.append(line)
        elif line == "```sh":
            begin = number
        elif line.strip():
            found = NOT_RUN.fullmatch(line.strip())
            reason = found[1] if found else ""


def script(names: "list[str]") -> None:
    print("set -euo pipefail")
    for name in names:
        for block in blocks(name):
            if not block.reason:
                print(f"echo '== {block.place}' >&2")
                # In single quotes, too: a JSON payload is where documents name an instance.
                print(block.text.replace(EXAMPLE_INSTANCE, "'\"$instance\"'" if "'{" in block.text else "$instance"))
                print("settle")


def same(one: str, other: str) -> int:
    texts = [[f"{b.text}\n(not run: {bool(b.reason)})" for b in blocks(name)] for name in (one, other)]
    split = ["\n".join(text).splitlines() for text in texts]
    difference = list(difflib.unified_diff(*split, one, other, lineterm=""))
    print("\n".join(difference))
    return 1 if difference or not texts[0] else 0


def skips(names: "list[str]") -> None:
    for name in names:
        for block in blocks(name):
            if block.reason:
                print(f"{block.place}\t{block.reason}")


def main() -> int:
    action, *names = sys.argv[1:] or [""]
    if action == "script" and names:
        script(names)
    elif action == "skips" and names:
        skips(names)
    elif action == "same" and len(names) == 2:
        return same(*names)
    else:
        print(__doc__, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
