"""What a user would write instead, for scripts/dev/bench-cold: a launch queue's handler with boto3."""

import json
import os

import boto3

ssm = boto3.client("ssm")


def handler(event: dict, _context: object) -> dict:
    """Sends the command to each instance whose agent is online; the others' messages come again."""
    failures = []
    for record in event["Records"]:
        instance = json.loads(record["body"])["detail"]["EC2InstanceId"]
        filters = [{"Key": "InstanceIds", "Values": [instance]}]
        known = ssm.describe_instance_information(Filters=filters)["InstanceInformationList"]
        if not known or known[0]["PingStatus"] != "Online":
            failures.append({"itemIdentifier": record["messageId"]})
            continue
        path = f"https://s3.{os.environ['AWS_REGION']}.amazonaws.com/{os.environ['GANTRY_BUCKET']}/bundle.zip"
        ssm.send_command(
            DocumentName="AWS-ApplyAnsiblePlaybooks",
            InstanceIds=[instance],
            Parameters={
                "SourceType": ["S3"],
                "SourceInfo": [json.dumps({"path": path})],
                "PlaybookFile": ["playbook.yml"],
            },
        )
    return {"batchItemFailures": failures}
