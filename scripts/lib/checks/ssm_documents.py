"""The Command documents: valid for schema 2.2, within 64 KB, built from their sources, and without a parameter that
could put words into a script, on agents that know ENV_VAR and on those that substitute text."""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from files import ROOT, finish, repository_files, text_of

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import documents  # noqa: E402

# Systems Manager quotas.
MAX_BYTES = 64 * 1024
NAME = re.compile(r"(?!aws|amazon|amzn)[A-Za-z0-9_.-]{3,128}", re.IGNORECASE)
TYPES = {"String", "StringList", "Boolean", "Integer", "MapList", "StringMap"}
TOP = {"schemaVersion", "description", "parameters", "mainSteps"}
COMMON_INPUTS = {"onFailure", "onSuccess", "finallyStep"}
INPUTS = {
    "aws:downloadContent": {"sourceType", "sourceInfo", "destinationPath"},
    "aws:runShellScript": {"runCommand", "timeoutSeconds", "workingDirectory"},
}
# Where the same rule stands as in Gantry-ApplyAnsiblePlaybooks: parameter, file, and how it is found there.
_PLUS = r'"\s*\+\s*"'
_LITERAL = rf'"((?:[^"\\]|\\.|{_PLUS})+)"'
SAME_RULES = [
    (
        "PlaybookFile",
        "lambda/launch/src/main/java/dev/gantry/launch/fleet/Fleet.java",
        rf"PLAYBOOK =\s*Pattern\.compile\(\s*{_LITERAL}\)",
    ),
    ("PlaybookFile", "terraform/modules/fleet/variables.tf", rf"regex\({_LITERAL}, var\.playbook\)"),
    (
        "ExtraVariables",
        "lambda/launch/src/main/java/dev/gantry/launch/fleet/ExtraVariables.java",
        rf"HARDENED =\s*Pattern\.compile\(\s*{_LITERAL}\)",
    ),
    (
        "ExtraVariables",
        "terraform/modules/fleet/variables.tf",
        rf"regex\({_LITERAL}, trimspace\(var\.extra_variables\)\)",
    ),
]
REFERENCE = re.compile(r"\{\{ *([A-Za-z0-9_]+) *\}\}")
QUOTED_TEXT = re.compile(r"<<'(\w+)'[^\n]*\n(.*?)\n\1$", re.DOTALL | re.MULTILINE)
# The last command of a script, so that what ends a here-document too early is followed by nothing that runs.
LAST = re.compile(r"\Aexec [^\n]*<<'(\w+)'\n(?:[^\n]*\n)*?\1\n?\Z")
# What may never be in a value: a script on an old agent has it in its text.
HOSTILE = '$`\\"\n'
# A value that a pattern accepts, to be spoiled at each of its places.
ACCEPTED = {
    "PlaybookFile": ["playbook.yml", "site/a(1).yaml", "./.a/-b..yml"],
    "ExtraVariables": ["SSM=True", "a=1 b='x y' c=3"],
    "TimeoutSeconds": ["5", "3600", "172800"],
    "BundleSha256": ["0" * 64],
    "RunId": ["run-0123456789abcdef"],
    "AnsibleVersion": ["2.17", "2.17.14"],
    "WheelhouseUri": ["https://s3.eu-central-1.amazonaws.com/bucket/wheelhouses/" + "0" * 64 + ".zip"],
    "DiagnosticsUri": ["https://bucket.s3.eu-central-1.amazonaws.com/diagnostics/web%2520x"],
}


def findings() -> Iterator[str]:
    names = {path.stem for path in documents.SOURCES.glob("*.json")}
    for name in sorted(names | set(documents.NAMES)):
        shown = f"ssm-documents/{name}.json:1:"
        if name not in documents.NAMES or name not in names:
            yield f"{shown} is not both built and there (scripts/dev/build-documents)"
        else:
            yield from (f"{shown} {wrong}" for wrong in _in(name, documents.published(name).read_text("utf-8")))
    yield from (f"ssm-documents/{name}.json:1: is not what its sources say" for name in documents.outdated())
    yield from _unknown_names(names)
    yield from _other_rules()


def _other_rules() -> Iterator[str]:
    """What settings and Terraform accept is what the document accepts, word for word."""
    declared = json.loads(documents.published("Gantry-ApplyAnsiblePlaybooks").read_text("utf-8"))["parameters"]
    for parameter, path, pattern in SAME_RULES:
        rule = declared[parameter].get("allowedPattern", "")
        found = re.search(pattern, (ROOT / path).read_text("utf-8"))
        # Both languages write a backslash, and a quote, behind a backslash.
        other = re.sub(r"\\(.)", r"\1", re.sub(_PLUS, "", found.group(1))) if found else "nothing that this check finds"
        if other.strip("^$") != rule.strip("^$"):
            yield f"{path}:1: takes {other} as {parameter}, and Gantry-ApplyAnsiblePlaybooks takes {rule}"


