"""Carries what Terraform applied to moto over to the sandbox, and watches it work there.

Usage: rehearse.py world MOTO ZIP FILE        writes queues, functions, mappings and schedules for the sandbox's --world
       rehearse.py carry MOTO SANDBOX STATE   carries the rest over by the sandbox's own API
       rehearse.py watch SANDBOX              waits until the group's instances are in service; prints their addresses

MOTO and SANDBOX are endpoints, STATE is what `terraform show -json` prints. Functions, events, settings, bundle,
documents, launch template and hook are as they stand in the account; nothing of them is read from the repository.
Exit codes: 0 done, 1 it did not come to that, 2 wrong arguments.
"""

import base64
import hashlib
import json
import shlex
import sys
import time
from pathlib import Path

import boto3
import yaml
from botocore.config import Config

REGION = "eu-central-1"
PREFIX = "gantry-"
# As long as a launch deadline of an hour would be pointless to wait for: a quiet launch takes a minute.
PATIENCE_SECONDS = 900
QUEUE_ATTRIBUTES = ("MessageRetentionPeriod", "VisibilityTimeout", "Policy", "RedrivePolicy")
END = "END_OF_FILE"


class Failed(Exception):
    """The rehearsal failed; the message says what happened instead."""


class Account:
    """The services of one endpoint."""

    def __init__(self, endpoint: str):
        options = {
            "endpoint_url": endpoint,
            "region_name": REGION,
            "aws_access_key_id": "sandbox",
            "aws_secret_access_key": "sandbox",
            "config": Config(s3={"addressing_style": "path"}, retries={"max_attempts": 2}),
        }

        for service in ("autoscaling", "ec2", "events", "lambda", "s3", "scheduler", "sqs", "ssm"):
            setattr(self, service.replace("lambda", "functions"), boto3.client(service, **options))


def queues(moto: Account) -> "list[dict]":
    """A queue after the one that its dead letters go to."""
    found = []
    for url in moto.sqs.list_queues(QueueNamePrefix=PREFIX).get("QueueUrls", []):
        told = moto.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        attributes = {name: told[name] for name in QUEUE_ATTRIBUTES if told.get(name)}
        found.append({"name": url.rpartition("/")[2], "attributes": attributes})
    return sorted(found, key=lambda queue: "RedrivePolicy" in queue["attributes"])


def functions(moto: Account, package: Path) -> "list[dict]":
    """Each with the package that was uploaded for it, which has to be the one that is run."""
    digest = base64.b64encode(hashlib.sha256(package.read_bytes()).digest()).decode()
    found = []
    for name in [one["FunctionName"] for one in moto.functions.list_functions()["Functions"]]:
        function = moto.functions.get_function_configuration(FunctionName=name)
        if function["CodeSha256"] != digest:
            raise Failed(f"the function {function['FunctionName']} has another package than {package}")
        found.append(
            {
                "name": function["FunctionName"],
                "handler": function["Handler"],
                "zip": str(package.resolve()),
                "timeout": function["Timeout"],
                "memory": function["MemorySize"],
                "environment": function["Environment"]["Variables"],
            }
        )
    return found


def name_in(arn: str) -> str:
    """A function's name in its ARN, without an alias or a version."""
    parts = arn.split(":")
    return parts[6] if len(parts) > 6 else parts[-1]


def mappings(moto: Account) -> "list[dict]":
    return [
        {
            "queue": mapping["EventSourceArn"].rpartition(":")[2],
            "function": name_in(mapping["FunctionArn"]),
            "batchSize": mapping["BatchSize"],
            "windowSeconds": mapping.get("MaximumBatchingWindowInSeconds") or 1,
            "maximumConcurrency": (mapping.get("ScalingConfig") or {}).get("MaximumConcurrency", 2),
        }
        for mapping in moto.functions.list_event_source_mappings()["EventSourceMappings"]
    ]


def schedules(moto: Account) -> "list[dict]":
    found = []
    for listed in moto.scheduler.list_schedules()["Schedules"]:
        schedule = moto.scheduler.get_schedule(Name=listed["Name"])
        found.append(
            {
                "name": schedule["Name"],
                "expression": schedule["ScheduleExpression"],
                "function": name_in(schedule["Target"]["Arn"]),
            }
        )
    return found


