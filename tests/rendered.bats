#!/usr/bin/env bats
# The comparisons of what Terraform renders with what the functions did (suite rendered) notice what they are for: here
# with policies, alarms and calls of a few lines.

setup() {
  load helpers/common
  FOLDER=$BATS_TEST_TMPDIR/calls
  mkdir "$FOLDER"
  echo zip >"$BATS_TEST_TMPDIR/zip"
  SHA=$(sha256sum "$BATS_TEST_TMPDIR/zip" | cut -d' ' -f1)
}

# did LINE…: what the functions of the zip did, fields separated by a comma.
did() { printf '%s\n' "$@" | tr ',' '\t' >"$FOLDER/$SHA-1.tsv"; }

# rendered STATEMENTS: the policy of each function.
rendered() {
  python3 - "$1" >"$BATS_TEST_TMPDIR/rendered" <<'EOF'
import json, sys
def policy(name):
    text = json.dumps({"Statement": json.loads(sys.argv[1])})
    return {"address": name, "type": "aws_iam_role_policy", "name": name, "values": {"policy": text}}
resources = [policy(name) for name in ("launch_queue", "sweep", "operator")]
print(json.dumps({"type": "test_state", "test_state": {"root_module": {"child_modules": [{"resources": resources}]}}}))
EOF
}

# alarms METRIC DIMENSIONS: an alarm on it.
alarms() {
  python3 - "$1" "$2" >"$BATS_TEST_TMPDIR/rendered" <<'EOF'
import json, sys
values = {"alarm_name": "gantry-x", "namespace": "Gantry", "metric_name": sys.argv[1]}
values["dimensions"] = json.loads(sys.argv[2])
resources = [{"address": "alarm", "type": "aws_cloudwatch_metric_alarm", "values": values}]
print(json.dumps({"type": "test_state", "test_state": {"root_module": {"resources": resources}}}))
EOF
}

compare() { python3 -B "$ROOT/scripts/lib/$1.py" "$BATS_TEST_TMPDIR/rendered" "$FOLDER" "$BATS_TEST_TMPDIR/zip"; }

READS='{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::gantry-sandbox/launches/*"}'

@test "a call without its permission is found, and those that no call names with it" {
  did gantry-sweep,s3,GetObject,launches/* gantry-sweep,s3,GetObject,failures/*
  rendered "[$READS]"
  run compare permissions
  echo "$output"
  [ "$status" -eq 1 ]
  [[ $output == *'no permission for a call: gantry-sweep: s3:GetObject on '*'/failures/x (s3:GetObject)'* ]]
  [[ $output != *'s3:GetObject on '*'/launches/x'* ]]
  [[ $output == *'gantry-sweep: kms:Decrypt on '*'(s3:GetObject needs it too)'* ]]
  [[ $output == *'gantry-sweep: s3:ListBucket on arn:aws:s3:::gantry-sandbox '* ]]
}

@test "a permission that nobody needs is found, and so is a reason that nobody needs" {
  did gantry-sweep,s3,GetObject,launches/*
  rendered "[$READS, {\"Effect\": \"Allow\", \"Action\": \"s3:DeleteObject\", \"Resource\": \"*\"}]"
  run compare permissions
  # shellcheck disable=SC2016 # backticks of Markdown
  [[ $output == *'no reason in permissions.md: | `s3:DeleteObject` | `*` |'* ]]
  # shellcheck disable=SC2016
  [[ $output == *'has a reason for | `logs:PutLogEvents` |'*'no policy has it'* ]]
}

@test "SendCommand needs the document without the tag, and the instance with it" {
  did gantry-sweep,ssm,SendCommand,
  local tag='"Condition": {"StringEquals": {"ssm:resourceTag/aws:autoscaling:groupName": "web"}}'
  rendered "[{\"Effect\": \"Allow\", \"Action\": \"ssm:SendCommand\", \"Resource\": \"*\", $tag}]"
  run compare permissions
  [[ $output == *'SendCommand on arn:aws:ssm:eu-central-1::document/'* && $output != *'SendCommand on arn:aws:ec2'* ]]
}

@test "an alarm on a metric that nothing emits, or on other dimensions, is found" {
  did metric,Gantry,Abandoned,fleet field,abandoned,fleet
  alarms Abandonned '{"fleet": "web"}'
  run compare metrics
  [ "$status" -eq 1 ]
  [[ $output == *'alarm: Abandonned by fleet: nothing emits it'* ]]
  alarms Abandoned '{}'
  run compare metrics
  [[ $output == *'alarm: Abandoned by nothing: it is emitted by fleet'* ]]
  [[ $output == *'alarms.md has no row for the alarm x'* ]]
  alarms Abandoned '{"fleet": "web"}'
  run compare metrics
  [[ $output != *'Abandoned by'* ]]
}

@test "what another zip did counts for nothing" {
  did gantry-sweep,s3,GetObject,launches/*
  rendered "[$READS]"
  echo other >"$BATS_TEST_TMPDIR/zip"
  run compare permissions
  [ "$status" -eq 3 ]
  [[ $output == *'has nothing of'*'scripts/test --only java'* ]]
}
