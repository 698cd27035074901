"""Does what cloud-init would with the user data of this repository's launch templates, on an image that has none:
bootcmd, write_files and runcmd, in cloud-init's order whatever the order of the document, which comes on stdin."""

import subprocess
import sys
from pathlib import Path

import yaml

KNOWN = {"bootcmd", "write_files", "runcmd"}


def run(one: "str | list") -> bool:
    """A text is a line of shell. cloud-init-per once NAME runs the rest at the first boot only, as this is."""
    words = ["/bin/sh", "-c", one] if isinstance(one, str) else [str(word) for word in one]
    if words[:2] == ["cloud-init-per", "once"]:
        words = words[3:]
    return subprocess.run(words, check=False).returncode == 0


def write(file: dict) -> None:
    path = Path(file["path"])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(file["content"], encoding="utf-8")
    path.chmod(int(str(file.get("permissions", "0644")), 8))


def main() -> int:
    config = yaml.safe_load(sys.stdin)
    unknown = sorted(set(config) - KNOWN)
    if unknown:
        print(f"cloud-config: the sandbox does not know {', '.join(unknown)}", file=sys.stderr)
        return 1
    ended = [run(one) for one in config.get("bootcmd", [])]
    for file in config.get("write_files", []):
        write(file)
    ended += [run(one) for one in config.get("runcmd", [])]
    return 0 if all(ended) else 1


if __name__ == "__main__":
    sys.exit(main())
