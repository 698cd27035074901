"""Prints the managed policies of AWS that roles here have attached, by name, as the package moto has them (JSON)."""

import json
import sys

from moto.iam.aws_managed_policies import aws_managed_policies_data

NAMES = ("AmazonSSMManagedInstanceCore",)


def main() -> int:
    policies = json.loads(aws_managed_policies_data)
    print(json.dumps({name: policies[name]["Document"] for name in NAMES}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
