"""The shape of an answer or an event: which fields it has, and of which form, without their values.

A shape maps paths ($.Instances[].InstanceId) to the forms that were seen there. Two clouds agree if their shapes do:
ids, times and names may differ, their forms may not.
"""

import re
from collections.abc import Iterator
from typing import Any

UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
# The first form that fits. The two versions of the CLI show a time in different ways.
FORMS = (
    ("time", re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)?")),
    ("duration", re.compile(r"PT[\d.]+S")),
    ("instance id", re.compile(r"i-[0-9a-f]{17}")),
    ("ami id", re.compile(r"ami-[0-9a-f]{8,17}")),
    ("uuid", re.compile(UUID)),
    ("arn of {0}", re.compile(r"arn:aws:(\w+):[\w-]*:\d*:.*")),
    ("account", re.compile(r"\d{12}")),
    ("zone", re.compile(r"[a-z]{2}-[a-z]+-\d[a-z]")),
    ("region", re.compile(r"[a-z]{2}-[a-z]+-\d")),
    ("number as text", re.compile(r"-?\d+(\.\d+)?")),
    ("address", re.compile(r"\d{1,3}(\.\d{1,3}){3}")),
    ("url", re.compile(r"https?://\S*")),
    ("empty text", re.compile(r"")),
)
# Words with a fixed meaning: values of an enumeration, error codes, names of documents.
WORD = re.compile(r"[A-Z][A-Za-z]*|[A-Z]\w*(:\w+)+|aws[.:]\w+|autoscaling:\w+|AWS-\w+|EC2 [\w -]+")
# Fields whose text is free: their words are not compared. So are versions and the names of images.
FREE = re.compile(r"\.(AgentVersion|PlatformName|PlatformVersion|ComputerName|InstanceType|Cause|Description|Message)$")

Shape = "dict[str, list[str]]"


def shape(value: Any) -> Shape:
    found: dict[str, set[str]] = {}
    for path, form in _walk("$", value):
        found.setdefault(path, set()).add(form)
    return {path: sorted(forms) for path, forms in sorted(found.items())}


def _walk(path: str, value: Any) -> "Iterator[tuple[str, str]]":
    if isinstance(value, dict):
        yield path, "object"
        for key, inner in value.items():
            yield from _walk(f"{path}.{key}", inner)
    elif isinstance(value, list):
        yield path, "list" if value else "empty list"
        for inner in value:
            yield from _walk(f"{path}[]", inner)
    else:
        yield path, _form(path, value)


def _form(path: str, value: Any) -> str:
    if isinstance(value, bool):
        return "yes or no"
    if value is None:
        return "null"
    if isinstance(value, (int, float)):
        # Version 1 of the CLI shows some times as seconds.
        return "time" if re.search(r"(Time|Date)\w*$", path) else "number"
    for name, form in FORMS:
        found = form.fullmatch(value)
        if found:
            return name.format(*found.groups())
    return f"the word {value}" if WORD.fullmatch(value) and not FREE.search(path) else "text"


def differences(here: Shape, there: Shape, names: "tuple[str, str]") -> "Iterator[str]":
    """What two shapes of the same thing have that the other has not."""
    for path in sorted(here.keys() | there.keys()):
        if path not in there:
            yield f"{path}: {names[0]} only ({', '.join(here[path])})"
        elif path not in here:
            yield f"{path}: {names[1]} only ({', '.join(there[path])})"
        elif here[path] != there[path]:
            yield f"{path}: {names[0]} {', '.join(here[path])}; {names[1]} {', '.join(there[path])}"
