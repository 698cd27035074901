"""Each role's argument_specs say what its defaults are: same names, same values, with a type and a description."""

from collections.abc import Iterator
from pathlib import Path

import yaml
from files import ROOT, finish


def findings() -> Iterator[str]:
    for role in sorted([*ROOT.glob("ansible/roles/*"), *ROOT.glob("examples/*/roles/*")]):
        if role.is_dir():
            yield from _in_role(role)


def _in_role(role: Path) -> Iterator[str]:
    shown = role.relative_to(ROOT)
    defaults = _yaml(role / "defaults/main.yml")
    specs = _yaml(role / "meta/argument_specs.yml").get("argument_specs", {})
    if "main" not in specs:
        yield f"{shown}/meta/argument_specs.yml:1: has no entry main"
        return
    options = specs["main"].get("options", {})
    for name in sorted(defaults.keys() - options.keys()):
        yield f"{shown}/meta/argument_specs.yml:1: {name} has a default but no specification"
    for name, option in options.items():
        yield from (f"{shown}/meta/argument_specs.yml:1: {name}: {wrong}" for wrong in _wrong(name, option, defaults))
        if not name.startswith(f"{role.name}_"):
            yield f"{shown}/meta/argument_specs.yml:1: {name} does not begin with the role's name"


def _wrong(name: str, option: dict, defaults: dict) -> Iterator[str]:
    for key in ("type", "description"):
        if key not in option:
            yield f"has no {key}"
    if ("default" in option) != (name in defaults):
        yield "has a default in one place only"
    elif option.get("default") != defaults.get(name):
        yield f"default {option.get('default')!r} here, {defaults.get(name)!r} in defaults/main.yml"
    if option.get("required") and "default" in option:
        yield "is required and has a default"


def _yaml(path: Path) -> dict:
    return (yaml.safe_load(path.read_text(encoding="utf-8")) or {}) if path.is_file() else {}


finish(findings())
