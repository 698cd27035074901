"""Runs one small launch, and compares the shapes of AWS's events and answers with those that the sandbox gave.

Makes a group with one instance of the smallest kind, a queue, a rule, a bucket, all of one name, tagged where AWS can;
records; removes everything again. On AWS that takes some minutes and costs about a cent. Nothing of Gantry's is
deployed.
"""

import argparse
import json
import os
import re
import secrets
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Callable

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from aws_cli import ROOT, Aws, AwsFailed, find_aws  # noqa: E402
from shapes import differences, shape  # noqa: E402

SAME, DIFFERENT, AWS_FAILED = 0, 1, 3
BASELINE = ROOT / "tests/shapes/sandbox.json"
TAG = "gantry:verify"
ID = re.compile(r"verify-[0-9a-f]{8}")
HOOK = "verify"
# Ids within an error's words.
VOLATILE = re.compile(r"i-[0-9a-f]{17}|verify-[0-9a-f]{8}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{12}")
TRUST = '{"Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}'
IMAGE = "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"


class Late(Exception):
    """The run's time is over; the message says what it was waiting for."""


class Run:
    """One run's cloud: calls, recordings, and the time that is left."""

    def __init__(self, aws: Aws, name: str, seconds: int, say: "Callable[[str], None]") -> None:
        self.aws = aws
        self.name = name
        self.records: dict[str, Any] = {}
        self._end = time.monotonic() + seconds
        self._begin = time.monotonic()
        self._say = say

    def say(self, words: str) -> None:
        passed = int(time.monotonic() - self._begin)
        self._say(f"{passed // 60}:{passed % 60:02d}  {words}")

    def ask(self, *arguments: str) -> Any:
        # Version 1 of the CLI reads no AWS_ENDPOINT_URL for SQS.
        endpoint = os.environ.get("AWS_ENDPOINT_URL")
        more = ["--endpoint-url", endpoint] if arguments[0] == "sqs" and endpoint else []
        return self.aws.ask(*arguments, *more)

    def record(self, name: str, *arguments: str) -> Any:
        """Calls, and keeps the answer's shape; or the error, its words without their ids."""
        try:
            answer = self.ask(*arguments)
            self.records[name] = shape(answer)
            return answer
        except AwsFailed as failure:
            if not failure.code:
                raise
            words = str(failure).partition(" operation:")[2].strip() or str(failure)
            self.records[name] = {"error": [failure.code], "words": [VOLATILE.sub("…", words)]}
            return {}

    def region(self) -> str:
        """Where the CLI works; creating a bucket is the one call that has to say it."""
        given = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
        return given or self.aws.call("configure", "get", "region").strip() or "us-east-1"

    def until(self, what: str, ask: "Callable[[], Any]") -> Any:
        """Asks until the answer is one."""
        self.say(f"waiting for {what}")
        while True:
            answer = ask()
            if answer:
                return answer
            if time.monotonic() > self._end:
                raise Late(what)
            time.sleep(1)


def make_surroundings(run: Run, launch_configuration: "str | None", zones: "list[str]") -> None:
    """A queue that events come to, and a group that launches nothing yet."""
    run.say(f"making the queue, the rule and the group {run.name}")
    url = run.ask("sqs", "create-queue", "--queue-name", run.name, "--tags", f"{TAG}={run.name}")["QueueUrl"]
    arn = run.ask("sqs", "get-queue-attributes", "--queue-url", url, "--attribute-names", "QueueArn")
    arn = arn["Attributes"]["QueueArn"]
    rules = arn.replace(":sqs:", ":events:").rpartition(":")[0] + f":rule/{run.name}-*"
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn,
        "Condition": {"ArnLike": {"aws:SourceArn": rules}},
    }
    policy = json.dumps({"Policy": json.dumps({"Version": "2012-10-17", "Statement": [statement]})})
    run.ask("sqs", "set-queue-attributes", "--queue-url", url, "--attributes", policy)
    put_rule(run, "launches", "aws.autoscaling", {"AutoScalingGroupName": [run.name]}, arn)
    source = ["--launch-configuration-name", launch_configuration] if launch_configuration else make_template(run)
    where = ["--availability-zones", *zones] if zones else ["--vpc-zone-identifier", default_subnets(run)]
    hook = f"LifecycleHookName={HOOK},LifecycleTransition=autoscaling:EC2_INSTANCE_LAUNCHING,HeartbeatTimeout=900"
    tag = f"ResourceType=auto-scaling-group,ResourceId={run.name},Key={TAG},Value={run.name},PropagateAtLaunch=true"
    group = ["create-auto-scaling-group", "--auto-scaling-group-name", run.name, *source, *where, "--tags", tag]
    sizes = ["--min-size", "0", "--max-size", "1", "--desired-capacity", "0"]
    run.ask("autoscaling", *group, *sizes, "--lifecycle-hook-specification-list", f"{hook},DefaultResult=ABANDON")