def write_world(moto: Account, package: Path, file: Path) -> None:
    world = {
        "queues": queues(moto),
        "functions": functions(moto, package),
        "mappings": mappings(moto),
        "schedules": schedules(moto),
    }
    for kind, found in world.items():
        if not found:
            raise Failed(f"Terraform made no {kind}")
        print(f"{kind}: {', '.join(one.get('name') or one['queue'] for one in found)}")
    file.write_text(json.dumps(world, indent=1), encoding="utf-8")


def carry_buckets(moto: Account, sandbox: Account) -> None:
    for bucket in moto.s3.list_buckets()["Buckets"]:
        name = bucket["Name"]
        if name.startswith(f"{PREFIX}tfstate-"):
            continue
        sandbox.s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
        listed = moto.s3.list_objects_v2(Bucket=name).get("Contents", [])
        for stored in listed:
            body = moto.s3.get_object(Bucket=name, Key=stored["Key"])["Body"].read()
            sandbox.s3.put_object(Bucket=name, Key=stored["Key"], Body=body, ChecksumAlgorithm="SHA256")
        print(f"{name}: {', '.join(stored['Key'] for stored in listed)}")


def carry_rules(moto: Account, sandbox: Account) -> None:
    for rule in moto.events.list_rules()["Rules"]:
        targets = moto.events.list_targets_by_rule(Rule=rule["Name"])["Targets"]
        sandbox.events.put_rule(Name=rule["Name"], EventPattern=rule["EventPattern"])
        sandbox.events.put_targets(Rule=rule["Name"], Targets=[{"Id": t["Id"], "Arn": t["Arn"]} for t in targets])
        print(f"rule {rule['Name']}: {rule['EventPattern']} -> {', '.join(t['Arn'] for t in targets)}")


def carry_documents(moto: Account, sandbox: Account) -> None:
    own = [{"Key": "Owner", "Values": ["Self"]}]
    for document in moto.ssm.list_documents(Filters=own)["DocumentIdentifiers"]:
        content = moto.ssm.get_document(Name=document["Name"])["Content"]
        sandbox.ssm.create_document(
            Name=document["Name"], DocumentType="Command", DocumentFormat="JSON", Content=content
        )
        print(f"document {document['Name']}")


def resources(module: dict):
    yield from module.get("resources", [])
    for child in module.get("child_modules", []):
        yield from resources(child)


def propose(state: dict, sandbox: Account) -> None:
    """What Terraform proposed, by Terraform's own words: moto's function accepts everything, this one decides."""
    for resource in resources(state["values"]["root_module"]):
        if resource["type"] == "aws_lambda_invocation" and resource["name"] == "propose":
            values = resource["values"]
            answer = sandbox.functions.invoke(FunctionName=values["function_name"], Payload=values["input"].encode())
            told = answer["Payload"].read().decode()
            if "FunctionError" in answer or json.loads(told).get("status") != "accepted":
                raise Failed(f"the bundle was not accepted: {told}")
            print(f"{values['input']}: {told}")


def user_data(text: str) -> str:
    """Terraform's cloud-config as a script, in the order of cloud-init: bootcmd, write_files, runcmd."""
    config = yaml.safe_load(text)
    lines = ["#!/bin/sh"]
    lines += [command(one) for one in config.get("bootcmd", [])]
    for file in config.get("write_files", []):
        content = file["content"] if file["content"].endswith("\n") else f"{file['content']}\n"
        path = shlex.quote(file["path"])
        lines.append(f"install -D -m {file['permissions']} /dev/stdin {path} <<'{END}'\n{content}{END}")
    lines += [command(one) for one in config.get("runcmd", [])]
    return "\n".join(lines) + "\n"


def command(one: "list[str] | str") -> str:
    """cloud-init-per once NAME COMMAND runs the command once: at the first boot, as this script is."""
    if isinstance(one, str):
        return one
    words = one[3:] if one[:2] == ["cloud-init-per", "once"] else one
    return shlex.join(words)


