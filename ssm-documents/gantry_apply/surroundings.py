"""Where this program and its children work, and what they inherit: a fixed folder, and an environment whose names were
chosen.

The agent starts a step in its folder of downloads. A principal that can write below a bundle's key can put files there.
An interpreter that starts in that folder imports them, and tools read their configuration there, as root. So no process
starts there, no folder of PATH is relative to it, and PYTHONPATH, ANSIBLE_CONFIG and the like are not passed on.
"""

import os
import re
from pathlib import Path

PLACE = "/"
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
# What says which AWS and which way there, Gantry's own settings, and the id of the command.
KEPT = re.compile(
    r"AWS_[A-Z0-9_]+|GANTRY_[A-Z_]+|SSM_COMMAND_ID|TZ|SSL_CERT_(FILE|DIR)|(REQUESTS|CURL)_CA_BUNDLE"
    r"|(HTTPS?|NO|ALL)_PROXY|(https?|no|all)_proxy"
)


def enter() -> None:
    """For the whole process: what it starts later inherits this."""
    chosen = {name: value for name, value in os.environ.items() if KEPT.fullmatch(name)}
    chosen["PATH"] = _absolute(os.environ.get("PATH", "")) or PATH
    # What runs as a service has no HOME and no locale.
    chosen["HOME"] = _absolute(os.environ.get("HOME", "")) or "/root"
    chosen["LC_ALL"] = "C.UTF-8"
    os.environ.clear()
    os.environ.update(chosen)
    os.chdir(PLACE)


def _absolute(folders: str) -> str:
    return ":".join(folder for folder in folders.split(":") if folder.startswith("/"))


def command_id(downloads: Path) -> str:
    """The id of the agent's command, for one that was sent by hand without a run id: the agent says it, and the folder
    of its downloads is named by it. Empty on another channel."""
    told = os.environ.get("SSM_COMMAND_ID", "")
    found = re.findall(r"/document/orchestration/([0-9a-f-]{36})\b", str(downloads))
    return told if re.fullmatch(r"[A-Za-z0-9-]{1,64}", told) else (found or [""])[0]
