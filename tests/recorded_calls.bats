#!/usr/bin/env bats
# scripts/lib/terraform/recorded_calls.py makes calls for the judge of tests/iam out of what roles did in the sandbox,
# and finds a call of the judge that no function made.

# shellcheck disable=SC2154 # run sets status and output

setup() {
  load helpers/common
  PYTHON=$ROOT/.gantry/venv/bin/python
  "$PYTHON" -c 'import botocore' 2>/dev/null || skip 'no botocore in .gantry/venv'
  FOLDER=$BATS_TEST_TMPDIR/calls
  mkdir "$FOLDER"
  echo zip >"$BATS_TEST_TMPDIR/zip"
  SHA=$(sha256sum "$BATS_TEST_TMPDIR/zip" | cut -d' ' -f1)
  BUCKET=arn:aws:s3:::gantry-dev-111122223333-eu-central-1
  BUNDLE=$(printf 'ab%.0s' {1..32})
  expects
}

# did ROLE SERVICE OPERATION REQUEST [NAMES]: what a role did with that zip.
did() {
  local session=$1
  [[ $1 != gantry-instance ]] || session=instance
  printf '{"caller": "arn:aws:sts::111122223333:assumed-role/%s/%s", "service": "%s", "operation": "%s",
    "request": "%s", "names": %s}' "$1" "$session" "$2" "$3" "$4" "${5:-{\}}" | tr -d '\n' >>"$FOLDER/$SHA-1.jsonl"
  echo >>"$FOLDER/$SHA-1.jsonl"
}

# expects CALL…: takes the place of tests/iam/calls.json; each is WHO DOES ON [WHY].
expects() {
  python3 - "$@" >"$BATS_TEST_TMPDIR/calls.json" <<'END'
import json, sys
fields = ("who", "does", "on", "why")
print(json.dumps([dict(zip(fields, call.split(maxsplit=3))) for call in sys.argv[1:]]))
END
}

recorded() {
  "$PYTHON" -B "$ROOT/scripts/lib/terraform/recorded_calls.py" "$BATS_TEST_TMPDIR/zip" \
    "$BATS_TEST_TMPDIR/calls.json" "$FOLDER" "$BATS_TEST_TMPDIR/nowhere"
}

# calls: the recorded ones, a line each: who, what, on what, with which condition keys.
calls() {
  recorded | python3 -c 'import json, sys
for call in json.load(sys.stdin):
    print(call["who"], call["does"], call["on"], *(f"{key}={value}" for key, value in call["with"].items()))'
}

@test "a call needs its permission for its role in dev, on the object that it was about" {
  did gantry-sweep s3 GetObject 'GET /gantry-sandbox/launches/web%252Fblue/i-0123456789abcdef0.json'
  did gantry-bastion s3 PutObject 'PUT /gantry-sandbox/bastion/answers/run-0a1b2c3d/i-0123456789abcdef0.json'
  run calls
  [[ $output == *"gantry-dev-sweep s3:GetObject $BUCKET/launches/gantry-dev-rtsp/i-0123456789abcdef0.json"* ]]
  [[ $output == *"gantry-dev-bastion-function s3:PutObject $BUCKET/bastion/answers/run-0a1b2c3d/i-0123456789abcdef0"* ]]
}

@test "an instance's call is one of the fleet's role, from the instance" {
  did gantry-instance s3 GetObject "GET /gantry-sandbox/bundles/web/$BUNDLE.zip"
  run calls
  [[ $output == *"gantry-dev-rtsp-instance s3:GetObject $BUCKET/bundles/gantry-dev-rtsp/$BUNDLE.zip ec2:Source"* ]]
}

@test "the machine that says where to jump is the bastion" {
  local arn=arn%3Aaws%3Aec2%3Aeu-central-1%3A111122223333%3Ainstance%2Fi-0123456789abcdef0
  did gantry-instance s3 PutObject "PUT /gantry-sandbox/bastion/jump/$arn"
  run calls
  [[ $output == *"gantry-dev-bastion s3:PutObject $BUCKET/bastion/jump/arn:aws:ec2:"* ]]
}