def carry_group(moto: Account, sandbox: Account) -> None:
    for group in moto.autoscaling.describe_auto_scaling_groups()["AutoScalingGroups"]:
        name, template = group["AutoScalingGroupName"], group["LaunchTemplate"]
        version = moto.ec2.describe_launch_template_versions(
            LaunchTemplateId=template["LaunchTemplateId"], Versions=[template["Version"]]
        )["LaunchTemplateVersions"][0]["LaunchTemplateData"]
        script = user_data(base64.b64decode(version["UserData"]).decode())
        sandbox.autoscaling.create_launch_configuration(
            LaunchConfigurationName=f"{template['LaunchTemplateId']}-{template['Version']}",
            ImageId=version["ImageId"],
            InstanceType=version["InstanceType"],
            UserData=script,
        )
        hooks = moto.autoscaling.describe_lifecycle_hooks(AutoScalingGroupName=name)["LifecycleHooks"]
        wanted = ("LifecycleHookName", "LifecycleTransition", "HeartbeatTimeout", "DefaultResult")
        sandbox.autoscaling.create_auto_scaling_group(
            AutoScalingGroupName=name,
            LaunchConfigurationName=f"{template['LaunchTemplateId']}-{template['Version']}",
            MinSize=group["MinSize"],
            MaxSize=group["MaxSize"],
            DesiredCapacity=group["DesiredCapacity"],
            VPCZoneIdentifier=group["VPCZoneIdentifier"],
            HealthCheckGracePeriod=group["HealthCheckGracePeriod"],
            LifecycleHookSpecificationList=[{key: hook[key] for key in wanted} for hook in hooks],
        )
        print(f"group {name}: {group['DesiredCapacity']} instance(s), hooks {[h['LifecycleHookName'] for h in hooks]}")


def carry(moto: Account, sandbox: Account, state: dict) -> None:
    """In Terraform's order: no instance is held before a function can complete its hook."""
    carry_buckets(moto, sandbox)
    carry_documents(moto, sandbox)
    carry_rules(moto, sandbox)
    propose(state, sandbox)
    carry_group(moto, sandbox)


def watch(sandbox: Account) -> "list[str]":
    """Addresses of the instances in service, once the group has as many as it wants; none may be lost on the way."""
    seen: "dict[str, str]" = {}
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        group = sandbox.autoscaling.describe_auto_scaling_groups()["AutoScalingGroups"][0]
        for instance in group["Instances"]:
            state = instance["LifecycleState"]
            if seen.get(instance["InstanceId"]) != state:
                seen[instance["InstanceId"]] = state
                print(f"{instance['InstanceId']}: {state}", file=sys.stderr, flush=True)
        if len(seen) > group["DesiredCapacity"]:
            raise Failed(f"an instance was abandoned on the way: {seen}")
        inside = [one["InstanceId"] for one in group["Instances"] if one["LifecycleState"] == "InService"]
        if inside and len(inside) == group["DesiredCapacity"]:
            told = sandbox.ssm.describe_instance_information()["InstanceInformationList"]
            return [one["IPAddress"] for one in told if one["InstanceId"] in inside]
        time.sleep(1)
    raise Failed(f"after {PATIENCE_SECONDS} s the group's instances are: {seen or 'none'}")


def run(arguments: "list[str]") -> bool:
    """Whether the arguments say something."""
    action, rest = arguments[:1], arguments[1:]
    if action == ["world"] and len(rest) == 3:
        write_world(Account(rest[0]), Path(rest[1]), Path(rest[2]))
    elif action == ["carry"] and len(rest) == 3:
        carry(Account(rest[0]), Account(rest[1]), json.loads(Path(rest[2]).read_text("utf-8")))
    elif action == ["watch"] and len(rest) == 1:
        print("\n".join(watch(Account(rest[0]))))
    else:
        return False
    return True


def main() -> int:
    try:
        if not run(sys.argv[1:]):
            print(__doc__, file=sys.stderr)
            return 2
    except Failed as failure:
        print(f"rehearse: {failure}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
