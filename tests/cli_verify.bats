#!/usr/bin/env bats
# scripts/ops/verify-on-aws with the real aws CLI, against the sandbox with real instances. It records what
# tests/shapes/sandbox.json says, so that on AWS it compares with the sandbox of today.

setup_file() {
  load helpers/common
  load helpers/sandbox
  [ -z "${NO_REAL_INSTANCES:-}" ] || return 0
  use_own_aws
  start_sandbox "$BATS_FILE_TMPDIR/sandbox" --instances real
  export SANDBOX
  use_sandbox "$BATS_FILE_TMPDIR/sandbox"
}

setup() {
  [ -z "${NO_REAL_INSTANCES:-}" ] || skip "$NO_REAL_INSTANCES"
  load helpers/common
  load helpers/sandbox
}

teardown_file() {
  load helpers/common
  load helpers/sandbox
  [ -z "${SANDBOX:-}" ] || stop_sandbox "$SANDBOX" TERM
}

# Options for the sandbox, which has neither launch templates nor subnets.
FITTING=(--yes --minutes 10 --launch-configuration example --zones eu-central-1a)

# what_is_there: groups and queues of runs.
what_is_there() {
  aws autoscaling describe-auto-scaling-groups --output text --query 'AutoScalingGroups[].[AutoScalingGroupName]'
  aws sqs list-queues --endpoint-url "$AWS_ENDPOINT_URL" --output text --query 'QueueUrls[]'
  aws s3api list-buckets --output text --query 'Buckets[].[Name]'
}

@test "a run records what the kept shapes say, and leaves nothing" {
  run "$ROOT/scripts/ops/verify-on-aws" "${FITTING[@]}" --record "$BATS_TEST_TMPDIR/shapes.json" --json
  echo "$output"
  [ "$status" -eq 0 ]
  [[ $output == *'"differences": [], "left": []}' ]]
  diff "$ROOT/tests/shapes/sandbox.json" "$BATS_TEST_TMPDIR/shapes.json"
  run what_is_there
  [[ $output != *verify-* ]]
}

@test "a run that is ended in the middle leaves nothing either" {
  "$ROOT/scripts/ops/verify-on-aws" "${FITTING[@]}" >"$BATS_TEST_TMPDIR/said" 2>&1 3>&- &
  local run=$! rc=0
  eventually grep -q 'waiting for an instance' "$BATS_TEST_TMPDIR/said"
  kill -TERM "$run"
  wait "$run" || rc=$?
  [ "$rc" -eq 130 ]
  run what_is_there
  [[ $output != *verify-* ]]
}

@test "a difference is named by its path, and a wrong command line ends with 2" {
  run python3 -B - "$ROOT/scripts/lib/deploy" <<'EOF'
import sys
sys.path.insert(0, sys.argv[1])
from shapes import differences, shape
here, there = {"Id": "i-0123456789abcdef0", "State": "Pending:Wait", "New": 1}, {"Id": "i-0fedcba9876543210"}
here = shape({"Instances": [here], "At": "2026-01-01T00:00:00Z"})
there = shape({"Instances": [{**there, "State": "InService"}], "At": "2026-02-02T00:00:00.123+00:00"})
print("\n".join(differences(here, there, ("AWS", "sandbox"))))
EOF
  [ "${lines[0]}" = '$.Instances[].New: AWS only (number)' ]
  [ "${lines[1]}" = '$.Instances[].State: AWS the word Pending:Wait; sandbox the word InService' ]
  [ "${#lines[@]}" -eq 2 ]
  run "$ROOT/scripts/ops/verify-on-aws" --clean 'somebody-elses'
  [ "$status" -eq 2 ]
  run "$ROOT/scripts/ops/verify-on-aws" </dev/null
  [ "$status" -eq 2 ]
  [[ $output == *'use --yes'* ]]
}
