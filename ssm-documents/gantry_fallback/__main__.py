"""The instance's side of the bastion channel, beside gantry_apply, whose script, lock and records are the same here.

python3 gantry_fallback forced       what the bastion's key may do: one exchange (forced.py)
python3 gantry_fallback run RUN      the run itself, in a systemd unit of its own (unit.py)
python3 gantry_fallback ended RUN    after the run: removes what it left
python3 gantry_fallback boot         lets the key in for as long as a launch lasts (boot.py)
python3 gantry_fallback shut         removes the key (door.py)
"""

import os
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent.parent / "gantry_apply"))
import surroundings  # noqa: E402


def main(arguments: "list[str]") -> int:
    question = os.environ.get("SSH_ORIGINAL_COMMAND", "")
    surroundings.enter()
    # Each imports only what it needs: an exchange has little time.
    if arguments == ["forced"]:
        import forced

        return forced.main(question)
    if arguments in (["boot"], ["shut"]):
        import boot

        return boot.main() if arguments == ["boot"] else boot.leave()
    if len(arguments) == 2 and arguments[0] in ("run", "ended"):
        import unit

        return {"run": unit.run, "ended": unit.ended}[arguments[0]](arguments[1])
    print(__doc__, file=sys.stderr)
    return 64


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