def _in(name: str, text: str) -> Iterator[str]:
    document = json.loads(text)
    if not NAME.fullmatch(name):
        yield "has a name that AWS does not allow"
    if len(text.encode()) > MAX_BYTES:
        yield f"has {len(text.encode())} bytes, more than Systems Manager takes ({MAX_BYTES})"
    if document.get("schemaVersion") != "2.2" or not document.get("description") or set(document) - TOP:
        yield f"needs schemaVersion 2.2, a description, and nothing beside {sorted(TOP)}"
    parameters = document.get("parameters", {})
    for parameter, declared in parameters.items():
        yield from (f"{parameter}: {wrong}" for wrong in _wrong_with(parameter, declared, document["mainSteps"]))
    used = set(REFERENCE.findall(json.dumps(document["mainSteps"])))
    yield from (f"{unknown} is referred to, but not declared" for unknown in sorted(used - parameters.keys()))
    yield from _steps(document["mainSteps"])


def _wrong_with(name: str, declared: dict, steps: "list[dict]") -> Iterator[str]:
    used = REFERENCE.findall(json.dumps(steps))
    if declared.get("type") not in TYPES or not declared.get("description"):
        yield "needs a type and a description"
    if name not in used:
        yield "is used nowhere"
    in_scripts = any(name in REFERENCE.findall("\n".join(_script(step))) for step in steps)
    # AWS's own document keeps ENV_VAR away from what a download takes, and has it where a timeout does.
    elsewhere = any(name in REFERENCE.findall(json.dumps(_beside_scripts(step))) for step in steps)
    if elsewhere and "interpolationType" in declared:
        yield "is used outside of scripts: an agent might put $SSM_NAME there, so it must not be ENV_VAR"
    if in_scripts and (declared["type"] != "String" or "interpolationType" not in declared and not elsewhere):
        yield "is used in a script: it must be a String with interpolationType ENV_VAR"
    if declared["type"] == "String" and "allowedValues" not in declared:
        yield from _pattern(name, declared)
    elif in_scripts and any(character in value for value in declared["allowedValues"] for character in HOSTILE):
        yield "allows a value that could put words into a script"


def _pattern(name: str, declared: dict) -> Iterator[str]:
    pattern = declared.get("allowedPattern", "")
    if not pattern or name not in ACCEPTED:
        yield "needs allowedValues, or an allowedPattern with values for it in this check"
        return
    if not re.search(pattern, declared.get("default", "")):
        yield "has a default that its allowedPattern refuses"
    for value in ACCEPTED[name]:
        if not re.search(pattern, value):
            yield f"refuses {value!r}"
        for spoiled in (value[:at] + one + value[at:] for at in range(len(value) + 1) for one in HOSTILE):
            # A "$" also matches before a last line break, which a here-document takes as its own.
            if re.search(pattern, spoiled) and spoiled != value + "\n":
                yield f"accepts {spoiled!r}"


def _steps(steps: "list[dict]") -> Iterator[str]:
    names = [step.get("name") for step in steps]
    if len(set(names)) != len(names):
        yield "has two steps of one name"
    for step in steps:
        name, inputs = step.get("name"), step.get("inputs", {})
        if set(step) - {"action", "name", "inputs", "precondition"}:
            yield f"{name}: has what counts inside of inputs only, or what no step has"
        if set(inputs) - INPUTS.get(step.get("action"), set()) - COMMON_INPUTS:
            yield f"{name}: has an action or inputs that this check does not know"
        if inputs.get("finallyStep") and step is not steps[-1]:
            yield f"{name}: a finallyStep must be the last"
        if step.get("action") == "aws:runShellScript" and not inputs.get("timeoutSeconds"):
            yield f"{name}: has no timeoutSeconds"
        script = "\n".join(_script(step))
        if REFERENCE.search(QUOTED_TEXT.sub("", script)):
            yield f"{name}: a parameter stands outside of a quoted here-document"
        if any(REFERENCE.search(text[2]) and not LAST.search(text[0]) for text in _texts(script)):
            yield f"{name}: a here-document with parameters must be its script's end, and belong to an exec"


def _texts(script: str) -> "Iterator[tuple[str, str, str]]":
    """Each here-document with the line that it belongs to and all that follows, its end's word, and its text."""
    for match in QUOTED_TEXT.finditer(script):
        yield script[script.rfind("\n", 0, match.start()) + 1 :], match[1], match[2]


def _script(step: dict) -> "list[str]":
    return step["inputs"].get("runCommand", [])


def _beside_scripts(step: dict) -> dict:
    inputs = {name: value for name, value in step["inputs"].items() if name not in ("runCommand", "timeoutSeconds")}
    return {"inputs": inputs, "precondition": step.get("precondition")}


def _unknown_names(names: "set[str]") -> Iterator[str]:
    """A document that another language names is one that there is."""
    for path in repository_files():
        if path.suffix in (".java", ".tf", ".bash", ".bats") and (text := text_of(path)) is not None:
            for number, line in enumerate(text.splitlines(), 1):
                for found in re.findall(r"\bGantry-[A-Z][A-Za-z]+", line):
                    if found not in names:
                        yield f"{path}:{number}: there is no document {found}"


if not (ROOT / "ssm-documents").is_dir():
    sys.exit("there is no ssm-documents/")
finish(findings())