@test "an instance lists below its fleet's folder" {
  did gantry-instance s3 ListObjectsV2 "GET /gantry-sandbox?list-type=2&prefix=bundles%2Fweb%2F$BUNDLE.zip%2F"
  run calls
  [[ $output == *"s3:ListBucket $BUCKET "*"s3:prefix=bundles/gantry-dev-rtsp/$BUNDLE.zip/"* ]]
}

@test "the condition keys of a call are those that it had" {
  did gantry-sweep s3 PutObject 'PUT /gantry-sandbox/launches/web/i-0123456789abcdef0.json' '{"if-none-match": "*"}'
  did gantry-sweep s3 PutObject 'PUT /gantry-sandbox/launches/web/i-0123456789abcdef0.json' '{"if-match": "\"0\""}'
  run calls
  [[ $output == *'s3:if-none-match=*'* && $output == *'s3:if-match="0"'* ]]
}

@test "SendCommand needs permission on the document without the tag, and on the instance with it" {
  did gantry-sweep ssm SendCommand 'POST /' \
    '{"DocumentName": "AWS-ApplyAnsiblePlaybooks", "InstanceIds": "i-0123456789abcdef0"}'
  run calls
  [ "${#lines[@]}" -eq 2 ]
  [[ ${lines[0]} == 'gantry-dev-sweep ssm:SendCommand arn:aws:ssm:'*':document/document' ]]
  [[ ${lines[1]} == *':instance/i-0123456789abcdef0 ssm:resourceTag/aws:autoscaling:groupName=gantry-dev-rtsp' ]]
}

@test "a queue and a group are those of dev" {
  did gantry-sweep sqs SendMessage 'POST /' '{"QueueUrl": "http://127.0.0.1/111122223333/gantry-bastion"}'
  did gantry-sweep autoscaling CompleteLifecycleAction 'POST /' '{"AutoScalingGroupName": "web"}'
  run calls
  [[ $output == *'sqs:SendMessage arn:aws:sqs:eu-central-1:111122223333:gantry-dev-bastion'* ]]
  [[ $output == *'autoscaling:CompleteLifecycleAction '*':autoScalingGroupName/gantry-dev-rtsp'* ]]
}

@test "permissions that S3 needs beside a call are included: the key, the list for a 404, reading for If-Match" {
  did gantry-sweep s3 PutObject "PUT /gantry-sandbox/failures/web/$BUNDLE/i-0123456789abcdef0-1.json" \
    '{"if-match": "\"0\""}'
  run calls
  [[ $output == *'gantry-dev-sweep kms:GenerateDataKey arn:aws:kms:'*'kms:ViaService=s3.eu-central-1.amazonaws.com'* ]]
  [[ $output == *"gantry-dev-sweep s3:ListBucket $BUCKET"* ]]
  [[ $output == *"gantry-dev-sweep s3:GetObject $BUCKET/failures/gantry-dev-rtsp"* ]]
}

@test "an operation whose permission has another name needs that permission" {
  did gantry-sweep s3 HeadObject "HEAD /gantry-sandbox/bundles/web/$BUNDLE.zip"
  run calls
  [[ $output == *"s3:GetObject $BUCKET/bundles/gantry-dev-rtsp"* && $output != *HeadObject* ]]
}

@test "a call that no function made is found, unless it has a reason" {
  did gantry-sweep s3 GetObject 'GET /gantry-sandbox/launches/web/i-0123456789abcdef0.json'
  expects "gantry-dev-launch-queue s3:GetObject $BUCKET/launches/gantry-dev-rtsp/i-0fedcba9876543210.json" \
    "gantry-dev-sweep s3:GetObject $BUCKET/failures/gantry-dev-rtsp/x.json" \
    'gantry-dev-sweep ssm:ListCommands *' 'gantry-dev-sweep logs:PutLogEvents * by Lambda' \
    'gantry-dev-apply s3:DeleteObject *'
  run recorded
  [ "$status" -eq 1 ]
  [[ $output == *"no function made this call, and it has no reason: s3:GetObject on $BUCKET/failures/"* ]]
  [[ $output == *'no function made this call, and it has no reason: ssm:ListCommands on *'* ]]
  [[ $output != *'no reason: s3:GetObject on '*'/launches/'* && $output != *'no reason: logs:'* ]]
  [[ $output != *'no reason: s3:DeleteObject'* ]]
}

