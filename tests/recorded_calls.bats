#!/usr/bin/env bats
# scripts/lib/terraform/recorded_calls.py: what functions did becomes calls for the judge of tests/iam.
# One of the judge's own calls that no function made is found.

# shellcheck disable=SC2154 # run sets status and output

setup() {
  load helpers/common
  FOLDER=$BATS_TEST_TMPDIR/calls
  mkdir "$FOLDER"
  echo zip >"$BATS_TEST_TMPDIR/zip"
  SHA=$(sha256sum "$BATS_TEST_TMPDIR/zip" | cut -d' ' -f1)
  BUCKET=arn:aws:s3:::gantry-dev-111122223333-eu-central-1
  expects
}

# did LINE…: what the functions of the zip did, fields separated by a comma.
did() { printf '%s\n' "$@" | tr ',' '\t' >"$FOLDER/$SHA-1.tsv"; }

# expects CALL…: instead of tests/iam/calls.json; WHO DOES ON [WHY] each.
expects() {
  python3 - "$@" >"$BATS_TEST_TMPDIR/calls.json" <<'EOF'
import json, sys
fields = ("who", "does", "on", "why")
print(json.dumps([dict(zip(fields, call.split(maxsplit=3))) for call in sys.argv[1:]]))
EOF
}

recorded() {
  python3 -B "$ROOT/scripts/lib/terraform/recorded_calls.py" "$FOLDER" "$BATS_TEST_TMPDIR/zip" \
    "$BATS_TEST_TMPDIR/calls.json"
}

# calls: those that are recorded, a line each: who, what, on what, with which condition keys.
calls() {
  recorded | python3 -c 'import json, sys
for call in json.load(sys.stdin):
    print(call["who"], call["does"], call["on"], *(f"{key}={value}" for key, value in call["with"].items()))'
}

@test "a call is asked for by its function's role, on the kind of object that it was about" {
  did gantry-sweep,s3,GetObject,launches/* gantry-bastion,s3,PutObject,bastion/keys/*
  run calls
  [[ $output == *"gantry-dev-sweep s3:GetObject $BUCKET/launches/gantry-dev-rtsp"* ]]
  [[ $output == *"gantry-dev-bastion-function s3:PutObject $BUCKET/bastion/keys/pair.json"* ]]
}

@test "SendCommand is asked for on the document without the tag, and on the instance with it" {
  did gantry-sweep,ssm,SendCommand,
  run calls
  [ "${#lines[@]}" -eq 2 ]
  [[ ${lines[0]} == 'gantry-dev-sweep ssm:SendCommand arn:aws:ssm:'*':document/document' ]]
  [[ ${lines[1]} == *':instance/i-0123456789abcdef0 ssm:resourceTag/aws:autoscaling:groupName=gantry-dev-rtsp' ]]
}

@test "what S3 wants behind a call is asked for too: the key, the list for a 404, reading what If-Match compares" {
  did gantry-sweep,s3,PutObject,failures/*
  run calls
  [[ $output == *'gantry-dev-sweep kms:GenerateDataKey arn:aws:kms:'*'kms:ViaService=s3.eu-central-1.amazonaws.com'* ]]
  [[ $output == *"gantry-dev-sweep s3:ListBucket $BUCKET"* ]]
  [[ $output == *"gantry-dev-sweep s3:GetObject $BUCKET/failures/gantry-dev-rtsp"* ]]
}

@test "an operation whose permission has another name is asked for by that" {
  did gantry-sweep,s3,HeadObject,bundles/*
  run calls
  [[ $output == *"s3:GetObject $BUCKET/bundles/gantry-dev-rtsp"* && $output != *HeadObject* ]]
}

@test "a call that no function made is found, unless it says why it is there" {
  did gantry-sweep,s3,GetObject,launches/*
  expects "gantry-dev-launch-queue s3:GetObject $BUCKET/launches/gantry-dev-rtsp/i-0123456789abcdef0.json" \
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

@test "where nobody asked over the bastion nothing is said of its calls" {
  did gantry-sweep,s3,GetObject,launches/*
  expects "gantry-dev-sweep s3:GetObject $BUCKET/bastion/answers/run/i-0.json" \
    "gantry-dev-bastion-function s3:GetObject $BUCKET/hostkeys/x"
  run recorded
  [ "$status" -eq 0 ]
  did gantry-sweep,s3,GetObject,launches/* gantry-bastion,s3,PutObject,bastion/answers/*
  run recorded
  [ "$status" -eq 1 ]
  [[ $output == *'no reason: s3:GetObject on '*'/bastion/answers/'* && $output == *'/hostkeys/x'* ]]
}

@test "what another zip did counts for nothing" {
  did gantry-sweep,s3,GetObject,launches/*
  echo other >"$BATS_TEST_TMPDIR/zip"
  run recorded
  [ "$status" -eq 3 ]
  [[ $output == *'has nothing of'*'scripts/test --only java'* ]]
}
