#!/usr/bin/env bats
# The judge of tests/iam notices what it is for: here with what Terraform rendered, changed by a word.

# shellcheck disable=SC2154 # run sets status and output

setup() {
  load helpers/common
  [[ -s ${IAM:-}/rendered.jsonl ]] || skip 'nothing was rendered: suite policies does it'
}

# changed [ADDRESS SID CHANGE]…: judges with the policy's statement s of the list all changed by a line of Python. An
# empty SID means each statement that has none. A role's own policy says who may take the role.
changed() {
  python3 - "$IAM/rendered.jsonl" "$@" >"$BATS_TEST_TMPDIR/rendered.jsonl" <<'EOF'
import json, sys
path, *wanted = sys.argv[1:]
events = [json.loads(line) for line in open(path) if '"test_state"' in line or '"test_plan"' in line]
def resources(module):
    yield from module.get("resources", [])
    for child in module.get("child_modules", []):
        yield from resources(child)
states = [event["test_state"]["root_module"] for event in events if "test_state" in event]
known = [(resource["address"], resource["values"]) for state in states for resource in resources(state)]
plans = [event["test_plan"]["resource_changes"] for event in events if event.get("test_plan")]
known += [(change["address"], change["change"]["after"]) for plan in plans for change in plan]
for address, sid, change in zip(wanted[::3], wanted[1::3], wanted[2::3]):
    found = 0
    for values in [values for name, values in known if name.endswith(address) and values]:
        field = "policy" if "policy" in values else "assume_role_policy"
        if field in values:
            policy = json.loads(values[field])
            all = policy["Statement"]
            for s in [s for s in all if s.get("Sid", "") == sid]:
                exec(change)
                found += 1
            values[field] = json.dumps(policy)
    assert found, f"no such statement: {address} {sid}"
print(*map(json.dumps, events), sep="\n")
EOF
  run node "$IAM/judge.mjs" "$BATS_TEST_TMPDIR/rendered.jsonl" "$IAM/managed.json"
  echo "$output"
  [ "$status" -eq 1 ]
}

@test "every IAM name of an environment and its pipeline begins with its prefix" {
  run python3 - "$IAM/rendered.jsonl" <<'EOF'
import json, sys
runs = [json.loads(line) for line in open(sys.argv[1]) if '"test_plan"' in line]
changes = [change for run in runs for change in run["test_plan"]["resource_changes"]]
named = ("aws_iam_role", "aws_iam_instance_profile", "aws_iam_policy")
names = [change["change"]["after"]["name"] for change in changes if change["type"] in named]
print(len(names), *[name for name in names if not name.startswith("acme-gantry-dev-")])
EOF
  [ "$output" = 13 ]
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

@test "what another account's rule, alarm or schedule may use is found, and a pipeline that any branch applies" {
  changed gantry.aws_sqs_queue_policy.launches RulesOfThisEnvironment 'del s["Condition"]' \
    pager.aws_sns_topic_policy.this AlarmsOfThisAccount 'del s["Condition"]' \
    gantry.aws_iam_role.schedule '' 'del s["Condition"]' \
    'module.pipeline["apply"].aws_iam_role.this' '' \
    's["Condition"]["StringEquals"].pop("token.actions.githubusercontent.com:sub")'
  [[ $output == *'an attack is allowed: events.amazonaws.com: '*'(a rule of another account matched)'* ]]
  [[ $output == *'an attack is allowed: cloudwatch.amazonaws.com: sns:Publish on '* ]]
  [[ $output == *'an attack is allowed: scheduler.amazonaws.com: sts:AssumeRole on '* ]]
  [[ $output == *'sts:AssumeRoleWithWebIdentity on '*'role/gantry-dev-apply (applies without the environment)'* ]]
}

@test "a key with which an administrator reads the SSH keys is found" {
  changed 'bastion_fallback[0].aws_kms_key.this' Administration 's["Action"].append("kms:Decrypt")'
  [[ $output == *'an attack is allowed: administrator: kms:Decrypt on '*'(reads or replaces the SSH keys)'* ]]
}

@test "a trust that nothing uses is found" {
  changed 'gantry.aws_iam_role.this["sweep"]' '' \
    'all.append({**s, "Principal": {"Service": "edgelambda.amazonaws.com"}})'
  [[ $output == *'nothing needs it, and unused.json has no reason: '*'this["sweep"].assume_role_policy: 1'* ]]
}

@test "an endpoint that lets any account's keys through is found" {
  changed 'network[0].aws_vpc_endpoint.s3' OwnPrincipals 'del s["Condition"]'
  [[ $output == *'intruder: s3:PutObject on arn:aws:s3:::loot/data.tar ('*"own keys, from an instance)"* ]]
  changed 'network[0].aws_vpc_endpoint.interface["sqs"]' OwnPrincipals 'del s["Condition"]'
  [[ $output == *'intruder: sqs:SendMessage on arn:aws:sqs:'*':loot'* ]]
}

@test "an endpoint through which the agent cannot download, or that anybody writes through, is found" {
  changed 'network[0].aws_vpc_endpoint.s3' ReadBucketsOfAws 's["Resource"].pop()'
  [[ $output == *'a call is denied: '*'s3:GetObject on arn:aws:s3:::eu-central-1-birdwatcher-prod/'* ]]
  changed 'network[0].aws_vpc_endpoint.s3' ReadBucketsOfAws 's["Action"] = "s3:*"'
  [[ $output == *'an attack is allowed: '*'s3:PutObject on arn:aws:s3:::amazon-ssm-eu-central-1/x'* ]]
}

@test "a bucket of states that is read without TLS is found" {
  changed aws_s3_bucket_policy.state TlsOnly 'all.remove(s)'
  [[ $output == *'administrator: s3:GetObject on arn:aws:s3:::gantry-tfstate-'*'/terraform.tfstate (without TLS)'* ]]
}
