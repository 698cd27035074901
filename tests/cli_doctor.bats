#!/usr/bin/env bats
# gantry doctor against moto's server (a stand-in for AWS, on loopback), which has what the sandbox lacks: EC2,
# IAM, KMS. One fault at a time is planted in a small deployment (helpers/moto_deployment.py), and has to be found
# with its repair. moto has no agents and no simulation of policies, so those parts "could not be read".

setup_file() {
  load helpers/common
  export PATH=$ROOT/.gantry/venv/bin:$PATH AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null
  command -v moto_server >/dev/null || skip 'no moto in .gantry/venv'
  export AWS_ACCESS_KEY_ID=sandbox AWS_SECRET_ACCESS_KEY=sandbox AWS_EC2_METADATA_DISABLED=true AWS_MAX_ATTEMPTS=1
  export MOTO_IAM_LOAD_MANAGED_POLICIES=true MOTO_ACCOUNT_ID=111122223333 AWS_REGION=eu-central-1 AWS_PAGER=''
  unset AWS_PROFILE AWS_SESSION_TOKEN GANTRY_BUCKET GANTRY_FUNCTION
  moto_server -H 127.0.0.1 -p 0 >"$BATS_FILE_TMPDIR/moto" 2>&1 </dev/null 3>&- &
  echo "$!" >"$BATS_FILE_TMPDIR/pid"
  eventually grep -q 'Running on' "$BATS_FILE_TMPDIR/moto"
  AWS_ENDPOINT_URL=$(sed -nE 's#.*Running on (http://127\.0\.0\.1:[0-9]+).*#\1#p' "$BATS_FILE_TMPDIR/moto" | head -n 1)
  export AWS_ENDPOINT_URL
  "$ROOT/scripts/gantry" --version
  INSTANCE=$(deployment make)
  export INSTANCE
}

teardown_file() { [ ! -s "$BATS_FILE_TMPDIR/pid" ] || kill "$(<"$BATS_FILE_TMPDIR/pid")"; }

setup() { load helpers/common; }

deployment() { python3 -B "$ROOT/tests/helpers/moto_deployment.py" "$@"; }

gantry() { "$ROOT/scripts/gantry" "$@"; }

# wrong: the open findings on standard input, one a line: where, what, repair.
wrong() {
  python3 -c 'import json, sys
for one in json.load(sys.stdin)["findings"]:
    if one["kind"] == "wrong": print(one["where"], one["what"], one["mend"], sep=" | ")'
}

# doctor [COMMAND…]: the findings of gantry doctor, started by this command.
doctor() { "$@" "$ROOT/scripts/gantry" doctor web --instance "$INSTANCE" --json | wrong; }

# finds FAULT WHAT REPAIR: with the fault there is exactly one more finding, which has these words.
finds() {
  doctor deployment during "$1" >"$BATS_TEST_TMPDIR/found"
  comm -13 <(sort "$BATS_FILE_TMPDIR/before") <(sort "$BATS_TEST_TMPDIR/found") >"$BATS_TEST_TMPDIR/new"
  cat "$BATS_TEST_TMPDIR/new"
  [ "$(wc -l <"$BATS_TEST_TMPDIR/new")" -eq 1 ]
  grep -qF -- "$2" "$BATS_TEST_TMPDIR/new"
  grep -qF -- "$3" "$BATS_TEST_TMPDIR/new"
}

@test "in a deployment without a planted fault, only what moto lacks is not read" {
  run gantry doctor web --instance "$INSTANCE"
  echo "$output"
  doctor >"$BATS_FILE_TMPDIR/before"
  # No bundle was published.
  run cat "$BATS_FILE_TMPDIR/before"
  [ "${#lines[@]}" -eq 1 ]
  [[ $output == 'fleet web | nothing was published'* ]]
}

@test "faults of rules, mapping and schedule are found" {
  finds rule-disabled 'it is disabled' 'aws events enable-rule --name gantry-launch'
  finds rule-without-target 'none of its targets is the launch queue' 'terraform apply'
  finds mapping-gone 'nothing works off the launch queue' 'terraform apply'
  finds schedule-gone 'waits for ever' 'terraform apply'
}

@test "faults of bucket and key are found" {
  finds bundles-unprotected 'can be overwritten' 'bundle_store'
  finds key-disabled 'it is Disabled' 'aws kms enable-key'
}

@test "faults of hook and processes are found" {
  finds hook-other-result 'default result ABANDON' 'terraform apply'
  finds launches-suspended 'Launch process is suspended' 'aws autoscaling resume-processes'
}

@test "for an agent that does not come, faults of the role are found" {
  finds role-without-policy 'ssm:UpdateInstanceInformation' 'aws iam attach-role-policy --role-name web'
  finds profile-without-role 'it has no role' 'aws iam add-role-to-instance-profile'
}

@test "for an agent that does not come, faults of the network are found" {
  finds no-https-out 'no egress rule lets TCP 443 out' 'add one'
  finds no-way-out 'no default route' 'NAT gateway'
  finds addresses-used-up '5 of 5 are used' 'release one'
}
