"""Local links in Markdown point to an existing file of the repository, and to an existing heading."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from files import ROOT, finish, repository_files, text_of

LINK = re.compile(r"!?\[[^\]]*\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)|(?:src|href)=\"([^\"]+)\"")
FOREIGN = re.compile(r"[a-z][a-z0-9+.-]*:|//")
HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*$")
FENCE = re.compile(r"^\s*(```|~~~)")


def prose(text: str) -> Iterator["tuple[int, str]"]:
    """The numbered lines outside fenced blocks, without inline code."""
    fenced = False
    for number, line in enumerate(text.splitlines(), 1):
        if FENCE.match(line):
            fenced = not fenced
        elif not fenced:
            yield number, line


def anchors(text: str) -> "set[str]":
    """The anchors that GitHub makes of the headings: lower case, blanks to hyphens, a number on a second one."""
    made: dict[str, int] = {}
    for _, line in prose(text):
        heading = HEADING.match(line)
        if heading:
            words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading[1]).replace("`", "")
            slug = re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-")
            made[slug] = made.get(slug, -1) + 1
    explicit = set(re.findall(r"<a (?:id|name)=\"([^\"]+)\"", text))
    return explicit | {slug if not n else f"{slug}-{n}" for slug, count in made.items() for n in range(count + 1)}


def findings() -> Iterator[str]:
    for name in repository_files():
        if name.suffix == ".md":
            yield from _in_file(name, text_of(name) or "")


def _in_file(name: Path, text: str) -> Iterator[str]:
    for number, line in prose(text):
        for match in LINK.finditer(re.sub(r"`[^`]*`", "", line)):
            link = match[1] or match[2]
            if not FOREIGN.match(link):
                yield from (f"{name}:{number}: {link}: {wrong}" for wrong in _wrong_with(name, text, link))


def _wrong_with(name: Path, text: str, link: str) -> Iterator[str]:
    path, _, anchor = unquote(link).partition("#")
    target = (ROOT / name.parent / path).resolve() if path else ROOT / name
    if target != ROOT and ROOT not in target.parents:
        yield "leads out of the repository"
    elif not target.exists():
        yield "no such file"
    elif anchor and target.suffix == ".md" and anchor not in anchors(target.read_text(encoding="utf-8")):
        yield "no such heading"


finish(findings())
