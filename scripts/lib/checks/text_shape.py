"""Checks the rules of .editorconfig: LF, a last newline, no trailing blanks; shell indented by two, no tabs."""

import re
from collections.abc import Iterator
from pathlib import Path

from files import finish, is_shell, repository_files, text_of

HEREDOC = re.compile(r"<<-?\s*[\"']?(\w+)[\"']?")
SHELL_LINE_LENGTH = 120
# Inputs of fuzz targets: each byte is meant.
CORPUS = "/src/test/resources/fuzz/"
# Files in which trailing blanks have a meaning, or whose bytes come from elsewhere.
FREE = {".md", ".patch", ".snap", ".cast", ".out"}


def findings() -> Iterator[str]:
    for name in repository_files():
        text = text_of(name)
        if not text or CORPUS in name.as_posix():
            continue
        yield from _any(name, text)
        if is_shell(name, text):
            yield from _shell(name, text)


def _any(name: Path, text: str) -> Iterator[str]:
    if not text.endswith("\n"):
        yield f"{name}:1: does not end with a newline"
    for number, line in enumerate(text.split("\n"), 1):
        if line.endswith("\r"):
            yield f"{name}:{number}: ends with CR LF"
        elif line != line.rstrip() and name.suffix not in FREE:
            yield f"{name}:{number}: blanks at the end of the line"


def _shell(name: Path, text: str) -> Iterator[str]:
    end_of_heredoc = None
    for number, line in enumerate(text.split("\n"), 1):
        if end_of_heredoc is not None:
            end_of_heredoc = None if line.strip() == end_of_heredoc else end_of_heredoc
            continue
        if "\t" in line:
            yield f"{name}:{number}: a tab; indent by two blanks"
        elif (len(line) - len(line.lstrip(" "))) % 2:
            yield f"{name}:{number}: indented by an odd number of blanks"
        if len(line) > SHELL_LINE_LENGTH:
            yield f"{name}:{number}: longer than {SHELL_LINE_LENGTH} characters"
        heredoc = HEREDOC.search(line) if "<<<" not in line else None
        end_of_heredoc = heredoc[1] if heredoc else None


finish(findings())
