#!/usr/bin/env bats
# Publishing with the aws CLI of the tests' virtual environment, against an endpoint on loopback: options, payload and
# error texts are the real CLI's.

setup() {
  load helpers/common
  export GANTRY_AWS=$ROOT/.gantry/venv/bin/aws
  [ -x "$GANTRY_AWS" ] || skip 'no aws CLI in .gantry/venv'
  TREE=$BATS_TEST_TMPDIR/tree
  make_tree "$TREE"
  SHA=$(sha_of --tree "$TREE")
  FOLDER=$BATS_TEST_TMPDIR/endpoint
  mkdir "$FOLDER"
  echo '{"status": "accepted", "message": "current from now on"}' >"$FOLDER/answer.json"
  python3 -B "$ROOT/tests/fakes/fake_endpoint.py" "$FOLDER" 3>&- &
  ENDPOINT=$!
  eventually test -s "$FOLDER/port"
  # Nothing of the machine's own configuration counts.
  export AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null AWS_EC2_METADATA_DISABLED=true
  export AWS_ACCESS_KEY_ID=sandbox AWS_SECRET_ACCESS_KEY=sandbox AWS_REGION=eu-central-1 AWS_DEFAULT_REGION=eu-central-1
  AWS_ENDPOINT_URL=http://127.0.0.1:$(cat "$FOLDER/port")
  export AWS_ENDPOINT_URL
  unset AWS_PROFILE AWS_SESSION_TOKEN
}

teardown() { [ -z "${ENDPOINT:-}" ] || kill "$ENDPOINT"; }

publish() { "$ROOT/scripts/publish" --tree "$TREE" --fleet web/blue --bucket gantry-sandbox; }

@test "a bundle is written with its condition and checksum, proposed, and current; then it is already there" {
  run publish
  [ "$status" -eq 0 ]
  [[ $output == *': written ('*"web/blue: $SHA is current"* ]]
  grep -q "^PUT /gantry-sandbox/bundles/web%252Fblue/$SHA.zip" "$FOLDER/requests"
  grep -qi '^If-None-Match: \*' "$FOLDER/requests"
  grep -qi '^x-amz-checksum-sha256: .*=' "$FOLDER/requests"
  grep -q '^POST /2015-03-31/functions/gantry-operator/invocations' "$FOLDER/requests"
  [ "$(cat "$FOLDER/payload.json")" = "{\"action\": \"propose\", \"fleet\": \"web/blue\", \"bundle\": \"$SHA\"}" ]

  run publish
  [ "$status" -eq 0 ]
  [[ $output == *': already there ('* ]]
}

@test "a refusal comes through" {
  echo '{"status": "refused", "message": "quarantined"}' >"$FOLDER/answer.json"
  run publish
  [ "$status" -eq 1 ]
  [[ $output == *'quarantined'* ]]
}