def put_rule(run: Run, what: str, source: str, detail: "dict[str, Any]", queue: str) -> None:
    rule = f"{run.name}-{what}"
    run.ask("events", "put-rule", "--name", rule, "--event-pattern", json.dumps({"source": [source], "detail": detail}))
    run.ask("events", "put-targets", "--rule", rule, "--targets", f"Id=queue,Arn={queue}")


def make_template(run: Run) -> "list[str]":
    """AWS only: a role that lets the agent register, and a template of the smallest instance."""
    tags = ["--tags", f"Key={TAG},Value={run.name}"]
    run.ask("iam", "create-role", "--role-name", run.name, "--assume-role-policy-document", TRUST, *tags)
    managed = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"
    run.ask("iam", "attach-role-policy", "--role-name", run.name, "--policy-arn", managed)
    run.ask("iam", "create-instance-profile", "--instance-profile-name", run.name, *tags)
    run.ask("iam", "add-role-to-instance-profile", "--instance-profile-name", run.name, "--role-name", run.name)
    data = {
        "ImageId": IMAGE,
        "InstanceType": "t3.micro",
        "IamInstanceProfile": {"Name": run.name},
        "MetadataOptions": {"HttpTokens": "required"},
    }
    template = ["--launch-template-name", run.name, "--launch-template-data", json.dumps(data)]
    tagging = f"ResourceType=launch-template,Tags=[{{Key={TAG},Value={run.name}}}]"
    run.ask("ec2", "create-launch-template", *template, "--tag-specifications", tagging)
    # IAM is eventually consistent: a profile of this very second is unknown to Auto Scaling.
    time.sleep(15)
    return ["--launch-template", f"LaunchTemplateName={run.name},Version=1"]


def default_subnets(run: Run) -> str:
    found = run.ask("ec2", "describe-subnets", "--filters", "Name=default-for-az,Values=true")["Subnets"]
    if not found:
        raise AwsFailed("this Region has no default VPC: give zones or a Region that has one")
    return ",".join(subnet["SubnetId"] for subnet in found)


def record_launch(run: Run) -> str:
    run.record("send-command, no such instance", *command("i-00000000000000000", "true"))
    run.ask("autoscaling", "set-desired-capacity", "--auto-scaling-group-name", run.name, "--desired-capacity", "1")
    instance = run.until("an instance that waits at its hook", lambda: member(run, "Pending:Wait"))
    ids = ["--instance-ids", instance]
    run.record("describe-auto-scaling-instances, waiting", "autoscaling", "describe-auto-scaling-instances", *ids)
    group = ["--auto-scaling-group-name", run.name]
    run.record("describe-lifecycle-hooks", "autoscaling", "describe-lifecycle-hooks", *group)
    run.record("record-lifecycle-action-heartbeat", *lifecycle(run, "record-lifecycle-action-heartbeat", instance))
    event(run, "event of the launch", lambda body: body["detail-type"].endswith("Lifecycle Action"))
    return instance


