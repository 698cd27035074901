#!/usr/bin/env bats
# The judge of tests/iam notices what it is for: here with what Terraform rendered, changed by a word.

# shellcheck disable=SC2154 # run sets status and output

setup() {
  load helpers/common
  [[ -s ${IAM:-}/rendered.jsonl ]] || skip 'nothing was rendered: suite iam does it'
}

# changed ADDRESS SID CHANGE: judges with the policy's statement s of the list all changed by a line of Python.
changed() {
  python3 - "$IAM/rendered.jsonl" "$@" >"$BATS_TEST_TMPDIR/rendered.jsonl" <<'EOF'
import json, sys
path, address, sid, change = sys.argv[1:]
event = next(json.loads(line) for line in open(path) if '"test_state"' in line)
def resources(module):
    yield from module.get("resources", [])
    for child in module.get("child_modules", []):
        yield from resources(child)
found = 0
for resource in resources(event["test_state"]["root_module"]):
    if resource["address"].endswith(address):
        policy = json.loads(resource["values"]["policy"])
        all = policy["Statement"]
        for s in [s for s in all if s.get("Sid") == sid]:
            exec(change)
            found += 1
        resource["values"]["policy"] = json.dumps(policy)
assert found, "no such statement"
print(json.dumps(event))
EOF
  run node "$IAM/judge.mjs" "$BATS_TEST_TMPDIR/rendered.jsonl" "$IAM/managed.json"
  echo "$output"
  [ "$status" -eq 1 ]
}

@test "without the statement that bundles are written once, overwriting is found" {
  changed store.aws_s3_bucket_policy.this WriteOnce 'all.remove(s)'
  [[ $output == *'an attack is allowed: publisher: s3:PutObject on '*'(overwrites a bundle)'* ]]
}

@test "a condition that says the opposite is found" {
  changed store.aws_s3_bucket_policy.this WriteOnce 's["Condition"]["Null"]["s3:if-none-match"] = "false"'
  [[ $output == *'an attack is allowed: '*'(overwrites a bundle)'* ]]
}

@test "an apply role that attaches any policy is found" {
  changed 'aws_iam_role_policy.apply[0]' OneManagedPolicy 'del s["Condition"]'
  [[ $output == *'iam:AttachRolePolicy on '*'(makes an administrator)'* ]]
}

@test "a permission that is missing is found" {
  changed 'gantry.aws_iam_role_policy.this["sweep"]' Observe 's["Action"].remove("ssm:ListCommands")'
  [[ $output == *'a call is denied: gantry-dev-sweep: ssm:ListCommands on *'* ]]
}

@test "a permission that nothing needs is found" {
  changed 'gantry.aws_iam_role_policy.this["sweep"]' Observe 's["Action"].append("ec2:TerminateInstances")'
  [[ $output == *'nothing needs it, and unused.json has no reason: '*'Observe: ec2:TerminateInstances'* ]]
}
