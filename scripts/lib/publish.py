"""Publishes a bundle: writes it to S3 under its sha256, and proposes it to the fleet.

Only the function changes what is current (it refuses a bundle in quarantine), so this proposes by invoking it. Works
with version 1 (1.38 and newer) and version 2 of the aws CLI, on AWS and on the sandbox alike.
"""

import argparse
import base64
import hashlib
import json
import os
import re
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

sys.path.insert(0, str(Path(__file__).resolve().parent))
from aws_cli import GROUP_NAME, Aws, AwsFailed, find_aws  # noqa: E402
from bundle import Bundle, Refused, add_tree_options, bundle_of  # noqa: E402

FUNCTION = "gantry-operator"
CURRENT, REFUSED, USAGE, AWS_FAILED = 0, 1, 2, 3

# The user guide's rules for general purpose buckets, but for the ones about reserved prefixes.
BUCKET_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
# S3 answers 409 when two writes of one key meet, and asks for another try.
CONFLICTS_TRIED = 4


class FunctionRefused(Exception):
    """The function refuses the bundle; the message is its reason."""


def bundle_key(fleet: str, sha256: str) -> str:
    """The place of a fleet's bundle."""
    return f"bundles/{encoded(fleet)}/{sha256}.zip"


def own_alias(fleet: str) -> str:
    """The alias of the operator's function that acts for this fleet alone, as terraform/modules/fleet names it."""
    return f"fleet-{re.sub('[^A-Za-z0-9_-]', '-', fleet)[:60]}-{hashlib.sha256(fleet.encode()).hexdigest()[:32]}"


def encoded(fleet: str) -> str:
    """Percent-encoded as the functions and Terraform do it (tests/fleet-names.tsv), the tilde included.

    The names . and .. are encoded, too: clients take such a part out of a path.
    """
    percent = quote(fleet, safe="").replace("~", "%7E")
    return percent.replace(".", "%2E") if percent in (".", "..") else percent


def upload(aws: Aws, bucket: str, key: str, bundle: Bundle) -> bool:
    """Writes the bundle unless it is there; tells whether it wrote."""
    with tempfile.NamedTemporaryFile(suffix=".zip") as file:
        file.write(bundle.content)
        file.flush()
        for attempt in range(1, CONFLICTS_TRIED + 1):
            try:
                _put(aws, bucket, key, file.name, bundle)
                return True
            except AwsFailed as failure:
                if failure.code == "PreconditionFailed":
                    return False
                if failure.code != "ConditionalRequestConflict" or attempt == CONFLICTS_TRIED:
                    raise
                time.sleep(attempt)
    raise AssertionError("the last attempt either returned or raised")


def _put(aws: Aws, bucket: str, key: str, path: str, bundle: Bundle) -> None:
    checksum = base64.b64encode(bundle.digest).decode()
    aws.call(
        "s3api",
        "put-object",
        "--bucket",
        bucket,
        "--key",
        key,
        "--body",
        path,
        "--if-none-match",
        "*",
        "--content-type",
        "application/zip",
        "--checksum-sha256",
        checksum,
    )


def propose(aws: Aws, function: str, fleet: str, sha256: str) -> dict:
    """Asks the function to make the bundle current; returns its answer when it accepted."""
    proposal = {"action": "propose", "fleet": fleet, "bundle": sha256}
    with tempfile.TemporaryDirectory() as folder:
        payload, answer = Path(folder, "payload.json"), Path(folder, "answer.json")
        payload.write_text(json.dumps(proposal), encoding="utf-8")
        # fileb:// means the same bytes in both versions; version 2 takes other payloads for base64.
        told = aws.call("lambda", "invoke", "--function-name", function, "--payload", f"fileb://{payload}", str(answer))
        return read_answer(json.loads(told), answer.read_text(encoding="utf-8"))


