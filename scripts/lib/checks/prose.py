"""Wording that a reader with English as a second language has to read twice, in documents, comments and docstrings.

A sentence that is right as it is says why on its first line or the line before: "prose: <reason>".
"""

import ast
import io
import re
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path

from files import finish, is_shell, repository_files, text_of

KEPT = re.compile(r"prose: \w+")
SENTENCE = r"(?:^|(?<=[.:;!?] )|(?<=<p>))"
# Each: what is found, why it is hard to read, what to write instead.
PATTERNS = [
    (
        SENTENCE + r"Of (?!course\b)[a-z][\w']*",
        "a sentence that begins with 'Of'",
        "the subject first: 'of a young stay the description is …' becomes 'a young stay's description is …'",
    ),
    (
        SENTENCE + r"(?:Nor|Neither|Never|Only then|Only so|Rarely) (?:is|are|was|does|do|did|may|can|has|have)\b",
        "an inverted sentence",
        "the subject first: 'it is never …', 'it does not … either'",
    ),
    (SENTENCE + r"Who (?:has|wants|needs|comes|uses|knows)\b", "'Who' for a person that", "'if you …', 'a user who …'"),
    (r"\b(?:[Ww]hom(?:ever)?|[Ww]hoever)\b", "'whom', 'whoever'", "the name of the reader or the process"),
    (r"\b(?:[Hh]e|him|[Hh]is|himself)\b", "'he'", "'it' for a thing, 'they' or 'the operator' for a person"),
    (r"\b[Nn]o more(?! than\b| of\b)", "'no more' for an end", "'no longer', or a verb: 'stops', 'ended'"),
    (r"\bbe had\b", "'be had'", "'is available', 'can be read', 'fails'"),
    (r"\b[Ii]n vain\b", "'in vain'", "'without success', or what failed"),
    (r"\bof before\b", "'of before'", "'earlier', 'from before version …'"),
    (r"\ball the same\b", "'all the same'", "'still', 'anyway'"),
    (r"\bnever not\b", "a double negation", "'always', 'at least once'"),
    (
        r"\b(?:amid|amidst|lest|albeit|hitherto|henceforth|whence|thereof|therein|thereby|whereupon)\b",
        "an old word",
        "'during', 'so that … not', 'although', 'until now', 'from now on', 'from which', 'of it', 'in it'",
    ),
]
COMPILED = [(re.compile(pattern, re.MULTILINE), what, instead) for pattern, what, instead in PATTERNS]
JAVA = re.compile(r'"""(?s:.*?)"""|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|//[^\n]*|/\*(?s:.*?)\*/')
HASH = re.compile(r"^(?:.*\s)?#+(?!!)\s(?P<text>.*)$")
DESCRIBED = re.compile(r'^\s*(?:description|error_message)\s*=\s*"(?P<text>.*)"$')
NAMED_TEST = re.compile(r'^@test "(?P<text>.*)" \{$')


def prose_of(name: Path, text: str) -> Iterator["tuple[int, str]"]:
    """The lines of a file that people read: number, text without comment signs."""
    if name.suffix == ".md":
        yield from _markdown(text)
    elif name.suffix == ".java":
        yield from _java(text)
    elif name.suffix == ".py" or text.startswith("#!/usr/bin/env python3"):
        yield from _python(text)
    elif name.suffix in {".tf", ".yml", ".yaml", ".hcl"} or is_shell(name, text):
        yield from _hashes(text)


def _markdown(text: str) -> Iterator["tuple[int, str]"]:
    fenced = False
    for number, line in enumerate(text.split("\n"), 1):
        if line.lstrip().startswith("```"):
            fenced = not fenced
        elif not fenced:
            yield number, re.sub(r"`[^`]*`", "`…`", line).strip(" >|*-")


def _java(text: str) -> Iterator["tuple[int, str]"]:
    for found in JAVA.finditer(text):
        first = text.count("\n", 0, found.start()) + 1
        if found[0].startswith("/"):
            for offset, line in enumerate(found[0].split("\n")):
                yield first + offset, re.sub(r"\{@code [^}]*\}", "`…`", line).strip(" /*")


def _python(text: str) -> Iterator["tuple[int, str]"]:
    lines = {}
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            lines[token.start[0]] = token.string.lstrip("#! ")
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and ast.get_docstring(node):
            docstring = node.body[0]
            for offset, line in enumerate(text.split("\n")[docstring.lineno - 1 : docstring.end_lineno]):
                lines[docstring.lineno + offset] = line.strip(' "')
    yield from sorted(lines.items())


def _hashes(text: str) -> Iterator["tuple[int, str]"]:
    for number, line in enumerate(text.split("\n"), 1):
        found = HASH.match(line) or DESCRIBED.match(line) or NAMED_TEST.match(line)
        if found:
            yield number, found["text"].strip()


def paragraphs(lines: Iterator["tuple[int, str]"]) -> Iterator["list[tuple[int, str]]"]:
    """Lines that follow each other without an empty one, since a sentence may go over a line's end."""
    paragraph: "list[tuple[int, str]]" = []
    for number, line in lines:
        if paragraph and (not line or number != paragraph[-1][0] + 1):
            yield paragraph
            paragraph = []
        if line:
            paragraph.append((number, line))
    if paragraph:
        yield paragraph


def findings() -> Iterator[str]:
    only = [Path(path) for path in sys.argv[1:]]
    for name in only or repository_files():
        text = text_of(name)
        if text and "/fuzz/" not in name.as_posix():
            kept = {number for number, line in enumerate(text.split("\n"), 1) if KEPT.search(line)}
            for paragraph in paragraphs(prose_of(name, text)):
                yield from _of_paragraph(name, paragraph, kept)


def _of_paragraph(name: Path, paragraph: "list[tuple[int, str]]", kept: "set[int]") -> Iterator[str]:
    text, starts = "", []
    for number, line in paragraph:
        starts.append((len(text), number))
        text += line + " "
    for pattern, what, instead in COMPILED:
        for found in pattern.finditer(text):
            number = max((start, number) for start, number in starts if start <= found.start())[1]
            if not kept & {number, number - 1}:
                yield f"{name}:{number}: {what} ('{found[0].strip()[:60]}'): write {instead}"


if __name__ == "__main__":
    finish(findings())
