#!/usr/bin/env bats
# scripts/lib/terraform/journal_calls.py: the journal of a rehearsal becomes calls for the judge of tests/iam, and a
# call that its role may not make is found.

# shellcheck disable=SC2154 # run sets status and output

setup() {
  load helpers/common
  PYTHON=$ROOT/.gantry/venv/bin/python
  "$PYTHON" -c 'import boto3' 2>/dev/null || skip 'no boto3 in .gantry/venv'
  JOURNAL=$BATS_TEST_TMPDIR/journal
  ACCOUNT=$BATS_TEST_TMPDIR/account.json
  INSTANCE=i-0123456789abcdef0
  BUCKET=gantry-dev-111122223333-eu-central-1
  KEY=arn:aws:kms:eu-central-1:111122223333:key/11111111-0000-1111-2222-333344445555
  an_account
}

# an_account: of dev, whose function may read one fleet's settings, under the bucket's key.
an_account() {
  cat >"$ACCOUNT" <<EOF
{"roles": {"gantry-dev-sweep": {"boundary": null, "policies": [{"name": "sweep", "policy": {
   "Version": "2012-10-17", "Statement": [
     {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::$BUCKET/fleets/*"},
     {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "$KEY",
      "Condition": {"StringEquals": {"kms:ViaService": "s3.eu-central-1.amazonaws.com"}}}]}}]}},
 "theirs": [{"name": "key", "arn": "$KEY", "policy": {"Version": "2012-10-17", "Statement": [
   {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"}]}}],
 "functions": {"gantry-dev-sweep": "gantry-dev-sweep", "gantry-dev-bastion": "gantry-dev-bastion-function"},
 "buckets": {"$BUCKET": "$KEY"}, "keys": {"$KEY": {"Project": "gantry"}},
 "groups": {"$INSTANCE": "gantry-dev-rtsp"}}
EOF
}

# called SESSION SERVICE OPERATION REQUEST [NAMES]: a line of the journal.
called() {
  printf '{"caller": "arn:aws:sts::111122223333:assumed-role/%s", "service": "%s", "operation": "%s", "request": "%s",
    "names": %s}' "$1" "$2" "$3" "$4" "${5:-{\}}" | tr -d '\n' >>"$JOURNAL"
  echo >>"$JOURNAL"
}

recorded() { "$PYTHON" -B "$ROOT/scripts/lib/terraform/journal_calls.py" "$JOURNAL" "$ACCOUNT"; }

# calls: a line each: who, what, on what, with which condition keys.
calls() {
  recorded | python3 -c 'import json, sys
for call in json.load(sys.stdin):
    print(call["who"], call["does"], call.get("on", "?"), *(f"{key}={value}" for key, value in call["with"].items()))'
}

# judged: by the engine of suite policies.
judged() {
  [[ -s ${IAM:-}/rendered.jsonl ]] || skip 'the engine is not installed: suite policies does it'
  recorded >"$BATS_TEST_TMPDIR/calls.json"
  run node "$IAM/judge.mjs" --account "$ACCOUNT" "$BATS_TEST_TMPDIR/calls.json"
  echo "$output"
}

@test "an object is asked for with the key behind it, by the function's role" {
  called gantry-dev-sweep/gantry-dev-sweep s3 GetObject "GET /$BUCKET/fleets/web/settings.json"
  called gantry-dev-bastion/gantry-dev-bastion s3 HeadBucket "HEAD /$BUCKET"
  run calls
  [[ ${lines[0]} == "gantry-dev-sweep s3:GetObject arn:aws:s3:::$BUCKET/fleets/web/settings.json" ]]
  [[ ${lines[1]} == "gantry-dev-sweep kms:Decrypt $KEY kms:ViaService=s3."*' aws:ResourceTag/Project=gantry' ]]
  [[ ${lines[2]} == "gantry-dev-bastion-function s3:ListBucket arn:aws:s3:::$BUCKET"* ]]
}

@test "a command is asked for on its document and on each instance, with the group's tag" {
  called gantry-dev-sweep/gantry-dev-sweep ssm SendCommand 'POST /' \
    "{\"DocumentName\": \"gantry-dev-ApplyAnsiblePlaybooks\", \"InstanceIds\": \"$INSTANCE\"}"
  run calls
  [[ ${lines[0]} == *' arn:aws:ssm:eu-central-1:111122223333:document/gantry-dev-ApplyAnsiblePlaybooks' ]]
  [[ ${lines[1]} == *":instance/$INSTANCE ssm:resourceTag/aws:autoscaling:groupName=gantry-dev-rtsp" ]]
}

@test "a function is asked for with the alias by which it is called" {
  called PUBLISHER/session lambda Invoke 'POST /2015-03-31/functions/gantry-dev-operator/invocations?Qualifier=fleet-1'
  called PUBLISHER/session lambda Invoke 'POST /2015-03-31/functions/gantry-dev-operator%3Alive/invocations'
  run calls
  [[ ${lines[0]} == 'PUBLISHER lambda:InvokeFunction arn:aws:lambda:'*':function:gantry-dev-operator:fleet-1' ]]
  [[ ${lines[1]} == 'PUBLISHER lambda:InvokeFunction arn:aws:lambda:'*':function:gantry-dev-operator:live' ]]
}

@test "an instance is asked for as itself" {
  called "gantry-dev-rtsp-instance/$INSTANCE" s3 PutObject "PUT /$BUCKET/hostkeys/arn%3Aaws%3Aec2"
  run calls
  [[ ${lines[0]} == "gantry-dev-rtsp-instance s3:PutObject arn:aws:s3:::$BUCKET/hostkeys/arn:aws:ec2 "* ]]
  [[ ${lines[0]} == *"ec2:SourceInstanceARN=arn:aws:ec2:eu-central-1:111122223333:instance/$INSTANCE"* ]]
}

@test "Terraform is asked for as the apply role, by the permission's name" {
  called gantry-dev-apply/session lambda Unsupported 'GET /2015-03-31/functions/gantry-dev-sweep/versions?MaxItems=9'
  called gantry-dev-apply/session s3 Unsupported "PUT /$BUCKET?lifecycle="
  called gantry-dev-apply/session monitoring PutMetricAlarm 'POST /'
  run calls
  [[ ${lines[0]} == 'gantry-dev-apply lambda:ListVersionsByFunction ?' ]]
  [[ ${lines[1]} == "gantry-dev-apply s3:PutLifecycleConfiguration arn:aws:s3:::$BUCKET" ]]
  [[ ${lines[2]} == 'gantry-dev-apply cloudwatch:PutMetricAlarm ?' ]]
}

@test "a pull request's plan is asked for as the plan role, by the permission's name" {
  called gantry-dev-plan/session lambda Unsupported 'GET /2015-03-31/functions/gantry-dev-sweep/versions?MaxItems=9'
  run calls
  [[ ${lines[0]} == 'gantry-dev-plan lambda:ListVersionsByFunction ?' ]]
}

# pipeline POLICY: the apply role of dev, with this policy alone.
pipeline() {
  echo '{"roles": {"gantry-dev-apply": {"boundary": null, "policies": [{"name": "apply", "policy": {
    "Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Resource": "*", '"$1"'}]}}]}}, "theirs": [],
    "functions": {}, "buckets": {}, "keys": {}, "groups": {}}' >"$ACCOUNT"
}

@test "what Terraform makes without the environment's tags is denied" {
  pipeline '"Action": "ec2:CreateVpc", "Condition": {"StringEquals": {"aws:RequestTag/Project": "gantry"}}'
  called gantry-dev-apply/session ec2 CreateVpc 'POST /' '{"aws:RequestTag/Project": "gantry"}'
  judged
  [ "$status" -eq 0 ]
  called gantry-dev-apply/session ec2 CreateVpc 'POST /' '{"aws:RequestTag/Name": "gantry-dev"}'
  judged
  [ "$status" -eq 1 ]
  [[ $output == *'a call is denied: gantry-dev-apply: ec2:CreateVpc'*'1 findings' ]]
}

@test "a role that Terraform makes without the boundary is denied" {
  local boundary=arn:aws:iam::111122223333:policy/gantry-dev-boundary
  pipeline '"Action": "iam:CreateRole", "Condition": {"StringEquals": {"iam:PermissionsBoundary": "'$boundary'"}}'
  called gantry-dev-apply/session iam CreateRole 'POST /' '{"PermissionsBoundary": "'$boundary'"}'
  judged
  [ "$status" -eq 0 ]
  called gantry-dev-apply/session iam CreateRole 'POST /'
  judged
  [ "$status" -eq 1 ]
}

@test "the operator's own calls are not asked for, and a journal without a role's call is no proof" {
  echo '{"caller": "arn:aws:iam::111122223333:user/sandbox", "service": "s3", "operation": "GetObject",
    "request": "GET /b/k", "names": {}}' | tr -d '\n' >"$JOURNAL"
  run recorded
  [ "$status" -eq 3 ]
}

@test "what the policies of the account allow is allowed" {
  called gantry-dev-sweep/gantry-dev-sweep s3 GetObject "GET /$BUCKET/fleets/web/settings.json"
  judged
  [ "$status" -eq 0 ]
  [[ $output == '2 calls, 0 findings' ]]
}

@test "a document of AWS's own is judged, too" {
  called gantry-dev-sweep/gantry-dev-sweep ssm SendCommand 'POST /' \
    "{\"DocumentName\": \"AWS-ApplyAnsiblePlaybooks\", \"InstanceIds\": \"$INSTANCE\"}"
  judged
  [ "$status" -eq 1 ]
  [[ $output == *'a call is denied: gantry-dev-sweep: ssm:SendCommand on '*':document/AWS-ApplyAnsiblePlaybooks'* ]]
  sed -i 's|"s3:GetObject", "Resource": "[^"]*"|"ssm:SendCommand", "Resource": ["arn:aws:ec2:*", "DOCUMENT"]|' \
    "$ACCOUNT"
  sed -i 's|DOCUMENT|arn:aws:ssm:eu-central-1::document/AWS-ApplyAnsiblePlaybooks|' "$ACCOUNT"
  judged
  [ "$status" -eq 0 ]
}

@test "a call that its role may not make ends with 1" {
  called gantry-dev-sweep/gantry-dev-sweep s3 GetObject "GET /$BUCKET/fleets/web/settings.json"
  called gantry-dev-sweep/gantry-dev-sweep s3 GetObject "GET /$BUCKET/bastion/keys/pair.json"
  judged
  [ "$status" -eq 1 ]
  [[ $output == *"a call is denied: gantry-dev-sweep: s3:GetObject on arn:aws:s3:::$BUCKET/bastion/keys/pair.json"* ]]
  [[ $output == *'1 findings' ]]
}

@test "the pipeline of prod is judged on what is prod's" {
  local policy='{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "elasticloadbalancing:*",
    "Resource": "arn:aws:elasticloadbalancing:*:*:loadbalancer/*/gantry-prod-*"}]}'
  echo '{"roles": {"gantry-prod-apply": {"boundary": null, "policies": [{"name": "apply", "policy": '"$policy"'}]}},
    "theirs": [], "functions": {}, "buckets": {}, "keys": {}, "groups": {}}' >"$ACCOUNT"
  called gantry-prod-apply/session elasticloadbalancing CreateLoadBalancer 'POST /'
  judged
  [ "$status" -eq 0 ]
  sed -i 's|gantry-prod-\*|gantry-dev-*|' "$ACCOUNT"
  judged
  [ "$status" -eq 1 ]
}

@test "a call of a role that is not there ends with 1" {
  called gantry-dev-other/session s3 GetObject "GET /$BUCKET/fleets/web/settings.json"
  judged
  [ "$status" -eq 1 ]
  [[ $output == *'no role gantry-dev-other'* ]]
}
