"""Compares the metrics that alarms, dashboard and log filters use with those that the functions really emit.

Also every alarm with its page in docs/operations/alarms.md.

A metric in the namespace Gantry must be one that the type of a log line declares (EventType.java), with dimensions
that it was seen with: an alarm on other dimensions never sees a value. A log filter must match lines that there are,
by fields that they have. Metrics that the tests never provoked are listed.

Usage: metrics.py RENDERED FOLDER ZIP
  RENDERED  what `terraform test -json -verbose` in tests/rendered printed
  FOLDER    what the functions logged, a file for each zip and process
  ZIP       the functions' package; lines of other packages are left out
Exit codes: 0 they agree, 1 they differ, 2 wrong arguments, 3 there is nothing of this zip.
"""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))
from rendered import Unusable, lines, resources  # noqa: E402

ROOT = Path(__file__).resolve().parents[3]
TYPES = ROOT / "lambda/launch/src/main/java/dev/gantry/launch/port/EventType.java"
ALARMS = ROOT / "docs/operations/alarms.md"
NAMESPACE = "Gantry"
COUNTS = re.compile(r"Telling\.\w+,\s*\"([A-Z]\w+)\"")
FILTER = re.compile(r"\{ \$\.log_type = \"([a-z_]+)\" \}")

# Emitted by the functions, but by no end-to-end test: a list of groups or fleets would have to be refused for a missing
# permission, which would disturb every other scenario.
UNPROVOKED = {("Misconfigured", ("environment",))}

# A metric's name, its dimensions, and who uses it.
Use = "tuple[str, tuple[str, ...], str]"


def counted() -> "set[str]":
    """The metrics of the code."""
    return set(COUNTS.findall(TYPES.read_text(encoding="utf-8")))


def used(rendered: "list[dict[str, Any]]") -> "Iterator[Use]":
    for resource in rendered:
        values, who = resource["values"], resource["address"]
        if resource["type"] == "aws_cloudwatch_metric_alarm":
            yield from _of_alarm(values, who)
        elif resource["type"] == "aws_cloudwatch_dashboard":
            yield from _of_dashboard(json.loads(values["dashboard_body"]), who)


def _of_alarm(values: "dict[str, Any]", who: str) -> "Iterator[Use]":
    asked = [values, *(metric for query in values.get("metric_query") or [] for metric in query.get("metric") or [])]
    for metric in asked:
        if metric.get("namespace") == NAMESPACE:
            yield metric["metric_name"], tuple(sorted(metric.get("dimensions") or {})), who


def _of_dashboard(body: "dict[str, Any]", who: str) -> "Iterator[Use]":
    for widget in body["widgets"]:
        for metric in widget["properties"].get("metrics", []):
            words = [word for word in metric if isinstance(word, str)]
            if words[0] == NAMESPACE:
                yield words[1], tuple(sorted(words[2::2])), f"{who}, {widget['properties']['title']}"


def filtered(rendered: "list[dict[str, Any]]", fields: "dict[str, set[str]]") -> "Iterator[tuple[Use, list[str]]]":
    """The metrics that log filters make, and what is wrong with each."""
    for resource in rendered:
        if resource["type"] != "aws_cloudwatch_log_metric_filter":
            continue
        values = resource["values"]
        for made in values["metric_transformation"]:
            wanted = [made["value"], *(made.get("dimensions") or {}).values()]
            yield (
                (made["name"], tuple(sorted(made.get("dimensions") or {})), resource["address"]),
                list(_wrong_with(values["pattern"], wanted, fields)),
            )


def _wrong_with(pattern: str, wanted: "list[str]", fields: "dict[str, set[str]]") -> "Iterator[str]":
    log_type = FILTER.fullmatch(pattern)
    if not log_type:
        yield f"this comparison does not understand the pattern {pattern}; teach it"
    elif log_type[1] not in fields:
        yield f"no line {log_type[1]} was seen"
    else:
        for value in wanted:
            name = value.removeprefix("$.")
            if value.startswith("$.") and name not in fields[log_type[1]]:
                yield f"lines {log_type[1]} have no field {name}; they have {', '.join(sorted(fields[log_type[1]]))}"


def compare(rendered: "list[dict[str, Any]]", seen: "set[tuple[str, ...]]") -> "tuple[list[str], list[str]]":
    """What is wrong, and what could not be seen."""
    emitted = {(line[2], tuple(filter(None, line[3].split(",")))) for line in seen if line[0] == "metric"}
    fields: dict[str, set[str]] = {}
    for line in seen:
        if line[0] == "field":
            fields.setdefault(line[1], set()).add(line[2])
    names, wrong, unseen = counted(), [], []
    made = set()
    for (name, dimensions, who), findings in filtered(rendered, fields):
        made.add((name, dimensions))
        wrong += [f"{who}: {finding}" for finding in findings]
    for name, dimensions, who in sorted(set(used(rendered))):
        if (name, dimensions) in emitted | made:
            continue
        shown = f"{who}: {name} by {', '.join(dimensions) or 'nothing'}"
        if (name, dimensions) in UNPROVOKED:
            unseen.append(f"{shown}: emitted, but by no end-to-end test")
            continue
        others = sorted({other for metric, other in emitted | made if metric == name})
        if others:
            wrong.append(f"{shown}: it is emitted by {' and by '.join(', '.join(o) or 'nothing' for o in others)}")
        elif name in names:
            unseen.append(f"{shown}: emitted, but by no test")
        else:
            wrong.append(f"{shown}: nothing emits it")
    all_used = {(name, dimensions) for name, dimensions, _ in used(rendered)}
    wrong += [
        f"{TYPES.name}: {name} by {', '.join(dimensions) or 'nothing'} is emitted, and nothing uses it"
        for name, dimensions in sorted(emitted - all_used)
    ]
    looked_at = {name for name, _, _ in used(rendered)}
    wrong += [f"{TYPES.name}: {name} is counted, and nothing uses it" for name in sorted(names - looked_at)]
    return wrong, unseen


def runbook(rendered: "list[dict[str, Any]]", page: Path) -> "Iterator[str]":
    """Every alarm has a row in docs/operations/alarms.md, and every row an alarm."""
    rows = set(re.findall(r"^\| `([\w-]+)` \|", page.read_text(encoding="utf-8"), re.MULTILINE))
    alarms = set()
    for resource in rendered:
        if resource["type"] == "aws_cloudwatch_metric_alarm":
            name = resource["values"]["alarm_name"].removeprefix("gantry-")
            name = re.sub(r"^web-", "FLEET-", name)
            alarms.add(re.sub(r"^(launch-queue|sweep|operator)-(errors|throttles)$", r"FUNCTION-\2", name))
    yield from (f"{page.name} has no row for the alarm {alarm}" for alarm in sorted(alarms - rows))
    yield from (f"{page.name}: there is no alarm {row}" for row in sorted(rows - alarms))


def main() -> int:
    if len(sys.argv) != 4:
        print(__doc__, file=sys.stderr)
        return 2
    rendered, folder, zip_file = map(Path, sys.argv[1:])
    try:
        shown = resources(rendered)
        wrong, unseen = compare(shown, lines(folder, zip_file))
    except Unusable as error:
        print(error)
        return 3
    wrong += runbook(shown, ALARMS)
    for finding in wrong:
        print(finding)
    for line in unseen:
        print(f"not seen: {line}")
    print(f"{len(wrong)} findings, {len(unseen)} not seen")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
