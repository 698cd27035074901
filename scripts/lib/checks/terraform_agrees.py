"""Terraform says the same as the code: environment variables, handlers, metrics, events, permissions.

Rules' patterns are in terraform/tests/rules.json, which the modules' tests compare with, too; actions that no call of
the SDK names are in docs/operations/permissions.md with their reason.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

from files import ROOT, finish

MODULES = ROOT / "terraform/modules"
FUNCTION = ROOT / "lambda/function/src/main/java/dev/gantry/function"
EXAMPLE = ROOT / "sandbox/src/main/java/dev/gantry/sandbox/ExampleFleet.java"
PERMISSIONS = ROOT / "docs/operations/permissions.md"

# The SDK's methods of lambda/aws and the actions that IAM knows them by; two of S3 have other names.
SERVICES = {"autoScaling": "autoscaling", "ssm": "ssm", "sender": "ssm", "s3": "s3", "sqs": "sqs"}
OTHER_NAMES = {
    "s3:GetObjectAsBytes": "s3:GetObject",
    "s3:HeadObject": "s3:GetObject",
    "s3:ListObjectsV2": "s3:ListBucket",
    "sqs:ChangeMessageVisibilityBatch": "sqs:ChangeMessageVisibility",
}
CALL = re.compile(r"\b(autoScaling|ssm|sender|s3|sqs)\s*\.([a-z]\w+)\(")
# Our own methods on variables with a client's name.
NO_CALLS = {"close", "value", "send"}
ACTION = re.compile(r'"((?:autoscaling|ssm|s3|sqs|kms|logs):(?!ViaService)[A-Z][a-z]\w+)"')


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def environment() -> Iterator[str]:
    code = set(re.findall(r'"(GANTRY_\w+)"', text(FUNCTION / "FunctionConfig.java")))
    block = text(MODULES / "launch_function/main.tf").partition("environment = {")[2].partition("}")[0]
    yield from differences("environment variables", code, set(re.findall(r"(GANTRY_\w+)\s*=", block)))


def handlers() -> Iterator[str]:
    code = {path.stem for path in FUNCTION.glob("*Handler.java")}
    files = "".join(text(path) for path in (MODULES / "launch_function").glob("*.tf"))
    yield from differences("handlers", code, set(re.findall(r"\.(\w+Handler)::handleRequest", files)))


def metrics() -> Iterator[str]:
    types = text(ROOT / "lambda/launch/src/main/java/dev/gantry/launch/port/EventType.java")
    emitted = set(re.findall(r'Telling\.\w+,\s*"([A-Z]\w+)"', types))
    files = "".join(text(path) for path in sorted((MODULES / "observability").glob("*.tf")))
    counts = "".join(re.findall(r"(?:fleet_counts|counts) = \{(.*?)\n  \}", files, re.DOTALL))
    used = set(re.findall(r"^\s+([A-Z]\w+)\s+= \"", counts, re.MULTILINE))
    used |= set(re.findall(r'local\.namespace, "(\w+)"', files))
    used |= set(re.findall(r'namespace\s+= local\.namespace\s+metric_name\s+= "(\w+)"', files))
    for names in re.findall(r"for metric in \[([^\]]+)\] : \[\[local", files):
        used |= set(re.findall(r"\w+", names))
    used |= {name for pair in re.findall(r'= \{ proceeded = "(\w+)", abandoned = "(\w+)" \}', files) for name in pair}
    made_here = set(re.findall(r'^\s+name\s+= "([A-Z]\w+)"', files, re.MULTILINE))
    for name in sorted(used - emitted - made_here):
        yield f"terraform/modules/observability: no function emits the metric {name}"
    for name in sorted(emitted - used):
        yield f"terraform/modules/observability: nothing shows the metric {name}"


def events() -> Iterator[str]:
    source = text(EXAMPLE)
    rules = json.loads(text(ROOT / "terraform/tests/rules.json"))
    for rule, constant in (("launch", "LAUNCHES"), ("commands", "COMMANDS"), ("spot", "SPOT")):
        block = re.search(rf'String {constant} =\s+"""(.*?)"""', source, re.DOTALL)
        if block is None or json.loads(block[1]) != rules[rule]:
            yield f"terraform/tests/rules.json: {rule} differs from {constant} of the sandbox's ExampleFleet"


def called() -> "set[str]":
    actions = set()
    for path in sorted((ROOT / "lambda/aws/src/main/java").glob("**/*.java")):
        source = re.sub(r"\bs3\s*\n\s*\.", "s3.", re.sub(r"\b(ssm|autoScaling)\s*\n\s*\.", r"\1.", text(path)))
        for client, method in CALL.findall(source):
            if method in NO_CALLS or method.endswith("Code"):
                continue
            name = method.removesuffix("Paginator")
            action = f"{SERVICES[client]}:{name[0].upper()}{name[1:]}"
            actions.add(OTHER_NAMES.get(action, action))
    return actions


def permissions() -> Iterator[str]:
    allowed = set(ACTION.findall("".join(text(path) for path in (MODULES / "launch_function").glob("*.tf"))))
    allowed |= set(ACTION.findall(text(MODULES / "fleet_policy/main.tf")))
    calls = called()
    explained = set(re.findall(r"`([a-z0-9]+:[A-Z]\w+)`", text(PERMISSIONS).partition("## The pipeline's role")[0]))
    for action in sorted(calls - allowed):
        yield f"terraform/modules: the functions call {action}, and no policy allows it"
    for action in sorted(allowed - calls - explained):
        yield f"docs/operations/permissions.md: {action} is allowed and never called; say why, or take it away"
    for action in sorted(explained - allowed):
        yield f"docs/operations/permissions.md: {action} needs no explanation: it is not allowed"


def differences(what: str, code: "set[str]", terraform: "set[str]") -> Iterator[str]:
    for name in sorted(code - terraform):
        yield f"terraform/modules: {what}: {name} is missing"
    for name in sorted(terraform - code):
        yield f"terraform/modules: {what}: the code has no {name}"


def findings() -> Iterator[str]:
    for check in (environment, handlers, metrics, events, permissions):
        yield from check()


finish(findings())