def read_answer(invocation: dict, text: str) -> dict:
    """Distinguishes acceptance, refusal and failure. A function that threw answers 200, with FunctionError set."""
    if "FunctionError" in invocation:
        raise AwsFailed(f"the function failed ({invocation['FunctionError']}): {text}")
    try:
        answer = json.loads(text)
        status, message = answer["status"], answer["message"]
    except (ValueError, KeyError, TypeError) as error:
        raise AwsFailed(f"the function's answer has no status and message: {text}") from error
    if status == "refused":
        raise FunctionRefused(message)
    if status != "accepted":
        raise AwsFailed(f"the function answered {status}: {message}")
    return answer


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="publish",
        description="Makes a bundle, writes it to S3, and makes it the fleet's current one.",
        epilog="Exit codes: 0 current, 1 refused (the tree, or the function), 2 wrong options, 3 AWS or the function "
        "failed. Endpoint, region and credentials are the aws CLI's own (AWS_ENDPOINT_URL, AWS_REGION, AWS_PROFILE …).",
        allow_abbrev=False,
    )
    add_tree_options(parser)
    parser.add_argument(
        "--fleet",
        metavar="GROUP",
        default=os.environ.get("GANTRY_FLEET"),
        help="the Auto Scaling group (default: $GANTRY_FLEET)",
    )
    parser.add_argument("--bucket", default=os.environ.get("GANTRY_BUCKET"), help="default: $GANTRY_BUCKET")
    parser.add_argument("--function", default=FUNCTION, metavar="NAME", help="default: %(default)s")
    parser.add_argument(
        "--own-alias",
        action="store_true",
        help="invoke the fleet's own alias of the function, for those who may publish to this fleet alone",
    )
    parser.add_argument(
        "--json", action="store_true", help="print one JSON object: status, message, sha256, bucket, key, uploaded"
    )
    return parser


def _options() -> argparse.Namespace:
    parser = _parser()
    options = parser.parse_args()
    if not options.fleet:
        parser.error("--fleet is missing: which Auto Scaling group is the bundle for?")
    if not options.bucket:
        parser.error("--bucket is missing: which bucket holds Gantry's fleets?")
    if not GROUP_NAME.fullmatch(options.fleet):
        parser.error(f"--fleet {options.fleet!r}: a group's name is 1 to 255 ASCII characters, no space, no colon")
    if not BUCKET_NAME.fullmatch(options.bucket):
        parser.error(f"--bucket {options.bucket!r}: a bucket's name is 3 to 63 of a-z, 0-9, dot and hyphen")
    return options


@dataclass
class Report:
    """What happened, for a person or as JSON."""

    fleet: str
    bucket: str
    as_json: bool
    sha256: str = ""
    key: str = ""
    uploaded: bool = False

    def say(self, words: str) -> None:
        if not self.as_json:
            print(words)

    def end(self, code: int, status: str, message: str) -> int:
        if self.as_json:
            facts = {"sha256": self.sha256, "bucket": self.bucket, "key": self.key, "uploaded": self.uploaded}
            print(json.dumps({"status": status, "message": message, "fleet": self.fleet, **facts}))
        elif code == CURRENT:
            print(f"{self.fleet}: {self.sha256} is current: {message}")
        else:
            print(f"publish: {status}: {message}", file=sys.stderr)
        return code


def _publish(options: argparse.Namespace, report: Report) -> int:
    bundle = bundle_of(options)
    report.sha256, report.key = bundle.sha256, bundle_key(options.fleet, bundle.sha256)
    aws = find_aws()
    report.uploaded = upload(aws, options.bucket, report.key, bundle)
    what = "written" if report.uploaded else "already there"
    report.say(f"s3://{options.bucket}/{report.key}: {what} ({bundle.files} files, {len(bundle.content)} bytes)")
    function = f"{options.function}:{own_alias(options.fleet)}" if options.own_alias else options.function
    answer = propose(aws, function, options.fleet, bundle.sha256)
    return report.end(CURRENT, "accepted", answer["message"])


def main() -> int:
    options = _options()
    report = Report(options.fleet, options.bucket, options.json)
    try:
        return _publish(options, report)
    except Refused as refusal:
        return report.end(REFUSED, "refused", str(refusal))
    except FunctionRefused as refusal:
        return report.end(REFUSED, "refused", f"{options.fleet} keeps its bundle: {refusal}")
    except AwsFailed as failure:
        return report.end(AWS_FAILED, "error", str(failure))


if __name__ == "__main__":
    sys.exit(main())
