"""Prints the names under which an environment's videos are played, one a line, as the role names them.

Usage: stream_names.py BUCKET   (the value of gantry_bucket)
The list rtsp_server_videos comes on standard input, as JSON. Exit codes: 0 done, 2 wrong arguments, 3 a place could not
be listed.
"""

import json
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(1, str(Path(__file__).resolve().parents[3] / "ansible/roles/rtsp_server/files/lib"))
from aws_cli import Aws, AwsFailed, find_aws  # noqa: E402
from videos import SUFFIXES, stream_name  # noqa: E402

PLACE = re.compile(r"s3://(?P<bucket>[^/]+)/(?P<key>.+)")
OWN = re.compile(r"\{\{ *gantry_bucket *\}\}")


def keys_of(aws: Aws, place: str) -> "list[str]":
    """The videos of one place: the object itself, or what is below a prefix."""
    match = PLACE.fullmatch(place)
    if not match:
        return []
    if not match["key"].endswith("/"):
        return [match["key"]]
    answer = aws.ask("s3api", "list-objects-v2", "--bucket", match["bucket"], "--prefix", match["key"])
    keys = [stored["Key"] for stored in answer.get("Contents") or []]
    return [key for key in keys if Path(key).suffix.lower() in SUFFIXES]


def main() -> int:
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    places = [OWN.sub(sys.argv[1], place) for place in json.load(sys.stdin)]
    try:
        aws = find_aws()
        names = sorted({stream_name(key) for place in places for key in keys_of(aws, place)} - {""})
    except AwsFailed as failure:
        print(f"stream_names: {failure}", file=sys.stderr)
        return 3
    print("".join(f"{name}\n" for name in names), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
