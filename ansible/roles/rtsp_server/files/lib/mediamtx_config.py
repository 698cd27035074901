#!/usr/bin/env python3
"""Refuses a mediamtx.yml that MediaMTX would refuse: keys that its version does not have, and values of another type.

Run by Ansible before the file replaces the old one, so that an error never reaches a running server. Keys that MediaMTX
still accepts for older files, but does not list in its reference configuration, are refused as well.

Usage: mediamtx_config.py FILE    (by a Python that has PyYAML: Ansible's own)
Exit codes: 0 valid, 1 not, with a line for each mistake on standard error.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

KEYS = Path(__file__).resolve().with_name("mediamtx-v1.20.1-keys.tsv")
# MediaMTX reads durations and sizes as strings ("10s", "50M").
TYPES = {"str": (str,), "bool": (bool,), "int": (int,), "float": (int, float), "list": (list,)}
UNSET = (str, type(None))  # what is empty by default is a string, once it is set
USER = {"user": str, "pass": (str, type(None)), "ips": list, "permissions": list}
PERMISSION = {"action": str, "path": (str, type(None))}
ACTIONS = {"publish", "read", "playback", "api", "metrics", "pprof"}
# MediaMTX's rule for the names of paths that are no regular expressions.
PATH_NAME = re.compile(r"[0-9a-zA-Z_\-/.~:@+!&=]+")


def known_keys() -> "dict[str, dict[str, str]]":
    """Section to key to the name of its type."""
    sections = {}
    for line in KEYS.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            section, key, kind, _ = line.split("\t")
            sections.setdefault(section, {})[key] = kind
    return sections


def mistakes(config: object) -> Iterator[str]:
    """A line for each; nothing where the configuration is valid."""
    if not isinstance(config, dict):
        yield "the file is no mapping of keys to values"
        return
    known = known_keys()
    settings = {key: value for key, value in config.items() if key not in ("paths", "pathDefaults")}
    yield from _section("", settings, known["global"])
    yield from _section("pathDefaults.", config.get("pathDefaults") or {}, known["path"])
    for name, path in (config.get("paths") or {}).items():
        if not str(name).startswith("~") and not PATH_NAME.fullmatch(str(name)):
            yield f"paths: {name!r} is no name for a path"
        yield from _section(f"paths.{name}.", path or {}, known["path"])
    for number, user in enumerate(config.get("authInternalUsers") or []):
        yield from _user(f"authInternalUsers[{number}]", user)


def _section(where: str, given: object, known: "dict[str, str]") -> Iterator[str]:
    if not isinstance(given, dict):
        yield f"{where.rstrip('.')} is no mapping of keys to values"
        return
    for key, value in given.items():
        if key not in known:
            yield f"{where}{key}: there is no such key in this version"
        elif not _fits(value, known[key]):
            yield f"{where}{key}: is {value!r}, but must be of the type {known[key].replace('NoneType', 'str')}"


def _fits(value: object, kind: str) -> bool:
    # In Python a bool is an int; in MediaMTX it is not.
    if isinstance(value, bool):
        return kind == "bool"
    return isinstance(value, TYPES.get(kind, UNSET))


def _user(where: str, user: object) -> Iterator[str]:
    yield from _mapping(where, user, USER)
    permissions = user.get("permissions") if isinstance(user, dict) else None
    for number, permission in enumerate(permissions if isinstance(permissions, list) else []):
        yield from _mapping(f"{where}.permissions[{number}]", permission, PERMISSION)
        if isinstance(permission, dict) and permission.get("action") not in ACTIONS:
            yield f"{where}.permissions[{number}].action: is {permission.get('action')!r}, not one of {sorted(ACTIONS)}"


def _mapping(where: str, given: object, known: dict) -> Iterator[str]:
    if not isinstance(given, dict):
        yield f"{where} is no mapping of keys to values"
        return
    for key, value in given.items():
        if key not in known:
            yield f"{where}.{key}: there is no such key in this version"
        # The value may be a secret: only its type is shown.
        elif not isinstance(value, known[key]):
            yield f"{where}.{key}: is of the type {type(value).__name__}, which it cannot be"


def main() -> int:
    import yaml  # here, because the tests' server brings a configuration of its own to this module

    found = list(mistakes(yaml.safe_load(Path(sys.argv[1]).read_text(encoding="utf-8"))))
    for mistake in found:
        print(mistake, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
