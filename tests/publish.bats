#!/usr/bin/env bats
# gantry publish against an endpoint on loopback (fakes/fake_endpoint.py) that answers as S3 and Lambda do.

# shellcheck disable=SC2119,SC2120 # run passes the arguments on

setup() {
  load helpers/common
  TREE=$BATS_TEST_TMPDIR/tree
  make_tree "$TREE"
  FOLDER=$BATS_TEST_TMPDIR/endpoint
  mkdir "$FOLDER"
  python3 -B "$ROOT/tests/fakes/fake_endpoint.py" "$FOLDER" 3>&- &
  ENDPOINT=$!
  # The machine's own configuration does not count.
  export AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null AWS_EC2_METADATA_DISABLED=true
  export AWS_ACCESS_KEY_ID=sandbox AWS_SECRET_ACCESS_KEY=sandbox AWS_REGION=eu-central-1
  unset AWS_PROFILE AWS_SESSION_TOKEN GANTRY_FLEET GANTRY_BUCKET GANTRY_FUNCTION GANTRY_TREE
  SHA=$(sha_of --tree "$TREE")
  eventually test -s "$FOLDER/port"
  AWS_ENDPOINT_URL=http://127.0.0.1:$(cat "$FOLDER/port")
  export AWS_ENDPOINT_URL
  answers '{"status": "accepted", "message": "current from now on"}'
}

teardown() { kill "$ENDPOINT"; }

answers() { printf '%s' "$1" >"$FOLDER/answer.json"; }
gantry() { "$ROOT/scripts/gantry" "$@"; }
publish() { gantry publish web --tree "$TREE" --bucket gantry-sandbox "$@"; }
# requests PATTERN: the number of requests that match.
requests() { grep -ci -- "$1" "$FOLDER/requests"; }
field() { json_tool get "$1" <"$FOLDER/payload.json"; }

@test "a bundle is written under its digest, proposed, and current; a second time it is only proposed again" {
  run publish
  echo "$output"
  [ "$status" -eq 0 ]
  [[ ${lines[0]} == "s3://gantry-sandbox/bundles/web/$SHA.zip: written (5 files, "*' bytes)' ]]
  [ "${lines[1]}" = "web: $SHA is current: current from now on" ]
  cmp "$FOLDER/objects/gantry-sandbox/bundles/web/$SHA.zip" "$BATS_TEST_TMPDIR/out/$SHA.zip"
  [ "$(field action) $(field fleet) $(field bundle)" = "propose web $SHA" ]
  run publish
  [ "$status" -eq 0 ]
  [[ ${lines[0]} == *': already there ('* ]]
  [ "$(requests '^POST .*/invocations')" -eq 2 ]
}

@test "the write is conditional and carries the checksum" {
  run publish
  [ "$status" -eq 0 ]
  local checksum
  checksum=$(python3 -c 'import base64, sys; print(base64.b64encode(bytes.fromhex(sys.argv[1])).decode())' "$SHA")
  [ "$(requests '^If-None-Match: \*')" -eq 1 ]
  [ "$(requests "^x-amz-checksum-sha256: $checksum")" -eq 1 ]
  [ "$(requests '^Content-Type: application/zip')" -eq 1 ]
}

@test "without a proposal the current bundle stays" {
  run publish --no-propose
  [ "$status" -eq 0 ]
  [[ $output == *': written ('*'web: keeps its bundle; this one was not proposed' ]]
  run requests '^POST'
  [ "$output" = 0 ]
}

@test "values that nothing could read are refused before anything is written or proposed" {
  printf 'a: 1\n\tb: 2\n' >"$BATS_TEST_TMPDIR/values.yml"
  refuses 'values.yml: is no YAML: line 2: ' publish --env "$BATS_TEST_TMPDIR/values.yml"
  printf 'terraform: {breaker: {failure: 1}}\n' >"$BATS_TEST_TMPDIR/values.yml"
  refuses 'terraform.breaker.failure is not used: is failures meant?' publish --env "$BATS_TEST_TMPDIR/values.yml"
  [ ! -e "$FOLDER/requests" ]
}

@test "a tree that cannot be a bundle ends with 1 before AWS is asked" {
  rm "$TREE/playbook.yml"
  refuses 'has no playbook.yml' publish
  [ ! -e "$FOLDER/requests" ]
}

@test "the key has the group's name as functions and Terraform write it, and the proposal has the name itself" {
  local name
  for name in 'a~b/c*' .. 'web/blue%1' 'web blue'; do
    run gantry publish "$name" --tree "$TREE" --bucket gantry-sandbox
    echo "$output"
    [ "$status" -eq 0 ]
    [ "$(field fleet)" = "$name" ]
  done
  for name in 'a%7Eb%2Fc%2A' '%2E%2E' 'web%2Fblue%251' 'web%20blue'; do
    [ -f "$FOLDER/objects/gantry-sandbox/bundles/$name/$SHA.zip" ]
  done
}

