"""Writes the tables of inputs and outputs into the README.md of each Terraform module, between its markers.

With --check nothing is written, and what is out of date is named.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
BEGIN, END = "<!-- inputs and outputs -->", "<!-- inputs and outputs end -->"
BLOCK = re.compile(r'^(variable|output) "(\w+)" \{\n(.*?)^\}', re.MULTILINE | re.DOTALL)
DESCRIPTION = re.compile(r'^  description\s+= "((?:[^"\\]|\\.)*)"', re.MULTILINE)
VALUE = re.compile(r"^  (type|default)\s+= (.*(?:\n(?:    |  [})\]]).*)*)", re.MULTILINE)


def blocks(folder: Path, kind: str) -> "list[tuple[str, str]]":
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.tf"))]
    return [(name, body) for text in texts for found, name, body in BLOCK.findall(text) if found == kind]


def description(body: str) -> str:
    found = DESCRIPTION.search(body)
    return found[1].replace('\\"', '"').replace("|", "\\|").replace("<", "&lt;") if found else ""


def shown(value: str) -> str:
    """One line of it; what is longer is read in variables.tf."""
    line = " ".join(value.split())
    return f"`{line}`" if len(line) <= 60 else f"`{line.split('(')[0].split('{')[0].strip()}`, see variables.tf"


def tables(folder: Path) -> str:
    lines = [BEGIN, "", "| input | what | type | default |", "|---|---|---|---|"]
    for name, body in blocks(folder, "variable"):
        values = dict(VALUE.findall(body))
        default = shown(values["default"]) if "default" in values else "required"
        lines.append(f"| `{name}` | {description(body)} | {shown(values['type'])} | {default} |")
    lines += ["", "| output | what |", "|---|---|"]
    lines += [f"| `{name}` | {description(body)} |" for name, body in blocks(folder, "output")]
    return "\n".join([*lines, "", END])


def main() -> int:
    stale = []
    for readme in sorted((ROOT / "terraform").glob("**/README.md")):
        text = readme.read_text(encoding="utf-8")
        if BEGIN not in text:
            continue
        before, _, rest = text.partition(BEGIN)
        _, _, after = rest.partition(END)
        new = before + tables(readme.parent) + after
        if new != text:
            stale.append(readme.relative_to(ROOT))
            if "--check" not in sys.argv:
                readme.write_text(new, encoding="utf-8")
    for readme in stale if "--check" in sys.argv else []:
        print(f"{readme}:1: its tables are out of date; run: python3 scripts/lib/terraform/terraform_readme.py")
    return 1 if stale and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
