"""A small deployment of Gantry in moto's server, with one instance of fleet "web", and faults to plant in it.

Usage: moto_deployment.py make | during FAULT COMMAND… | faults
make prints the instance's id. The command runs while the fault is planted; what cannot be healed makes anew.
"""

import io
import json
import subprocess
import sys
import zipfile

import boto3

REGION, ACCOUNT = "eu-central-1", "111122223333"
BUCKET = "gantry-moto"
SUBNET, VPC = "10.0.1.0/24", "10.0.0.0/16"
SSM_POLICY = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"


def client(service):
    return boto3.client(service, region_name=REGION)


ec2, iam, s3, sqs = client("ec2"), client("iam"), client("s3"), client("sqs")
events, scheduler, kms = client("events"), client("scheduler"), client("kms")
functions, groups, ssm = client("lambda"), client("autoscaling"), client("ssm")


def trust(service):
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def queue(name, **attributes):
    url = sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    return url, arn


def bundle_policy():
    statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:DeleteObject",
        "Resource": f"arn:aws:s3:::{BUCKET}/bundles/*",
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def make_bucket():
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    by_key = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
    s3.put_bucket_encryption(
        Bucket=BUCKET,
        ServerSideEncryptionConfiguration={"Rules": [{"ApplyServerSideEncryptionByDefault": by_key}]},
    )
    settings = {"fleet": "web", "hook": "gantry", "mode": "observe", "document": {"name": "Web-Apply", "version": "1"}}
    s3.put_object(Bucket=BUCKET, Key="fleets/web/settings.json", Body=json.dumps(settings))
    s3.put_bucket_policy(Bucket=BUCKET, Policy=bundle_policy())


def make_functions(queue_url, dead_letters_url, queue_arn):
    iam.create_role(RoleName="gantry-functions", AssumeRolePolicyDocument=trust("lambda.amazonaws.com"))
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("x", "")
    environment = {"GANTRY_BUCKET": BUCKET, "GANTRY_QUEUE_URL": queue_url, "GANTRY_DLQ_URL": dead_letters_url}
    for name in ("launch-queue", "sweep", "operator"):
        functions.create_function(
            FunctionName=f"gantry-{name}",
            Runtime="java21",
            Handler="x",
            Role=f"arn:aws:iam::{ACCOUNT}:role/gantry-functions",
            Timeout=60,
            Code={"ZipFile": code.getvalue()},
            Environment={"Variables": environment},
        )
    make_mapping(queue_arn)


def make_mapping(queue_arn):
    functions.create_event_source_mapping(
        EventSourceArn=queue_arn,
        FunctionName="gantry-launch-queue",
        FunctionResponseTypes=["ReportBatchItemFailures"],
    )


def make_rule(name, queue_arn):
    events.put_rule(Name=name, EventPattern='{"source": ["aws.autoscaling"]}', State="ENABLED")
    events.put_targets(Rule=name, Targets=[{"Id": "launches", "Arn": queue_arn}])


def make_schedule(state="ENABLED"):
    scheduler.create_schedule(
        Name="gantry-sweep",
        ScheduleExpression="rate(1 minute)",
        FlexibleTimeWindow={"Mode": "OFF"},
        State=state,
        Target={
            "Arn": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:gantry-sweep",
            "RoleArn": f"arn:aws:iam::{ACCOUNT}:role/gantry-functions",
        },
    )