@test "a publisher of only one fleet invokes that fleet's alias" {
  run publish --own-alias
  [ "$status" -eq 0 ]
  grep -E '^POST .*/gantry-operator(:|%3A)fleet-web-4b5e57f6eb2f42b9039b3d1e13929295/invocations' "$FOLDER/requests"
}

@test "a write that meets another one is tried again" {
  echo ConditionalRequestConflict >"$FOLDER/put-errors"
  run publish
  echo "$output"
  [ "$status" -eq 0 ]
  [[ ${lines[0]} == *': written ('* ]]
  [ "$(requests '^PUT ')" -eq 2 ]
}

@test "a refusal ends with 1 and says why" {
  answers '{"status": "refused", "message": "the bundle is in quarantine: 3 instances failed with it"}'
  run publish
  [ "$status" -eq 1 ]
  [[ $output == *'refused: the bundle is in quarantine: 3 instances failed with it'* ]]
}

@test "an error of S3 ends with 3, names the object, and nothing is proposed" {
  echo AccessDenied >"$FOLDER/put-errors"
  run publish
  echo "$output"
  [ "$status" -eq 3 ]
  [[ $output == *"writing s3://gantry-sandbox/bundles/web/$SHA.zip"*AccessDenied* ]]
  run requests '/invocations'
  [ "$output" = 0 ]
}

@test "a function that is missing, threw, or answered nothing sensible ends with 3" {
  touch "$FOLDER/no-function"
  run publish
  [ "$status" -eq 3 ]
  [[ $output == *gantry-operator*ResourceNotFoundException* ]]
  rm "$FOLDER/no-function"

  touch "$FOLDER/function-error"
  answers '{"errorMessage": "out of memory"}'
  run publish
  [ "$status" -eq 3 ]
  [[ $output == *'failed (Unhandled)'*'out of memory'* ]]
  rm "$FOLDER/function-error"

  local answer
  for answer in '' 'null' '[]' '{"message": "hm"}' '{"status": "error", "message": "the fleet has no settings"}'; do
    answers "$answer"
    run publish
    echo "$answer: $output"
    [ "$status" -eq 3 ]
  done
  [[ $output == *'the fleet has no settings'* ]]
}

@test "--json says the same for programs" {
  run publish --json
  [ "$status" -eq 0 ]
  [[ $output == '{"form":"gantry.publish/1","fleet":"web","sha256":"'"$SHA"'",'*'"written":true,"current":true,'* ]]
}

@test "fleet, bucket and tree may come from the environment, and a missing fleet is an error" {
  GANTRY_FLEET=web GANTRY_BUCKET=gantry-sandbox GANTRY_TREE=$TREE run gantry publish
  echo "$output"
  [ "$status" -eq 0 ]
  [ "$(field bundle)" = "$SHA" ]
  run gantry publish --bucket gantry-sandbox
  [ "$status" -eq 2 ]
  [[ $output == *'FLEET is missing'* ]]
}

@test "names that AWS would refuse are refused, and the message names the option" {
  run gantry publish $'a\tb' --tree "$TREE" --bucket gantry-sandbox
  [ "$status" -eq 2 ]
  run gantry publish web --tree "$TREE" --bucket 'Not_A_Bucket'
  [ "$status" -eq 2 ]
  [[ $output == *"a bucket's name is 3 to 63 of a-z, 0-9, dot and hyphen"* ]]
  run gantry publish web --bukket x
  [ "$status" -eq 2 ]
}

@test "a terminal shows that S3 takes long, after two seconds" {
  # The endpoint answers only after this test has seen the words.
  touch "$FOLDER/wait"
  GANTRY_TERMINAL_ERRORS=yes of_scripts \
    publish web --tree "$TREE" --bucket gantry-sandbox >"$BATS_TEST_TMPDIR/out.txt" 2>"$BATS_TEST_TMPDIR/err.txt" 3>&- &
  local publisher=$!
  eventually grep -q 'gantry: asking AWS …' "$BATS_TEST_TMPDIR/err.txt"
  [ ! -s "$BATS_TEST_TMPDIR/out.txt" ]
  rm "$FOLDER/wait"
  wait "$publisher"
  grep -q "web: $SHA is current" "$BATS_TEST_TMPDIR/out.txt"
}

# of_scripts ARGUMENT…: the built command without the launcher, which would find that there is no terminal.
of_scripts() {
  bash -c 'source "$0/common.sh" && source "$0/cli.sh" && cli_command && "${CLI_COMMAND[@]}" "$@"' \
    "$ROOT/scripts/lib" "$@"
}