@test "settings and release of a fleet are two kinds of objects" {
  did gantry-sweep s3 GetObject 'GET /gantry-sandbox/fleets/web/settings.json'
  expects "gantry-dev-sweep s3:GetObject $BUCKET/fleets/gantry-dev-rtsp/release.json"
  run recorded
  [ "$status" -eq 1 ]
}

@test "if the bastion was not used, its calls are not missed" {
  did gantry-sweep s3 GetObject 'GET /gantry-sandbox/launches/web/i-0123456789abcdef0.json'
  expects "gantry-dev-sweep s3:GetObject $BUCKET/bastion/answers/run/i-0.json" \
    "gantry-dev-bastion-function s3:GetObject $BUCKET/hostkeys/x"
  run recorded
  [ "$status" -eq 0 ]
  did gantry-bastion s3 PutObject 'PUT /gantry-sandbox/bastion/answers/run-0a1b2c3d/i-0123456789abcdef0.json'
  run recorded
  [ "$status" -eq 1 ]
  [[ $output == *'no reason: s3:GetObject on '*'/bastion/answers/'* && $output == *'/hostkeys/x'* ]]
}

@test "calls of another zip do not count" {
  did gantry-sweep s3 GetObject 'GET /gantry-sandbox/launches/web/i-0123456789abcdef0.json'
  echo other >"$BATS_TEST_TMPDIR/zip"
  run recorded
  [ "$status" -eq 3 ]
  [[ $output == *'no role called with '*'scripts/test --only java'* ]]
}

# kinds: what is kept of the recorded calls, a line for each kind.
kinds() {
  "$PYTHON" -B - "$ROOT/scripts/lib/terraform" "$BATS_TEST_TMPDIR/zip" "$FOLDER" <<'END'
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from recorded_calls import recorded
for call in recorded(Path(sys.argv[2]), [Path(sys.argv[3])]):
    print(call["request"], *call["names"].values())
END
}

@test "what is drawn or counted in a run is the same in all calls of a kind" {
  local other
  other=$(printf '0f%.0s' {1..32})
  did gantry-sweep s3 GetObject 'GET /b/failures/web/'"$other"'/i-0fedcba9876543210-27.json'
  did gantry-sweep s3 GetObject "GET /b/failures/web/$BUNDLE/i-0123456789abcdef0-1.json"
  did gantry-sweep s3 GetObject 'GET /b/bastion/answers/run-7kq2mx09/i-0fedcba9876543210.json'
  did gantry-sweep s3 PutObject 'PUT /b/abandonments/web/20261201T033532650Z-i-0fedcba9876543210-3.json'
  run kinds
  [ "${#lines[@]}" -eq 3 ]
  [[ $output == *"GET /b/failures/web/$BUNDLE/i-0123456789abcdef0-1.json"* ]]
  [[ $output == *'GET /b/bastion/answers/run-0a1b2c3d/i-0123456789abcdef0.json'* ]]
  [[ $output == *'PUT /b/abandonments/web/20260101T000000000Z-i-0123456789abcdef0-1.json'* ]]
}

@test "one instance and several are one kind, an ETag and a star are two" {
  did gantry-sweep ssm SendCommand 'POST /' '{"InstanceIds": "i-0fedcba9876543210"}'
  did gantry-sweep ssm SendCommand 'POST /' '{"InstanceIds": "i-0fedcba9876543210,i-0fedcba9876543211"}'
  did gantry-sweep s3 PutObject 'PUT /b/k' '{"if-match": "\"9e107d9d372bb6826bd81d3542a419d6\""}'
  did gantry-sweep s3 PutObject 'PUT /b/k' '{"if-match": "*"}'
  run kinds
  [ "${#lines[@]}" -eq 3 ]
  [[ $output == *'POST / i-0123456789abcdef0'* && $output == *'PUT /b/k "0"'* && $output == *'PUT /b/k *'* ]]
}

@test "half a line of a sandbox that was killed, and what an operator called, is left out" {
  did gantry-sweep s3 GetObject 'GET /b/k'
  did admin s3 GetObject 'GET /b/other'
  printf '{"caller": "arn:aws:sts::111122223333:assu' >>"$FOLDER/$SHA-1.jsonl"
  run kinds
  [ "$output" = 'GET /b/k' ]
}
