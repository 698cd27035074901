"""Shows the image of an environment's instances, or moves it to the newest; see --help.

The image is named in config/ENVIRONMENT.yml (terraform: image_id), so that a commit replaces it or restores it. An
apply after a new image was published does not.
"""

import argparse
import json
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from aws_cli import ROOT, Aws, AwsFailed, find_aws  # noqa: E402

# Canonical's public parameter for Ubuntu 24.04, as module rtsp_fleet reads it if no image is named.
PARAMETER = "/aws/service/canonical/ubuntu/server/24.04/stable/current/{}/hvm/ebs-gp3/ami-id"
ARCHITECTURES = {"x86_64": "amd64", "arm64": "arm64"}
SECTION = re.compile(r"^terraform:[ \t]*(?:#.*)?\n", re.MULTILINE)
DONE, FAILED, AWS_FAILED = 0, 1, 3


class Refused(Exception):
    """The file cannot be changed; the message says why."""


def value(text: str, name: str) -> "str | None":
    """A plain value of the section terraform."""
    section = text[found.end() :] if (found := SECTION.search(text)) else ""
    line = re.search(rf"^  {name}:[ \t]*[\"']?([\w./-]+)", section, re.MULTILINE)
    return line[1] if line else None


def moved(text: str, image: str, comment: str) -> str:
    """The file with this image: its line if there is one, else the first line of the section."""
    line = f"  image_id: {image} # {comment}\n"
    if value(text, "image_id"):
        return re.sub(r"^  image_id:.*\n", line, text, count=1, flags=re.MULTILINE)
    section = SECTION.search(text)
    if not section:
        raise Refused("it has no section 'terraform:' on a line of its own")
    return text[: section.end()] + line + text[section.end() :]


def newest(aws: Aws, region: str, architecture: str) -> "tuple[str, str]":
    """Id and name of the newest image."""
    parameter = PARAMETER.format(ARCHITECTURES[architecture])
    answer = aws.ask("ssm", "get-parameter", "--region", region, "--name", parameter)
    image = answer["Parameter"]["Value"]
    described = aws.ask("ec2", "describe-images", "--region", region, "--image-ids", image)["Images"]
    return image, described[0].get("Name", "").rpartition("/")[2] if described else ""


def run(options: argparse.Namespace) -> dict:
    path = ROOT / "config" / f"{options.environment}.yml"
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise Refused(f"it cannot be read: {error.strerror}") from error
    region, before = value(text, "region"), value(text, "image_id")
    if not region:
        raise Refused("it names no Region (terraform: region:)")
    if options.unless_there and before:
        return {"image": before, "newest": None, "moved": False}
    image, name = newest(find_aws(), region, value(text, "architecture") or "x86_64")
    if options.move or options.unless_there:
        path.write_text(moved(text, image, name or "newest"), encoding="utf-8")
        return {"image": image, "newest": image, "moved": image != before}
    return {"image": before, "newest": image, "moved": False}


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="image",
        allow_abbrev=False,
        description="Shows which image (AMI) the environment's instances are launched from, and which is the newest "
        "Ubuntu 24.04. With --move it writes the newest into config/ENVIRONMENT.yml: commit it, and the next apply "
        "replaces the instances, a few at a time. The commit before has the image before.",
        epilog="Exit codes: 0 done, 1 the configuration cannot be read or changed, 2 wrong options, 3 AWS failed.",
    )
    made.add_argument("environment", help="dev, prod, …: config/ENVIRONMENT.yml")
    made.add_argument("--move", action="store_true", help="write the newest into the configuration")
    made.add_argument("--unless-there", action="store_true", help="the same, but only if it names none")
    made.add_argument("--json", action="store_true", help="print one JSON object: image, newest, moved")
    return made


def main() -> int:
    options = parser().parse_args()
    try:
        result = run(options)
    except Refused as refusal:
        print(f"image: config/{options.environment}.yml: {refusal}", file=sys.stderr)
        return FAILED
    except AwsFailed as failure:
        print(f"image: {failure}", file=sys.stderr)
        return AWS_FAILED
    if options.json:
        print(json.dumps(result))
    elif result["moved"]:
        print(f"config/{options.environment}.yml: {result['image']}; commit it, and apply.")
    else:
        print(f"{result['image'] or 'no image: each plan takes the newest'}; newest: {result['newest'] or '-'}")
    return DONE


if __name__ == "__main__":
    sys.exit(main())
