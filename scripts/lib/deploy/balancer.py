"""Does the work of an account's network load balancers, on this machine.

Usage: balancer.py ENDPOINT HOSTS NETWORK   until it is ended

Each second it reads load balancers, listeners and target groups of the account at ENDPOINT, and listens for each at an
address of loopback, under the load balancer's DNS name: HOSTS gets a line for it, in the form of /etc/hosts. NETWORK is
the beginning of these addresses, for example 127.0.1. A connection goes to one instance in service of a group that
names the listener's target group, to the next one each time. There are no health checks beyond that, no TLS, no
cross-zone setting, and UDP is not forwarded.
"""

import contextlib
import socket
import sys
import threading
import time
from itertools import count
from pathlib import Path

import boto3
from botocore.exceptions import BotoCoreError, ClientError

REGION = "eu-central-1"
CHUNK = 65536
NEVER = 3600


class Balancer:
    """Listeners that were found, each with its own address."""

    def __init__(self, endpoint: str, hosts: Path, network: str):
        self.hosts = hosts
        self.network = network
        self.open: "set[str]" = set()
        self.address: "dict[str, str]" = {}
        self.turn = count()
        options = {"endpoint_url": endpoint, "region_name": REGION}
        keys = {"aws_access_key_id": "sandbox", "aws_secret_access_key": "sandbox"}
        self.elb, self.autoscaling, self.ssm = (
            boto3.client(service, **options, **keys) for service in ("elbv2", "autoscaling", "ssm")
        )

    def look(self) -> None:
        for balancer in self.elb.describe_load_balancers()["LoadBalancers"]:
            arn, name = balancer["LoadBalancerArn"], balancer["DNSName"]
            if arn not in self.address:
                self.address[arn] = f"{self.network}.{len(self.address) + 1}"
                with self.hosts.open("a", encoding="utf-8") as file:
                    file.write(f"{self.address[arn]} {name}\n")
                print(f"{name} is {self.address[arn]}", flush=True)
            for listener in self.elb.describe_listeners(LoadBalancerArn=arn)["Listeners"]:
                self.listen(self.address[arn], listener)

    def listen(self, address: str, listener: dict) -> None:
        if listener["ListenerArn"] in self.open or listener["Protocol"] not in ("TCP", "TCP_UDP"):
            return
        self.open.add(listener["ListenerArn"])
        server = socket.create_server((address, listener["Port"]))
        target_group = listener["DefaultActions"][0]["TargetGroupArn"]
        threading.Thread(target=self.accept, args=(server, target_group), daemon=True).start()
        print(f"listening on {address}:{listener['Port']} for {target_group}", flush=True)

    def accept(self, server: socket.socket, target_group: str) -> None:
        while True:
            client, _ = server.accept()
            threading.Thread(target=self.connect, args=(client, target_group), daemon=True).start()

    def connect(self, client: socket.socket, target_group: str) -> None:
        try:
            port = self.elb.describe_target_groups(TargetGroupArns=[target_group])["TargetGroups"][0]["Port"]
            targets = self.targets(target_group)
            if not targets:
                raise OSError("no instance is in service")
            target = socket.create_connection((targets[next(self.turn) % len(targets)], port), timeout=10)
        except (OSError, BotoCoreError, ClientError) as error:
            print(f"a connection is refused: {error}", flush=True)
            client.close()
            return
        for source, sink in ((client, target), (target, client)):
            source.settimeout(NEVER)
            threading.Thread(target=pump, args=(source, sink), daemon=True).start()

    def targets(self, target_group: str) -> "list[str]":
        inside = [
            instance["InstanceId"]
            for group in self.autoscaling.describe_auto_scaling_groups()["AutoScalingGroups"]
            if target_group in group["TargetGroupARNs"]
            for instance in group["Instances"]
            if instance["LifecycleState"] == "InService"
        ]
        agents = self.ssm.describe_instance_information()["InstanceInformationList"]
        return sorted(one["IPAddress"] for one in agents if one["InstanceId"] in inside)


def pump(source: socket.socket, sink: socket.socket) -> None:
    try:
        while data := source.recv(CHUNK):
            sink.sendall(data)
    except OSError:
        pass
    for end in (source, sink):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


def main() -> int:
    if len(sys.argv) != 4:
        print(__doc__, file=sys.stderr)
        return 2
    balancer = Balancer(sys.argv[1], Path(sys.argv[2]), sys.argv[3])
    while True:
        try:
            balancer.look()
        except (BotoCoreError, ClientError) as error:
            # The account is being changed, or ends.
            print(error, file=sys.stderr, flush=True)
        time.sleep(1)


if __name__ == "__main__":
    sys.exit(main())
