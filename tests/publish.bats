#!/usr/bin/env bats
# Publishing, against a fake aws CLI (fakes/fake-aws) that answers as the real one does.

# shellcheck disable=SC2119,SC2120 # run passes the arguments on

setup() {
  load helpers/common
  TREE=$BATS_TEST_TMPDIR/tree
  make_tree "$TREE"
  SHA=$(sha_of --tree "$TREE")
  export FAKE_AWS=$BATS_TEST_TMPDIR/aws
  mkdir -p "$FAKE_AWS" "$BATS_TEST_TMPDIR/bin"
  ln -s "$ROOT/tests/fakes/fake-aws" "$BATS_TEST_TMPDIR/bin/aws"
  PATH=$BATS_TEST_TMPDIR/bin:$PATH
  unset GANTRY_FLEET GANTRY_BUCKET GANTRY_AWS
  # Nothing listens there: should a real CLI ever be found instead of the fake, it reaches nobody.
  export AWS_ENDPOINT_URL=http://127.0.0.1:9
  answers '{"status": "accepted", "message": "current from now on"}'
}

answers() { printf '%s' "$1" >"$FAKE_AWS/answer.json"; }
publish() { "$ROOT/scripts/publish" --tree "$TREE" --fleet web --bucket gantry-sandbox "$@"; }
calls() { grep -c "$1" "$FAKE_AWS/calls"; }

@test "a bundle is written under its digest, proposed, and current" {
  run publish
  [ "$status" -eq 0 ]
  [ "${lines[1]}" = "web: $SHA is current: current from now on" ]
  cmp "$FAKE_AWS/objects/gantry-sandbox/bundles/web/$SHA.zip" "$BATS_TEST_TMPDIR/out/$SHA.zip"
  [ "$(cat "$FAKE_AWS/payload.json")" = "{\"action\": \"propose\", \"fleet\": \"web\", \"bundle\": \"$SHA\"}" ]
}

@test "values that nobody could read are refused before anything is written or proposed" {
  printf 'a: 1\n\tb: 2\n' >"$BATS_TEST_TMPDIR/values.yml"
  run publish --env "$BATS_TEST_TMPDIR/values.yml"
  [ "$status" -eq 1 ]
  [[ $output == *'values.yml: is no YAML: line 2: '* ]]
  printf 'terraform: {breaker: {failure: 1}}\n' >"$BATS_TEST_TMPDIR/values.yml"
  run publish --env "$BATS_TEST_TMPDIR/values.yml"
  [ "$status" -eq 1 ]
  [[ $output == *'terraform.breaker.failure is read by nobody: is failures meant?' ]]
  [ ! -e "$FAKE_AWS/calls" ]
}

@test "a group's name stands in the key as the functions and Terraform write it" {
  run publish --fleet 'a~b/c*'
  [ "$status" -eq 0 ]
  [ -e "$FAKE_AWS/objects/gantry-sandbox/bundles/a%7Eb%2Fc%2A/$SHA.zip" ]
}

@test "names and aliases are those of the functions and of Terraform" {
  cd "$ROOT"
  python3 -B - <<'PYTHON'
import sys
sys.path.insert(0, "scripts/lib")
from publish import encoded, own_alias
for line in open("tests/fleet-names.tsv", encoding="utf-8").read().splitlines():
    name, key, alias = line.split("\t")
    if (encoded(name), own_alias(name)) != (key, alias):
        sys.exit(f"{name!r}: {encoded(name)} {own_alias(name)}, not {key} {alias}")
PYTHON
}

@test "a group named by dots alone keeps its folder" {
  run publish --fleet ..
  [ "$status" -eq 0 ]
  [ -e "$FAKE_AWS/objects/gantry-sandbox/bundles/%2E%2E/$SHA.zip" ]
}

@test "a publisher of one fleet alone invokes its alias" {
  run publish --own-alias
  [ "$status" -eq 0 ]
  [ "$(calls '"gantry-operator:fleet-web-4b5e57f6eb2f42b9039b3d1e13929295"')" -eq 1 ]
}

@test "the write is conditional and carries the checksum" {
  run publish
  [ "$(calls '"--if-none-match", "\*"')" -eq 1 ]
  local checksum
  checksum=$(python3 -c 'import base64, sys; print(base64.b64encode(bytes.fromhex(sys.argv[1])).decode())' "$SHA")
  [ "$(calls "\"--checksum-sha256\", \"$checksum\"")" -eq 1 ]
}

@test "a bundle that is there already is still proposed" {
  publish
  run publish
  [ "$status" -eq 0 ]
  [[ ${lines[0]} == *'already there'* ]]
  [ "$(calls '"invoke"')" -eq 2 ]
}

