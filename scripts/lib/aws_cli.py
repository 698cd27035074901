"""The aws CLI, found and called: version 1 (1.38 and newer) and version 2 alike, on AWS and on the sandbox.

The CLI itself reads endpoint, Region and credentials (AWS_ENDPOINT_URL, AWS_REGION, AWS_PROFILE …).
"""

import json
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]

# CreateAutoScalingGroup: ASCII 33 to 126 without the colon, at most 255 characters.
GROUP_NAME = re.compile(r"[\x21-\x39\x3b-\x7e]{1,255}")
# "An error occurred (PreconditionFailed) when calling the PutObject operation: …", in both versions of the CLI.
ERROR_CODE = re.compile(r"An error occurred \((\w+)\) when calling")


class AwsFailed(Exception):
    """A call did not succeed; the message holds the CLI's own words."""

    @property
    def code(self) -> str:
        """The error code of AWS; empty if the call did not reach AWS."""
        found = ERROR_CODE.search(str(self))
        return found[1] if found else ""


@dataclass(frozen=True)
class Aws:
    """The aws CLI that was found."""

    command: str

    def call(self, *arguments: str) -> str:
        """What the CLI prints; empty if the operation answers nothing."""
        # An operator's profile may ask for a pager, a prompt or a table; this reads JSON.
        environment = {**os.environ, "AWS_PAGER": "", "AWS_CLI_AUTO_PROMPT": "off"}
        try:
            done = subprocess.run(
                [self.command, *arguments, "--output", "json"],
                env=environment,
                capture_output=True,
                text=True,
                check=False,
            )
        except OSError as error:
            raise AwsFailed(f"{self.command} cannot be started: {error.strerror}") from error
        if done.returncode != 0:
            words = done.stderr.strip() or f"the aws CLI ended with {done.returncode} and said nothing"
            raise AwsFailed(f"aws {arguments[0]} {arguments[1]}: {words}")
        return done.stdout

    def ask(self, *arguments: str) -> Any:
        """The same, read as JSON; an empty answer is an empty object."""
        answer = self.call(*arguments)
        return json.loads(answer) if answer.strip() else {}


def find_aws() -> Aws:
    """$GANTRY_AWS, else the operator's own CLI, else the one of the tests' virtual environment."""
    found = (
        os.environ.get("GANTRY_AWS") or shutil.which("aws") or shutil.which("aws", path=str(ROOT / ".gantry/venv/bin"))
    )
    if not found:
        raise AwsFailed("there is no aws CLI on the PATH; install it, or let scripts/test set one up in .gantry/venv")
    return Aws(found)
