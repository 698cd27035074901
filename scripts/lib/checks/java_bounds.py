"""Bounds of the product's Java: 40 lines a method, 300 a class, 6 parameters, 8 components of a record."""

import re
from collections.abc import Iterator
from pathlib import Path

from files import finish, repository_files, text_of

METHOD_LINES = 40
CLASS_LINES = 300
PARAMETERS = 6
COMPONENTS = 8
# The product, without the sandbox and the tests.
PRODUCT = re.compile(r"(?:lambda/(?:launch|stored|aws|function|bastion|operator)|cli)/src/main/java/.*\.java$")
HEADER = re.compile(r"^( +)(?!return\b|throw\b|new\b|else\b|\.|//|\*)[\w@][^=;]*?\b(\w+)\(")
CONTROL = {"if", "for", "while", "switch", "catch", "synchronized", "try"}
TYPE = re.compile(r"^(?:public |abstract |final |sealed |non-sealed )*(?:class|interface|enum|record) (\w+)")
BRACKETS = {"(": 1, "<": 1, ")": -1, ">": -1}


def findings() -> Iterator[str]:
    for name in repository_files():
        if PRODUCT.match(name.as_posix()):
            yield from _of_file(name, (text_of(name) or "").split("\n"))


def _of_file(name: Path, lines: "list[str]") -> Iterator[str]:
    for number, line in enumerate(lines):
        found = TYPE.match(line)
        if found and len(lines) - number > CLASS_LINES:
            yield f"{name}:{number + 1}: {found[1]} has {len(lines) - number} lines; at most {CLASS_LINES}"
        header = HEADER.match(line) or re.match(r"^( *)(?:public )?(?:final )?record (\w+)\(", line)
        if header and header[2] not in CONTROL:
            yield from _of_header(name, lines, number, header)


def _of_header(name: Path, lines: "list[str]", first: int, header: "re.Match[str]") -> Iterator[str]:
    last = first
    while last < len(lines) and not lines[last].endswith(("{", ";", "{}")):
        last += 1
    text = " ".join(line.strip() for line in lines[first : last + 1])
    if not text.endswith(("{", "{}")) or "->" in text or re.search(r"\w\(.*\w\(.*\{$", text.replace("@", "")):
        return
    count = _parameters(text)
    is_record = bool(re.search(r"\brecord \w+\(", text))
    if is_record and count > COMPONENTS:
        yield f"{name}:{first + 1}: record {header[2]} has {count} components; at most {COMPONENTS}"
    if is_record:
        return
    if count > PARAMETERS:
        yield f"{name}:{first + 1}: {header[2]} has {count} parameters; at most {PARAMETERS}"
    end = next((n for n in range(last, len(lines)) if lines[n] == f"{header[1]}}}"), last)
    if text.endswith("{") and end - first + 1 > METHOD_LINES:
        yield f"{name}:{first + 1}: {header[2]} has {end - first + 1} lines; at most {METHOD_LINES}"


def _parameters(text: str) -> int:
    start = text.index("(") + 1
    depth, count = 0, 1
    for character in text[start:]:
        if character == ")" and depth == 0:
            break
        depth += BRACKETS.get(character, 0)
        count += character == "," and depth == 0
    return 0 if text[start:].startswith(")") else count


finish(findings())