def record_commands(run: Run, instance: str) -> None:
    filters = ["--filters", f"Key=InstanceIds,Values={instance}"]
    find = ("ssm", "describe-instance-information", *filters)
    run.until("the instance's agent", lambda: run.ask(*find)["InstanceInformationList"])
    run.record("describe-instance-information", *find)
    url = run.ask("sqs", "get-queue-url", "--queue-name", run.name)["QueueUrl"]
    attributes = run.ask("sqs", "get-queue-attributes", "--queue-url", url, "--attribute-names", "QueueArn")
    queue = attributes["Attributes"]["QueueArn"]
    put_rule(run, "commands", "aws.ssm", {"instance-id": [instance], "status": ["Success", "Failed"]}, queue)
    for name, line in (("that succeeds", "echo hello"), ("that fails", "echo no >&2; exit 3")):
        sent = run.record(f"send-command, {name}", *command(instance, line))["Command"]["CommandId"]
        one = ["--command-id", sent, "--instance-id", instance]
        run.until(f"the command {name}", lambda one=one: ended(run, one))
        listing = ("ssm", "list-command-invocations", "--command-id", sent, "--details")
        run.record(f"list-command-invocations, {name}", *listing)
        run.record(f"get-command-invocation, {name}", "ssm", "get-command-invocation", *one)
        run.record(f"list-commands, {name}", "ssm", "list-commands", "--command-id", sent)
        event(run, f"event of the command {name}", lambda body, sent=sent: body["detail"].get("command-id") == sent)
    unknown = ["--command-id", "00000000-0000-0000-0000-000000000000", "--instance-id", instance]
    run.record("get-command-invocation, no such command", "ssm", "get-command-invocation", *unknown)


def record_completion(run: Run, instance: str) -> None:
    complete = [*lifecycle(run, "complete-lifecycle-action", instance), "--lifecycle-action-result", "CONTINUE"]
    run.record("complete-lifecycle-action", *complete)
    run.until("the instance in service", lambda: member(run, "InService"))
    run.record("complete-lifecycle-action, again", *complete)
    ids = ["--instance-ids", instance]
    run.record("describe-auto-scaling-instances, in service", "autoscaling", "describe-auto-scaling-instances", *ids)
    activities = ["describe-scaling-activities", "--auto-scaling-group-name", run.name]
    run.record("describe-scaling-activities", "autoscaling", *activities)


def record_objects(run: Run) -> None:
    """The conditional writes that the ledger stands on."""
    region = run.region()
    place = [] if region == "us-east-1" else ["--create-bucket-configuration", f"LocationConstraint={region}"]
    run.ask("s3api", "create-bucket", "--bucket", bucket(run.name), *place)
    put = ["s3api", "put-object", "--bucket", bucket(run.name), "--key"]
    run.record("put-object, If-None-Match", *put, "a", "--if-none-match", "*")
    run.record("put-object, If-None-Match on one that is there", *put, "a", "--if-none-match", "*")
    run.record("put-object, If-Match on another's", *put, "a", "--if-match", '"00000000000000000000000000000000"')
    run.record("put-object, If-Match on none", *put, "b", "--if-match", '"00000000000000000000000000000000"')
    get = ["--bucket", bucket(run.name), "--key", "b", "/dev/null"]
    run.record("get-object, none", "s3api", "get-object", *get)


def bucket(name: str) -> str:
    return f"gantry-{name}"


def command(instance: str, line: str) -> "list[str]":
    what = ["--document-name", "AWS-RunShellScript", "--parameters", json.dumps({"commands": [line]})]
    return ["ssm", "send-command", "--instance-ids", instance, *what, "--comment", "gantry verify"]


def lifecycle(run: Run, operation: str, instance: str) -> "list[str]":
    hook = ["--auto-scaling-group-name", run.name, "--lifecycle-hook-name", HOOK, "--instance-id", instance]
    return ["autoscaling", operation, *hook]


def member(run: Run, state: str) -> "str | None":
    groups = run.ask("autoscaling", "describe-auto-scaling-groups", "--auto-scaling-group-names", run.name)
    members = groups["AutoScalingGroups"][0].get("Instances", [])
    return next((each["InstanceId"] for each in members if each["LifecycleState"] == state), None)


def ended(run: Run, one: "list[str]") -> bool:
    try:
        return run.ask("ssm", "get-command-invocation", *one)["Status"] in ("Success", "Failed")
    except AwsFailed as failure:
        # Right after SendCommand (eventual consistency).
        if failure.code != "InvocationDoesNotExist":
            raise
        return False