@test "two writes that meet are tried again" {
  echo ConditionalRequestConflict >"$FAKE_AWS/put-errors"
  run publish
  [ "$status" -eq 0 ]
  [ "$(calls put-object)" -eq 2 ]
}

@test "a name with odd characters is percent-encoded in the key and itself in the proposal" {
  run publish --fleet 'web/blue 1'
  [ "$status" -eq 2 ]
  run publish --fleet 'web/blue%1'
  [ "$status" -eq 0 ]
  [ -f "$FAKE_AWS/objects/gantry-sandbox/bundles/web%2Fblue%251/$SHA.zip" ]
  grep -q '"fleet": "web/blue%1"' "$FAKE_AWS/payload.json"
}

@test "a refusal ends with 1 and says why" {
  answers '{"status": "refused", "message": "the bundle is in quarantine: 3 instances failed with it"}'
  run publish
  [ "$status" -eq 1 ]
  [[ $output == *'refused: web keeps its bundle: the bundle is in quarantine: 3 instances failed with it'* ]]
}

@test "a tree that cannot be a bundle ends with 1 before AWS is asked" {
  rm "$TREE/playbook.yml"
  run publish
  [ "$status" -eq 1 ]
  [[ $output == *'has no playbook.yml'* ]]
  [ ! -e "$FAKE_AWS/calls" ]
}

@test "an error of S3 ends with 3, in the CLI's own words, and nothing is proposed" {
  echo AccessDenied >"$FAKE_AWS/put-errors"
  run publish
  [ "$status" -eq 3 ]
  [[ $output == *'(AccessDenied) when calling the PutObject operation'* ]]
  run calls '"invoke"'
  [ "$output" -eq 0 ]
}

@test "a function that is not there, threw, or said nothing sensible ends with 3" {
  touch "$FAKE_AWS/no-function"
  run publish
  [ "$status" -eq 3 ]
  [[ $output == *ResourceNotFoundException* ]]
  rm "$FAKE_AWS/no-function"

  touch "$FAKE_AWS/function-error"
  answers '{"errorMessage": "out of memory"}'
  run publish
  [ "$status" -eq 3 ]
  [[ $output == *'the function failed (Unhandled)'*'out of memory'* ]]
  rm "$FAKE_AWS/function-error"

  local answer
  for answer in '' 'null' '[]' '{"message": "hm"}' '{"status": "error", "message": "the fleet has no settings"}'; do
    answers "$answer"
    run publish
    [ "$status" -eq 3 ]
  done
  [[ $output == *'the function answered error: the fleet has no settings'* ]]
}

@test "--json says the same for machines, refusals too" {
  answers '{"status": "refused", "message": "quarantined"}'
  run publish --json
  [ "$status" -eq 1 ]
  [[ $output == '{"status": "refused", "message": '*'"sha256": "'$SHA'"'*'"uploaded": true}' ]]
}

@test "fleet and bucket come from the environment too, and missing ones are asked for" {
  GANTRY_FLEET=web GANTRY_BUCKET=gantry-sandbox run "$ROOT/scripts/publish" --tree "$TREE"
  [ "$status" -eq 0 ]
  run "$ROOT/scripts/publish" --bucket gantry-sandbox
  [ "$status" -eq 2 ]
  [[ $output == *'--fleet is missing'* ]]
  run "$ROOT/scripts/publish" --fleet web
  [ "$status" -eq 2 ]
  [[ $output == *'--bucket is missing'* ]]
}

@test "names that AWS would not take are refused by the option" {
  run publish --fleet 'a:b'
  [ "$status" -eq 2 ]
  run publish --bucket 'Not_A_Bucket'
  [ "$status" -eq 2 ]
  run publish --flet web
  [ "$status" -eq 2 ]
}

@test "without an aws CLI it says so and ends with 3" {
  # A copy without .gantry, and a PATH with nothing but what the script itself needs.
  cp -r "$ROOT/scripts" "$BATS_TEST_TMPDIR/scripts"
  mkdir "$BATS_TEST_TMPDIR/path"
  ln -s "$(python3 -c 'import sys; print(sys.executable)')" "$BATS_TEST_TMPDIR/path/python3"
  ln -s "$(command -v dirname)" "$BATS_TEST_TMPDIR/path/dirname"
  PATH=$BATS_TEST_TMPDIR/path run "$BATS_TEST_TMPDIR/scripts/publish" --tree "$TREE" --fleet web --bucket gantry-sandbox
  [ "$status" -eq 3 ]
  [[ $output == *'there is no aws CLI on the PATH'* ]]
}

@test "an aws CLI that cannot be started ends with 3" {
  GANTRY_AWS=$BATS_TEST_TMPDIR/nowhere run publish
  [ "$status" -eq 3 ]
  [[ $output == *'cannot be started'* ]]
}
