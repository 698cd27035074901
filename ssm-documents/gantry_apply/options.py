"""The options of a run: NAME=value lines on standard input, the same for every channel.

A document puts its parameters there by a quoted here-document. An agent from 3.3.2746.0 on leaves $SSM_NAME in the text
and the value in the environment variable SSM_NAME; an older one puts the value into the text. The patterns are the
documents' allowedPattern too (scripts/dev/build-documents): they must mean the same to Java, Go and Python.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from results import Failed, Fault, Kind

# Gantry's settings and Terraform have this rule too (scripts/dev/lint documents compares them): a path within the
# bundle, which no tool takes for an option of its own, and without "..".
_PART = r"\.?[A-Za-z0-9_()-][A-Za-z0-9_.()-]*"
_PLAYBOOK = rf"(\./)?\.?[A-Za-z0-9_()][A-Za-z0-9_.()-]*(/{_PART})*\.(yml|yaml)"
_WORD = r"[^\s|:();&$`\"\\']+"
_QUOTED = r"'[^|:();&$`\"\\'\r\n]+'"
_PAIR = rf"\w+=({_WORD}|{_QUOTED})"
_URL = r"https://[A-Za-z0-9.-]+(:[0-9]{1,5})?/[A-Za-z0-9._~%/+=@-]+"

PATTERNS = {
    "InstallDependencies": r"^(True|False)$",
    "PlaybookFile": rf"^{_PLAYBOOK}$",
    "ExtraVariables": rf"^$|^{_PAIR}( +{_PAIR})*$",
    "Check": r"^(True|False)$",
    "Verbose": r"^-v{1,4}$",
    # The range that the agent honours: it takes 3600 for anything outside of 5 to 172,800 seconds.
    "TimeoutSeconds": r"^([5-9]|[1-9][0-9]{1,4}|1[0-6][0-9]{4}|17[01][0-9]{3}|172[0-7][0-9]{2}|172800)$",
    "BundleSha256": r"^$|^[0-9a-f]{64}$",
    "RunId": r"^$|^[A-Za-z0-9][A-Za-z0-9-]{0,63}$",
    "AnsibleVersion": r"^$|^[0-9]{1,2}\.[0-9]{1,3}(\.[0-9]{1,3})?$",
    "InstallFrom": r"^(Internet|Wheelhouse)$",
    "WheelhouseUri": rf"^$|^{_URL[:-1]}*/[0-9a-f]{{64}}\.zip$",
    "DiagnosticsUri": rf"^$|^{_URL}$",
}

DEFAULTS = {
    "InstallDependencies": "True",
    "PlaybookFile": "hello-world-playbook.yml",
    "ExtraVariables": "SSM=True",
    "Check": "False",
    "Verbose": "-v",
    "TimeoutSeconds": "3600",
    "BundleSha256": "",
    "RunId": "",
    "AnsibleVersion": "",
    "InstallFrom": "Internet",
    "WheelhouseUri": "",
    "DiagnosticsUri": "",
}


@dataclass(frozen=True)
class Options:
    """One run's options, checked. Limits in seconds."""

    values: "dict[str, str]"

    def __getitem__(self, name: str) -> str:
        return self.values[name]

    @property
    def check(self) -> bool:
        return self["Check"] == "True"

    @property
    def may_install(self) -> bool:
        return self["InstallDependencies"] == "True"

    @property
    def from_wheelhouse(self) -> bool:
        return self["InstallFrom"] == "Wheelhouse"

    @property
    def extra_variables(self) -> "dict[str, str]":
        """Texts all of them, as Ansible takes name=value pairs."""
        pairs = re.findall(rf"(\w+)=({_WORD}|{_QUOTED})", self["ExtraVariables"])
        return {name: value[1:-1] if value.startswith("'") else value for name, value in pairs}

    @property
    def limit(self) -> float:
        """Less than the agent's own limit for the step, so that there is a result before the agent kills the step."""
        seconds = int(self["TimeoutSeconds"])
        return seconds - max(2.0, min(30.0, seconds / 10))

    @property
    def wheelhouse_file(self) -> str:
        return self["WheelhouseUri"].rpartition("/")[2]


def read(lines: Iterable[str], environment: Mapping[str, str]) -> Options:
    values = dict(DEFAULTS)
    for line in lines:
        name, equals, text = line.rstrip("\r\n").partition("=")
        if not equals and not name.strip():
            continue
        if not equals or name not in PATTERNS:
            raise _wrong(f"there is no option {name[:40]!r}")
        values[name] = _checked(name, environment.get(f"SSM_{name}", text))
    return Options(values)


def _checked(name: str, value: str) -> str:
    if not re.fullmatch(PATTERNS[name], value) or "\n" in value:
        raise _wrong(f"{name} does not match {PATTERNS[name]}")
    return value


def _wrong(why: str) -> Failed:
    return Failed(Kind.OPTIONS, Fault.INSTANCE, f"the run's options cannot be used: {why}")