def event(run: Run, name: str, wanted: "Callable[[dict[str, Any]], bool]") -> None:
    """The first event in the queue that is wanted; events are best effort, so a missing one is reported."""
    url = run.ask("sqs", "get-queue-url", "--queue-name", run.name)["QueueUrl"]
    for _ in range(6):
        got = run.ask("sqs", "receive-message", "--queue-url", url, "--wait-time-seconds", "10")
        for message in got.get("Messages", []):
            handle = ["--queue-url", url, "--receipt-handle", message["ReceiptHandle"]]
            run.ask("sqs", "delete-message", *handle)
            body = json.loads(message["Body"])
            if wanted(body):
                run.records[name] = shape(body)
                return
    run.records[name] = {"event": ["did not come"]}


def clean(aws: Aws, name: str, on_aws: bool) -> "Iterator[str]":
    """Removes everything that a run of this name can have made; reports what is left."""
    run = Run(aws, name, 600, lambda _: None)
    yield from removed(
        run, "autoscaling", "delete-auto-scaling-group", "--auto-scaling-group-name", name, "--force-delete"
    )
    for what in ("launches", "commands"):
        rule = f"{name}-{what}"
        yield from removed(run, "events", "remove-targets", "--rule", rule, "--ids", "queue")
        yield from removed(run, "events", "delete-rule", "--name", rule)
    try:
        url = run.ask("sqs", "get-queue-url", "--queue-name", name)["QueueUrl"]
        yield from removed(run, "sqs", "delete-queue", "--queue-url", url)
    except AwsFailed as failure:
        yield from left("the queue", failure)
    yield from removed(run, "s3api", "delete-object", "--bucket", bucket(name), "--key", "a")
    yield from removed(run, "s3api", "delete-bucket", "--bucket", bucket(name))
    if on_aws:
        yield from clean_template(run)


def clean_template(run: Run) -> "Iterator[str]":
    run_name, profile = ["--role-name", run.name], ["--instance-profile-name", run.name]
    yield from removed(run, "ec2", "delete-launch-template", "--launch-template-name", run.name)
    yield from removed(run, "iam", "remove-role-from-instance-profile", *profile, *run_name)
    yield from removed(run, "iam", "delete-instance-profile", *profile)
    managed = ["--policy-arn", "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"]
    yield from removed(run, "iam", "detach-role-policy", *run_name, *managed)
    yield from removed(run, "iam", "delete-role", *run_name)


def removed(run: Run, *arguments: str) -> "Iterator[str]":
    try:
        run.ask(*arguments)
    except AwsFailed as failure:
        yield from left(f"aws {' '.join(arguments)}", failure)


def left(what: str, failure: AwsFailed) -> "Iterator[str]":
    """What was never made is not left."""
    gone = ("NoSuch", "NotFound", "NonExistent", "DoesNotExist", "not found", "does not exist", "No such")
    if not any(word in str(failure) for word in gone):
        yield f"{what}: {failure}"


def compare(records: "dict[str, Any]", baseline: "dict[str, Any]") -> "Iterator[str]":
    for name in sorted(records.keys() | baseline.keys()):
        if name not in records or name not in baseline:
            yield f"{name}: {'not recorded here' if name in baseline else 'the sandbox was never asked'}"
        else:
            for line in differences(records[name], baseline[name], ("here", "sandbox")):
                yield f"{name}: {line}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="verify-on-aws",
        description="Runs one small launch in your account, records the shapes of events and answers, compares them "
        "with the sandbox's, and removes everything. About 10 minutes and a cent.",
        epilog="Exit codes: 0 the same, 1 something differs, or is left, 2 wrong options, 3 AWS failed. Endpoint, "
        "region and credentials are the aws CLI's own (AWS_ENDPOINT_URL, AWS_REGION, AWS_PROFILE …).",
        allow_abbrev=False,
    )
    parser.add_argument("--yes", action="store_true", help="does not ask before it makes anything")
    parser.add_argument("--minutes", type=int, default=20, help="when it gives up (default: %(default)s, at most 60)")
    parser.add_argument(
        "--launch-configuration", metavar="NAME", help="one that is there, instead of a template (sandbox)"
    )
    parser.add_argument("--zones", nargs="+", default=[], metavar="ZONE", help="instead of the default VPC's subnets")
    parser.add_argument("--record", type=Path, metavar="FILE", help="write the shapes there")
    parser.add_argument("--shapes", type=Path, default=BASELINE, metavar="FILE", help="compare with these")
    parser.add_argument("--clean", metavar="ID", help="only remove what a killed run of this id has left")
    parser.add_argument("--json", action="store_true", help="print one JSON object: id, recorded, differences, left")
    return parser


