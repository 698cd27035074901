"""Connects through balancer.py to two instances in service and one that is not; fails if they do not take turns.

Usage: balanced.py FOLDER
"""

import socket
import sys
import tempfile
import threading
from pathlib import Path

sys.path.insert(0, sys.argv[1])
import balancer as subject  # noqa: E402

GROUP = "arn:group"
INSTANCES = {"i-1": ("127.0.2.1", "InService"), "i-2": ("127.0.2.2", "InService"), "i-3": ("127.0.2.3", "Pending:Wait")}


class Service:
    """Answers each method with what the account has."""

    def __init__(self, **answers: dict):
        self.answers = answers

    def __getattr__(self, name: str):
        return lambda **_: self.answers[name]


def serve(address: str, port: int) -> int:
    """Sends its own address down each connection; answers its port."""
    server = socket.create_server((address, port))

    def answer() -> None:
        while True:
            client, _ = server.accept()
            client.sendall(address.encode())
            client.close()

    threading.Thread(target=answer, daemon=True).start()
    return server.getsockname()[1]


def account(port: int, target: int) -> "subject.Balancer":
    hosts = Path(tempfile.mkstemp()[1])
    made = subject.Balancer("http://127.0.0.1:1", hosts, "127.0.1")
    made.elb = Service(
        describe_load_balancers={"LoadBalancers": [{"LoadBalancerArn": "arn:lb", "DNSName": "lb.example.com"}]},
        describe_listeners={
            "Listeners": [
                {"ListenerArn": "l", "Protocol": "TCP", "Port": port, "DefaultActions": [{"TargetGroupArn": GROUP}]}
            ]
        },
        describe_target_groups={"TargetGroups": [{"Port": target}]},
    )
    states = [{"InstanceId": id, "LifecycleState": state} for id, (_, state) in INSTANCES.items()]
    groups = [{"TargetGroupARNs": [GROUP], "Instances": states}, {"TargetGroupARNs": [], "Instances": []}]
    made.autoscaling = Service(describe_auto_scaling_groups={"AutoScalingGroups": groups})
    told = [{"InstanceId": id, "IPAddress": address} for id, (address, _) in INSTANCES.items()]
    made.ssm = Service(describe_instance_information={"InstanceInformationList": told})
    return made


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def main() -> None:
    target = serve("127.0.2.1", 0)
    serve("127.0.2.2", target)
    serve("127.0.2.3", target)
    port = free_port()
    made = account(port, target)
    made.look()
    made.look()
    line = made.hosts.read_text("utf-8")
    made.hosts.unlink()
    if line != "127.0.1.1 lb.example.com\n":
        sys.exit(f"the hosts file has {line!r}")
    reached = []
    for _ in range(4):
        with socket.create_connection(("127.0.1.1", port), timeout=10) as client:
            reached.append(client.recv(100).decode())
    if reached != ["127.0.2.1", "127.0.2.2"] * 2:
        sys.exit(f"the connections went to {reached}")


if __name__ == "__main__":
    main()
