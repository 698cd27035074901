"""Nothing in the repository identifies one machine: no home folder, no path of this clone, no package registry's host.

A line that needs one says why: "trace: <reason>".
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from files import ROOT, finish, repository_files, text_of

ALLOWED = re.compile(r"trace: \w+")
HOMES = re.compile(r"(?<![\w.~-])(/home/(?!runner\b)[\w.-]+/|/Users/[\w.-]+/|/root/\.[\w-]+|[A-Z]:\\\\?Users\\)")
REGISTRIES = re.compile(
    r"\b(pypi\.org|files\.pythonhosted\.org|repo1?\.maven\.(apache\.)?org|registry\.npmjs\.org|registry\.yarnpkg\.com"
    r"|proxy\.golang\.org|[\w.-]*(artifactory|nexus|jfrog)[\w-]*\.[\w.-]+)\b",
    re.IGNORECASE,
)
INDEX_OPTION = re.compile(r"--(extra-)?index-url[= ]\S|--find-links[= ]\S|--trusted-host[= ]\S")
URL = re.compile(r"https?://[^\s'\"<>]+")
# Paths that are too short or too common to identify a machine.
COMMON = {"/", "/root", "/home", "/tmp", "/src", "/app", "/workspace"}  # noqa: S108


def here() -> "list[str]":
    """What identifies this machine: the clone's path, the home folder, the hosts that packages come from."""
    paths = {str(ROOT), str(ROOT.parent), str(Path.home())} - COMMON
    return sorted(path + "/" for path in paths) + sorted(_registry_hosts())


def _registry_hosts() -> "set[str]":
    pip = subprocess.run([sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False)
    texts = [pip.stdout, *(value for name, value in os.environ.items() if re.match(r"(PIP|UV|NPM|GOPROXY)", name))]
    settings = Path.home() / ".m2/settings.xml"
    if settings.is_file():
        texts.append(re.sub(r"xmlns\S*=\"[^\"]*\"|xsi:\S*=\"[^\"]*\"", "", settings.read_text(encoding="utf-8")))
    return {urlsplit(url).hostname or "" for text in texts for url in URL.findall(text)} - {
        "",
        "localhost",
        "127.0.0.1",
    }


def findings() -> Iterator[str]:
    traces = here()
    this = Path(__file__).resolve().relative_to(ROOT)
    for name in repository_files():
        if name == this:
            continue
        for number, line in enumerate((text_of(name) or "").splitlines(), 1):
            if not ALLOWED.search(line):
                yield from (f"{name}:{number}: {wrong}" for wrong in _wrong_with(line, traces))


def _wrong_with(line: str, traces: "list[str]") -> Iterator[str]:
    if HOMES.search(line):
        yield "a home folder"
    if REGISTRIES.search(line):
        yield "a package registry's host"
    if INDEX_OPTION.search(line):
        yield "an address of packages: the machine's own settings have it"
    if any(trace in line for trace in traces):
        yield "a path or a host of this machine"


finish(findings())
