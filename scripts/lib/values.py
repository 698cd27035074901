"""Checks the values of an environment before they are published: what Terraform or an instance would refuse, or what
nobody would read, is refused here, by name and on every level.

Known are the section "terraform" (the type of modules/environment's variable "config") and, for each role of the tree
that has an argument_specs.yml, the variables that begin with the role's name. Other variables are the plays' own.
"""

import difflib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
READER = Path(__file__).with_name("read_yaml.py")
CONFIG = ROOT / "terraform/modules/environment/variables.tf"
# The providers' own, which the environments read and the module does not.
BESIDE_CONFIG = {"region": None, "account": None, "assume_role": None}
# Where a Python with yaml may be; scripts/test, scripts/demo and scripts/sandbox make the first three.
VENVS = ("venv", "demo-venv", "local-venv")
PYTHONS = (*(ROOT / ".gantry" / venv / "bin/python" for venv in VENVS), Path("/usr/bin/python3"))
NO_YAML = 3


class Wrong(Exception):
    """The values cannot be published; the message says what and why."""


def check(path: Path, content: bytes, tree: Path) -> None:
    """Raises Wrong with all that is wrong."""
    values = parsed(path, content)
    if values is None:
        return
    if not isinstance(values, dict):
        raise Wrong(f"{path}: is {_kind(values)}, and not names with values: each line is a name, a colon and a value")
    found = [*_terraform(values.get("terraform")), *_roles(values, tree)]
    if found:
        raise Wrong(f"{path}: {'; '.join(found)}")


def parsed(path: Path, content: bytes):
    """What the YAML says. By a Python that has yaml, or by Terraform: neither is everywhere."""
    for python in (Path(sys.executable), *PYTHONS):
        if python.is_file():
            done = subprocess.run([python, "-I", READER], check=False, input=content, capture_output=True)
            if done.returncode == 0:
                return json.loads(done.stdout)
            if done.returncode != NO_YAML:
                raise Wrong(f"{path}: is no YAML: {done.stderr.decode(errors='replace').strip()}")
    return _by_terraform(path, content)


def _by_terraform(path: Path, content: bytes):
    if not shutil.which("terraform"):
        raise Wrong(f"{path}: cannot be checked, because no Python here has yaml: install python3-yaml (or PyYAML)")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "values.yml").write_bytes(content)
        asked = 'jsonencode(yamldecode(file("values.yml")))'
        command = ["terraform", "console"]
        done = subprocess.run(command, check=False, cwd=folder, input=asked, capture_output=True, text=True)
    if done.returncode != 0:
        raise Wrong(f"{path}: is no YAML that Terraform reads: {' '.join(done.stderr.split())}")
    # The console shows the JSON as a quoted text.
    return json.loads(json.loads(done.stdout))


def _terraform(section) -> Iterator[str]:
    if section is not None and CONFIG.is_file():
        yield from _unknown("terraform", section, {**object_type(CONFIG.read_text("utf-8"), "config"), **BESIDE_CONFIG})


def _roles(values: dict, tree: Path) -> Iterator[str]:
    for specs in sorted(tree.glob("roles/*/meta/argument_specs.yml")):
        role = specs.parents[1].name
        known = dict.fromkeys(_names(specs.parents[1])) | _options_of(parsed(specs, specs.read_bytes()))
        own = {name: value for name, value in values.items() if str(name).startswith(f"{role}_")}
        yield from _unknown("", own, known)


def _options_of(specs) -> dict:
    points = specs.get("argument_specs", {}).values() if isinstance(specs, dict) else ()
    return {name: _shape(option) for point in points for name, option in (point.get("options") or {}).items()}


def _shape(option: dict) -> "dict | None":
    """What is known below an option; None for anything."""
    below = (option or {}).get("options")
    return {name: _shape(one) for name, one in below.items()} if below else None


def _names(role: Path) -> Iterator[str]:
    for folder in ("defaults", "vars"):
        for file in sorted(role.glob(f"{folder}/main.y*ml")):
            yield from parsed(file, file.read_bytes()) or ()


def _unknown(where: str, values, known: dict) -> Iterator[str]:
    """Names that nobody reads. Known is a tree of names; below None is anything."""
    for one in values if isinstance(values, list) else [values]:
        if one is None:
            continue
        if not isinstance(one, dict):
            yield f"{where} must be names with values ({', '.join(sorted(known))}), and is {_kind(one)}"
            continue
        for name, value in one.items():
            path = f"{where}.{name}".lstrip(".")
            if name not in known:
                close = difflib.get_close_matches(str(name), known, 1)
                yield f"{path} is read by nobody" + (f": is {close[0]} meant?" if close else "")
            elif known[name] is not None:
                yield from _unknown(path, value, known[name])


def _kind(value) -> str:
    return {str: "a text", list: "a list", bool: "true or false"}.get(type(value), "a number")


def object_type(text: str, variable: str) -> dict:
    """The names in the object type of a Terraform variable, with those below them; None for what is no object."""
    declared = text.partition(f'variable "{variable}"')[2].partition("type = ")[2]
    return _object(re.findall(r'"(?:[^"\\]|\\.)*"|[A-Za-z_][\w-]*|[-\d.]+|\S', re.sub(r"#[^\n]*", "", declared)))


def _object(words: "list[str]") -> "dict | None":
    """Reads an object's type from the beginning of the words."""
    if words[:2] == ["optional", "("]:
        return _object(words[2:])
    if words[:3] != ["object", "(", "{"]:
        return None
    known, depth = {}, 0
    for at, word in enumerate(words[3:], 3):
        depth += (word in "({[") - (word in ")}]")
        if depth < 0:
            break
        if depth == 0 and words[at + 1] == "=" and re.match(r"[A-Za-z_]", word):
            known[word] = _object(words[at + 2 :])
    return known