def make_network():
    vpc = ec2.create_vpc(CidrBlock=VPC)["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock=SUBNET)["Subnet"]["SubnetId"]
    ec2.create_tags(Resources=[vpc, subnet], Tags=[{"Key": "test", "Value": "doctor"}])
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    ec2.modify_subnet_attribute(SubnetId=subnet, MapPublicIpOnLaunch={"Value": True})
    ec2.create_route(RouteTableId=table(vpc), DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    return vpc, subnet


def table(vpc):
    found = ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["RouteTables"]
    return found[0]["RouteTableId"]


def make_role():
    iam.create_role(RoleName="web", AssumeRolePolicyDocument=trust("ec2.amazonaws.com"))
    iam.attach_role_policy(RoleName="web", PolicyArn=SSM_POLICY)
    iam.create_instance_profile(InstanceProfileName="web")
    iam.add_role_to_instance_profile(InstanceProfileName="web", RoleName="web")


def make_group(subnet, security_group):
    image = ec2.describe_images()["Images"][0]["ImageId"]
    groups.create_launch_configuration(
        LaunchConfigurationName="web",
        ImageId=image,
        InstanceType="t3.small",
        IamInstanceProfile="web",
        SecurityGroups=[security_group],
        AssociatePublicIpAddress=True,
    )
    groups.create_auto_scaling_group(
        AutoScalingGroupName="web",
        LaunchConfigurationName="web",
        MinSize=0,
        MaxSize=3,
        DesiredCapacity=1,
        VPCZoneIdentifier=subnet,
    )
    groups.put_lifecycle_hook(
        AutoScalingGroupName="web",
        LifecycleHookName="gantry",
        LifecycleTransition="autoscaling:EC2_INSTANCE_LAUNCHING",
        DefaultResult="CONTINUE",
        HeartbeatTimeout=120,
    )


def make():
    dead_letters_url, dead_letters = queue("gantry-launches-dlq")
    redrive = json.dumps({"deadLetterTargetArn": dead_letters, "maxReceiveCount": 1000})
    queue_url, queue_arn = queue("gantry-launches", VisibilityTimeout="360", RedrivePolicy=redrive)
    make_bucket()
    make_functions(queue_url, dead_letters_url, queue_arn)
    make_rule("gantry-launch", queue_arn)
    make_rule("gantry-commands", queue_arn)
    make_schedule()
    content = {"schemaVersion": "2.2", "description": "x", "mainSteps": []}
    ssm.create_document(Name="Web-Apply", DocumentType="Command", Content=json.dumps(content))
    make_role()
    vpc, subnet = make_network()
    group = ec2.create_security_group(GroupName="web", Description="web", VpcId=vpc)["GroupId"]
    make_group(subnet, group)
    name = instance()["InstanceId"]
    # moto's groups start instances without the instance profile of their launch configuration.
    ec2.associate_iam_instance_profile(IamInstanceProfile={"Name": "web"}, InstanceId=name)
    print(name)


def instance():
    found = ec2.describe_instances(Filters=[{"Name": "instance-state-name", "Values": ["running"]}])
    return found["Reservations"][0]["Instances"][0]


def launch_queue():
    return f"arn:aws:sqs:{REGION}:{ACCOUNT}:gantry-launches"


def key():
    rules = s3.get_bucket_encryption(Bucket=BUCKET)["ServerSideEncryptionConfiguration"]["Rules"]
    return rules[0]["ApplyServerSideEncryptionByDefault"]["KMSMasterKeyID"]


def mapping():
    return functions.list_event_source_mappings(EventSourceArn=launch_queue())["EventSourceMappings"][0]["UUID"]


def security_group():
    return instance()["SecurityGroups"][0]["GroupId"]


def default_route(**target):
    return {"RouteTableId": table(instance()["VpcId"]), "DestinationCidrBlock": "0.0.0.0/0", **target}


def internet_gateway():
    return ec2.describe_internet_gateways(Filters=[{"Name": "attachment.vpc-id", "Values": [instance()["VpcId"]]}])[
        "InternetGateways"
    ][0]["InternetGatewayId"]


EVERYTHING = [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
HOOK = {
    "AutoScalingGroupName": "web",
    "LifecycleHookName": "gantry",
    "LifecycleTransition": "autoscaling:EC2_INSTANCE_LAUNCHING",
    "HeartbeatTimeout": 120,
}
PROCESSES = {"AutoScalingGroupName": "web", "ScalingProcesses": ["Launch"]}

FAULTS = {
    "rule-disabled": (
        lambda: events.disable_rule(Name="gantry-launch"),
        lambda: events.enable_rule(Name="gantry-launch"),
    ),
    "rule-without-target": (
        lambda: events.remove_targets(Rule="gantry-launch", Ids=["launches"]),
        lambda: make_rule("gantry-launch", launch_queue()),
    ),
    "mapping-gone": (
        lambda: functions.delete_event_source_mapping(UUID=mapping()),
        lambda: make_mapping(launch_queue()),
    ),
    "schedule-gone": (lambda: scheduler.delete_schedule(Name="gantry-sweep"), make_schedule),
    "bundles-unprotected": (
        lambda: s3.delete_bucket_policy(Bucket=BUCKET),
        lambda: s3.put_bucket_policy(Bucket=BUCKET, Policy=bundle_policy()),
    ),
    "key-disabled": (lambda: kms.disable_key(KeyId=key()), lambda: kms.enable_key(KeyId=key())),
    "hook-other-result": (
        lambda: groups.put_lifecycle_hook(DefaultResult="ABANDON", **HOOK),
        lambda: groups.put_lifecycle_hook(DefaultResult="CONTINUE", **HOOK),
    ),
    "launches-suspended": (
        lambda: groups.suspend_processes(**PROCESSES),
        lambda: groups.resume_processes(**PROCESSES),
    ),
    "role-without-policy": (
        lambda: iam.detach_role_policy(RoleName="web", PolicyArn=SSM_POLICY),
        lambda: iam.attach_role_policy(RoleName="web", PolicyArn=SSM_POLICY),
    ),
    "profile-without-role": (
        lambda: iam.remove_role_from_instance_profile(InstanceProfileName="web", RoleName="web"),
        lambda: iam.add_role_to_instance_profile(InstanceProfileName="web", RoleName="web"),
    ),
    "no-https-out": (
        lambda: ec2.revoke_security_group_egress(GroupId=security_group(), IpPermissions=EVERYTHING),
        lambda: ec2.authorize_security_group_egress(GroupId=security_group(), IpPermissions=EVERYTHING),
    ),
    "no-way-out": (
        lambda: ec2.delete_route(**default_route()),
        lambda: ec2.create_route(**default_route(GatewayId=internet_gateway())),
    ),
    "addresses-used-up": (
        lambda: [ec2.allocate_address(Domain="vpc") for _ in range(5)],
        lambda: [ec2.release_address(AllocationId=a["AllocationId"]) for a in ec2.describe_addresses()["Addresses"]],
    ),
}


def main(arguments):
    if arguments == ["make"]:
        make()
    elif arguments == ["faults"]:
        print("\n".join(FAULTS))
    elif len(arguments) > 2 and arguments[0] == "during" and arguments[1] in FAULTS:
        during(*FAULTS[arguments[1]], arguments[2:])
    else:
        sys.exit(__doc__)


def during(plant, heal, command):
    plant()
    try:
        code = subprocess.run(command, check=False).returncode
    finally:
        heal()
    sys.exit(code)


main(sys.argv[1:])