def _options() -> argparse.Namespace:
    parser = _parser()
    options = parser.parse_args()
    if not 1 <= options.minutes <= 60:
        parser.error(f"--minutes {options.minutes}: 1 to 60")
    if options.clean and not ID.fullmatch(options.clean):
        parser.error(f"--clean {options.clean!r}: an id is verify- and eight hex digits")
    if not options.clean and not options.yes and not (sys.stdin.isatty() and sys.stderr.isatty()):
        parser.error("there is no terminal for questions: use --yes")
    return options


def _agreed(options: argparse.Namespace, aws: Aws, name: str) -> bool:
    if options.yes:
        return True
    account = aws.ask("sts", "get-caller-identity")["Account"]
    print(
        f"Account {account}: makes and removes a group with one t3.micro, a queue, rules, a bucket: {name}",
        file=sys.stderr,
    )
    return input("Go on? [y/N] ").lower().startswith("y")


def _stop(*_: object) -> None:
    raise KeyboardInterrupt


def _carry_out(run: Run, options: argparse.Namespace) -> None:
    make_surroundings(run, options.launch_configuration, options.zones)
    instance = record_launch(run)
    record_commands(run, instance)
    record_completion(run, instance)
    record_objects(run)


def _tell(options: argparse.Namespace, run: Run, found: "list[str]", rest: "list[str]") -> int:
    if options.json:
        print(json.dumps({"id": run.name, "recorded": len(run.records), "differences": found, "left": rest}))
    else:
        print("\n".join([*found, *(f"LEFT: {line}" for line in rest)]))
        print(f"{run.name}: {len(run.records)} recorded, {len(found)} differences, {len(rest)} left")
    return DIFFERENT if found or rest else SAME


def main() -> int:
    options = _options()
    signal.signal(signal.SIGTERM, _stop)
    name = options.clean or f"verify-{secrets.token_hex(4)}"
    code, found = SAME, []
    try:
        aws = find_aws()
        run = Run(aws, name, 60 * options.minutes, lambda words: print(words, file=sys.stderr))
        if options.clean:
            return _tell(options, run, [], list(clean(aws, name, not options.launch_configuration)))
        if not _agreed(options, aws, name):
            return SAME
    except AwsFailed as failure:
        print(f"verify-on-aws: {failure}", file=sys.stderr)
        return AWS_FAILED
    try:
        _carry_out(run, options)
        if options.record:
            options.record.write_text(json.dumps(run.records, indent=2, sort_keys=True) + "\n", encoding="utf-8")
        found = list(compare(run.records, json.loads(options.shapes.read_text(encoding="utf-8"))))
    except AwsFailed as failure:
        print(f"verify-on-aws: {failure}", file=sys.stderr)
        code = AWS_FAILED
    except Late as late:
        print(f"verify-on-aws: {options.minutes} minutes are over, still waiting for {late}", file=sys.stderr)
        code = AWS_FAILED
    except KeyboardInterrupt:
        code = 130
    finally:
        run.say(f"removing everything (if this is killed: scripts/ops/verify-on-aws --clean {name})")
        rest = list(clean(aws, name, not options.launch_configuration))
    if code != SAME:
        print("\n".join(f"LEFT: {line}" for line in rest), end="\n" if rest else "", file=sys.stderr)
        return code
    return _tell(options, run, found, rest)


if __name__ == "__main__":
    sys.exit(main())
