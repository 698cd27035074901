"""Makes things of two environments in moto's server, and asks rehearse.py what is left of one.

Usage: left.py FOLDER LOG
  FOLDER  where rehearse.py is
  LOG     moto's, which says where it listens
"""

import re
import sys
import time
from pathlib import Path

sys.path.insert(0, sys.argv[1])
import rehearse  # noqa: E402


def endpoint() -> str:
    for _ in range(600):
        found = re.search(r"Running on (http://127\.0\.0\.1:\d+)", Path(sys.argv[2]).read_text("utf-8"))
        if found:
            return found[1]
        time.sleep(0.1)
    raise SystemExit("moto does not listen")


def left(address: str) -> str:
    try:
        rehearse.left(address, "dev")
    except rehearse.Failed as failure:
        return str(failure)
    return ""


def must(be: bool, said: str) -> None:
    if not be:
        raise SystemExit(f"it said: {said or 'nothing'}")


def main() -> None:
    address = endpoint()
    kms, sqs, ec2 = (rehearse.client(address, service) for service in ("kms", "sqs", "ec2"))
    tags = {"Project": "gantry", "Environment": "dev"}
    listed = [{"Key": key, "Value": value} for key, value in tags.items()]
    key = kms.create_key(Tags=[{"TagKey": tag["Key"], "TagValue": tag["Value"]} for tag in listed])["KeyMetadata"]
    queue = sqs.create_queue(QueueName="gantry-dev-launches")["QueueUrl"]
    sqs.create_queue(QueueName="gantry-prod-launches")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16", TagSpecifications=[{"ResourceType": "vpc", "Tags": listed}])["Vpc"]
    subnet = ec2.create_subnet(CidrBlock="10.0.0.0/24", VpcId=vpc["VpcId"])["Subnet"]["SubnetId"]
    of_nat = [{"ResourceType": "natgateway", "Tags": listed}]
    nat = ec2.create_nat_gateway(SubnetId=subnet, ConnectivityType="private", TagSpecifications=of_nat)["NatGateway"]
    kept = [*listed, {"Key": "Purpose", "Value": "load-balancer"}]
    ec2.allocate_address(TagSpecifications=[{"ResourceType": "elastic-ip", "Tags": kept}])
    for resource in (key["Arn"], "gantry-dev-launches", vpc["VpcId"], nat["NatGatewayId"]):
        must(resource in left(address), left(address))
    must("prod" not in left(address), left(address))
    kms.schedule_key_deletion(KeyId=key["KeyId"], PendingWindowInDays=7)
    sqs.delete_queue(QueueUrl=queue)
    ec2.delete_nat_gateway(NatGatewayId=nat["NatGatewayId"])
    ec2.delete_subnet(SubnetId=subnet)
    ec2.delete_vpc(VpcId=vpc["VpcId"])
    must(not left(address), left(address))


main()
