"""Every action of the workflows is pinned by its commit, says its version beside it, and the same one everywhere.

An attacker who takes over an action's repository can move a tag, but not a commit. Actions of this repository stay as
they are, and no workflow has a long-lived AWS key: roles are assumed by OIDC.
"""

import re
from collections.abc import Iterator

from files import ROOT, finish, repository_files

USES = re.compile(r"^\s*(?:- )?uses:\s*(\S+)\s*(?:#\s*(\S+))?")
PINNED = re.compile(r"([\w.-]+/[\w./-]+)@([0-9a-f]{40})")
VERSION = re.compile(r"v\d+\.\d+\.\d+")
KEYS = re.compile(r"aws-(access-key-id|secret-access-key)|AWS_SECRET_ACCESS_KEY|secrets\.AWS", re.IGNORECASE)


def findings() -> Iterator[str]:
    pins: dict[str, tuple[str, str]] = {}
    for name in repository_files():
        if name.parts[:2] != (".github", "workflows"):
            continue
        for number, line in enumerate((ROOT / name).read_text(encoding="utf-8").splitlines(), 1):
            if KEYS.search(line):
                yield f"{name}:{number}: a key of AWS's; roles are taken by OIDC"
            used = USES.match(line)
            if used and not used[1].startswith("./"):
                yield from (f"{name}:{number}: {wrong}" for wrong in _wrong_with(used[1], used[2] or "", pins))


def _wrong_with(action: str, version: str, pins: "dict[str, tuple[str, str]]") -> Iterator[str]:
    pinned = PINNED.fullmatch(action)
    if not pinned:
        yield f"{action} is not pinned by a commit of 40 hex digits"
        return
    if not VERSION.fullmatch(version):
        yield f"{pinned[1]} does not say its version as a comment: # v1.2.3"
    first = pins.setdefault(pinned[1], (pinned[2], version))
    if first != (pinned[2], version):
        yield f"{pinned[1]} is {pinned[2]} ({version}) here and {first[0]} ({first[1]}) elsewhere"


finish(findings())
