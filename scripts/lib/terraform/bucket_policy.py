"""Compares the bucket's policy that Terraform renders with the one that the sandbox's example enforces.

Usage: bucket_policy.py RENDERED [--write]
  RENDERED  what `terraform test -json -verbose` in tests/rendered printed
  --write   takes over what was rendered
Exit codes: 0 they are the same, 1 they differ, 2 wrong arguments.
"""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from rendered import resources  # noqa: E402

KEPT = Path(__file__).resolve().parents[3] / "sandbox/src/main/resources/bucket-policy.json"


def main() -> int:
    if len(sys.argv) not in (2, 3) or sys.argv[2:] not in ([], ["--write"]):
        print(__doc__, file=sys.stderr)
        return 2
    found = [r["values"]["policy"] for r in resources(Path(sys.argv[1])) if r["type"] == "aws_s3_bucket_policy"]
    policy = json.loads(found[0])
    if sys.argv[2:]:
        KEPT.write_text(json.dumps(policy, indent=2) + "\n", encoding="utf-8")
    if json.loads(KEPT.read_text(encoding="utf-8")) != policy:
        print(f"the sandbox enforces another bucket policy than Terraform renders: {sys.argv[0]} RENDERED --write")
        return 1
    print("the sandbox enforces the bucket policy that Terraform renders")
    return 0


if __name__ == "__main__":
    sys.exit(main())
