#!/usr/bin/env bats
# scripts/up, scripts/down and scripts/lib/ci-plan.sh with a fake terraform and a fake aws CLI (fakes/): what they call,
# in which order, and what they say. A copy of the scripts runs, so that nothing is built and nobody's state is touched.

setup() {
  load helpers/common
  ROOT_OF_THE_SOURCES=$ROOT
  COPY=$BATS_TEST_TMPDIR/copy
  mkdir -p "$COPY/terraform/bootstrap" "$COPY/terraform/envs/dev" "$COPY/terraform/envs/prod" "$COPY/bin"
  cp -r "$ROOT/scripts" "$ROOT/config" "$ROOT/ansible" "$COPY/"
  # What is deployed is there, and newer than its sources, of which there are none.
  mkdir -p "$COPY/lambda/function/target" "$COPY/lambda/bastion/target" "$COPY/lambda/sandbox/target/classes" \
    "$COPY/.gantry" "$COPY/.mvn"
  touch "$COPY/pom.xml"
  zip_of lib/gantry-function-1.jar "$COPY/lambda/function/target/gantry-function"
  zip_of lib/gantry-bastion-1.jar "$COPY/lambda/bastion/target/gantry-bastion"
  echo "$COPY/pom.xml" >"$COPY/lambda/sandbox/target/classpath"
  touch "$COPY/.gantry/built" "$COPY"/lambda/*/target/*-sbom.json
  ln -s "$ROOT/tests/fakes/fake-terraform" "$COPY/bin/terraform"
  ln -s "$ROOT/tests/fakes/fake-aws-account" "$COPY/bin/aws"
  export FAKE_TERRAFORM=$BATS_TEST_TMPDIR/fake PATH=$COPY/bin:$PATH ROOT=$COPY
  mkdir "$FAKE_TERRAFORM"
  printf '203.0.113.7\n203.0.113.8\n' >"$FAKE_TERRAFORM/addresses"
  config '{"region": "eu-central-1", "keep_data": false}' '["videos/harbour.mp4", "more/"]'
  echo '{"urls": {"rtsp": "rtsp://127.0.0.1:9"}, "bucket": "gantry-dev-b", "fleet": "gantry-dev-rtsp"}' \
    >"$FAKE_TERRAFORM/outputs.json"
  echo module.environment >"$FAKE_TERRAFORM/state"
  printf 'a change\nPlan: 1 to add, 0 to change, 0 to destroy.\n' >"$FAKE_TERRAFORM/plan"
}

# zip_of JAR NAME: NAME.zip with this jar, and NAME-sbom.json that names it.
zip_of() {
  python3 - "$1" "$2" <<'PYTHON'
import json, sys, zipfile
jar, name = sys.argv[1:]
with zipfile.ZipFile(f"{name}.zip", "w") as content:
    content.writestr(jar, "bytes")
artifact, _, version = jar.removeprefix("lib/").removesuffix(".jar").rpartition("-")
with open(f"{name}-sbom.json", "w") as bill:
    json.dump({"metadata": {"component": {"name": artifact, "version": version}}, "components": []}, bill)
PYTHON
}

# config TERRAFORM VIDEOS
config() { printf '{"terraform": %s, "rtsp_server_videos": %s}' "$1" "$2" >"$FAKE_TERRAFORM/config.json"; }
up() { "$COPY/scripts/up" "$@"; }
down() { "$COPY/scripts/down" "$@"; }
ci_plan() { STATE_BUCKET=b AWS_REGION=eu-central-1 "$COPY/scripts/lib/ci-plan.sh" "$@"; }
called() { grep -q -- "$1" "$FAKE_TERRAFORM/calls"; }
# in_order PATTERN…: calls in this order.
in_order() {
  local last=0 line pattern
  for pattern in "$@"; do
    line=$(grep -n -- "$pattern" "$FAKE_TERRAFORM/calls" | cut -d: -f1 | awk -v l="$last" '$1 > l' | head -n 1)
    [ -n "$line" ] || { echo "no $pattern after line $last" && cat "$FAKE_TERRAFORM/calls" && return 1; }
    last=$line
  done
}

@test "up makes state, addresses and environment, and says where the streams play" {
  run up dev --yes --no-probe
  echo "$output"
  [ "$status" -eq 0 ]
  in_order '^bootstrap apply' '^local' \
    '^bootstrap init.*-migrate-state.*bucket=gantry-tfstate-111122223333-eu-central-1' \
    '^envs/dev init.*key=envs/dev/terraform.tfstate' '^envs/dev apply -auto-approve'
  [[ $output == *'rtsp://127.0.0.1:9/harbour'* ]]
  [ ! -e "$COPY/terraform/bootstrap/local_override.tf" ]
  [ "$(find "$COPY/.gantry/bundles/dev" -name '*.zip' | wc -l)" -eq 1 ]
}

@test "up a second time leaves bootstrap alone, and --repository does not" {
  touch "$FAKE_TERRAFORM/bucket"
  run up dev --yes --no-probe --json
  [ "$status" -eq 0 ]
  [[ $output == *'{"environment": "dev", "account": "111122223333", "region": "eu-central-1", "urls": {"rtsp": '* ]]
  run called '^bootstrap'
  [ "$status" -eq 1 ]
  up dev --yes --no-probe --repository owner/name
  called '^bootstrap apply.*-var repository=owner/name'
}

@test "up again moves the state of a bootstrap that was interrupted" {
  touch "$FAKE_TERRAFORM/bucket"
  echo '{"resources": []}' >"$COPY/terraform/bootstrap/terraform.tfstate"
  run up dev --yes --no-probe
  [ "$status" -eq 0 ]
  in_order '^bootstrap apply' '^local' '^bootstrap init.*-migrate-state'
  [ ! -e "$COPY/terraform/bootstrap/terraform.tfstate" ]
}

@test "up waits for a server that answers RTSP" {
  cat >"$BATS_TEST_TMPDIR/server.py" <<'EOF'
import socket, sys
server = socket.create_server(("127.0.0.1", 0))
open(sys.argv[1], "w").write(str(server.getsockname()[1]))
while True:
    client, _ = server.accept()
    asked = client.recv(1000)
    client.sendall(b"RTSP/1.0 200 OK\r\n\r\n" if asked.startswith(b"OPTIONS rtsp://") else b"RTSP/1.0 400\r\n\r\n")
    client.close()
EOF
  python3 "$BATS_TEST_TMPDIR/server.py" "$BATS_TEST_TMPDIR/port" 3>&- &
  local server=$!
  eventually test -s "$BATS_TEST_TMPDIR/port"
  sed -i "s/:9\"/:$(<"$BATS_TEST_TMPDIR/port")\"/" "$FAKE_TERRAFORM/outputs.json"
  run up dev --yes
  kill "$server"
  echo "$output"
  [ "$status" -eq 0 ]
  [[ $output == *'The server answers: '* ]]
}

@test "down destroys, keeps the addresses, and says what they cost" {
  touch "$FAKE_TERRAFORM/bucket"
  run down dev --yes
  echo "$output"
  [ "$status" -eq 0 ]
  in_order '^envs/dev init' '^envs/dev destroy -auto-approve'
  [[ $output == *'Kept: 203.0.113.7 203.0.113.8'* ]]
  [[ $output == *'They cost 2 × 0.005 dollars × 730 h = 7.30 dollars a month; --all releases them.'* ]]
  run called '^bootstrap apply'
  [ "$status" -eq 1 ]
}

@test "down --all releases the addresses and leaves the state's bucket" {
  touch "$FAKE_TERRAFORM/bucket"
  config '{"region": "eu-central-1", "keep_data": false}' '[]'
  : >"$FAKE_TERRAFORM/addresses"
  run down --all --yes --json
  [ "$status" -eq 0 ]
  in_order '^envs/dev destroy' '^bootstrap apply.*-var environments={}'
  [[ $output == *'{"destroyed": ["dev"], "addresses": [], "dollars_a_month": 0.0'* ]]
}

@test "down waits for interfaces of AWS's own, shows them, and tries again" {
  touch "$FAKE_TERRAFORM/bucket"
  echo 'Error: deleting EC2 Subnet: DependencyViolation: The subnet has dependencies' >"$FAKE_TERRAFORM/failures"
  echo $'eni-0123456789abcdef0\tin-use\tELB net/gantry-dev-rtsp' >"$FAKE_TERRAFORM/interfaces"
  sed -i 's/^PAUSE=.*/PAUSE=0.1/' "$COPY/scripts/down"
  run down dev --yes
  echo "$output"
  [ "$status" -eq 0 ]
  [[ $output == *'Still in the way'*'eni-0123456789abcdef0'*'ELB net/gantry-dev-rtsp'* ]]
  [ "$(grep -c '^envs/dev destroy' "$FAKE_TERRAFORM/calls")" -eq 2 ]
}

@test "down says that a function in the VPC is waited for, and for how long" {
  touch "$FAKE_TERRAFORM/bucket"
  sed -i 's/^PAUSE=.*/PAUSE=0/' "$COPY/scripts/down"
  printf 'DependencyViolation\n' >"$FAKE_TERRAFORM/failures"
  printf 'eni-0123456789abcdef0\tin-use\tAWS Lambda VPC ENI-gantry-dev-bastion-0a1b\n' >"$FAKE_TERRAFORM/interfaces"
  run down dev --yes
  echo "$output"
  [ "$status" -eq 0 ]
  [[ $output == *'Waiting for Lambda to give back 1 interface(s) of a function in the VPC, which takes up to 45'* ]]
}

@test "with a fallback up builds the instances' side of it" {
  touch "$FAKE_TERRAFORM/bucket"
  cp -r "$ROOT_OF_THE_SOURCES/ssm-documents" "$COPY/"
  touch "$COPY/.gantry/built"
  config '{"region": "eu-central-1", "fallback": "when-unreachable"}' '[]'
  run up dev --yes --no-probe
  echo "$output"
  [ "$status" -eq 0 ]
  [ -s "$COPY/.gantry/fallback/program.zip" ]
}

@test "a release has what a fallback needs, and puts it back" {
  cp -r "$ROOT_OF_THE_SOURCES/ssm-documents" "$COPY/"
  touch "$COPY/.gantry/built" "$COPY"/lambda/*/target/*-sbom.json
  cp "$COPY/lambda/bastion/target/gantry-bastion.zip" "$BATS_TEST_TMPDIR/bastion.zip"
  run "$COPY/scripts/release" --out "$BATS_TEST_TMPDIR/release"
  echo "$output"
  [ "$status" -eq 0 ]
  rm "$COPY/lambda/bastion/target/gantry-bastion.zip"
  "$COPY/scripts/release" --use "$BATS_TEST_TMPDIR/release"
  cmp "$COPY/lambda/bastion/target/gantry-bastion.zip" "$BATS_TEST_TMPDIR/bastion.zip"
  cmp "$COPY/.gantry/fallback/program.zip" "$BATS_TEST_TMPDIR/release/fallback-program.zip"
}

@test "down gives up when its patience is over, and at once where waiting mends nothing" {
  touch "$FAKE_TERRAFORM/bucket"
  printf 'DependencyViolation\nDependencyViolation\n' >"$FAKE_TERRAFORM/failures"
  run down dev --yes --patience 0
  [ "$status" -eq 1 ]
  [[ $output == *'still in the way after 0 s'* ]]
  echo 'Error: AccessDenied' >"$FAKE_TERRAFORM/failures"
  run down dev --yes
  [ "$status" -eq 1 ]
  [[ $output == *'for a reason that waiting does not mend'* ]]
}

@test "down says before it begins what would stop it halfway" {
  touch "$FAKE_TERRAFORM/bucket"
  config '{"region": "eu-central-1"}' '[]'
  echo 'bundles/web/0a.zip' >"$FAKE_TERRAFORM/versions"
  run down dev --yes
  [ "$status" -eq 1 ]
  [[ $output == *'bucket gantry-dev-111122223333-eu-central-1 has data'*'keep_data: false'* ]]
  config '{"region": "eu-central-1", "deletion_protection": true}' '[]'
  run down dev --yes
  [ "$status" -eq 1 ]
  [[ $output == *'protected from deletion'* ]]
  run called '^envs/dev destroy'
  [ "$status" -eq 1 ]
}

@test "an environment that is not there is not destroyed, and an account without Gantry is left alone" {
  touch "$FAKE_TERRAFORM/bucket"
  : >"$FAKE_TERRAFORM/state"
  run down dev --yes
  [ "$status" -eq 0 ]
  [[ $output == *'dev is not there.'* ]]
  rm "$FAKE_TERRAFORM/bucket"
  run down dev --yes
  [ "$status" -eq 3 ]
}

@test "nobody is asked where nobody can answer, and wrong words end with 2" {
  run up dev </dev/null
  [ "$status" -eq 2 ]
  [[ $output == *'say --yes'* ]]
  local words
  for words in 'nowhere --yes' '--yes' 'dev prod --yes' 'dev --repository bad --yes' 'dev --no-such'; do
    # shellcheck disable=SC2086 # words
    run up $words
    [ "$status" -eq 2 ]
  done
  for words in 'dev --all' 'dev --patience soon' ''; do
    # shellcheck disable=SC2086 # words
    run down $words
    [ "$status" -eq 2 ]
  done
  touch "$FAKE_TERRAFORM/nobody"
  run up dev --yes
  [ "$status" -eq 3 ]
  [[ $output == *'AWS does not know you: Unable to locate credentials'* ]]
}

@test "what is applied is what was approved" {
  run ci_plan dev --digest "$BATS_TEST_TMPDIR/digest" --markdown
  [ "$status" -eq 0 ]
  [[ $output == *'### dev: Plan: 1 to add, 0 to change, 0 to destroy.'* ]]
  called '^envs/dev plan.*-lock=false'
  ci_plan dev --apply "$(<"$BATS_TEST_TMPDIR/digest")"
  in_order '^envs/dev plan.*-lock-timeout' '^envs/dev apply'
  echo 'another change' >>"$FAKE_TERRAFORM/plan"
  : >"$FAKE_TERRAFORM/calls"
  run ci_plan dev --apply "$(<"$BATS_TEST_TMPDIR/digest")"
  [ "$status" -eq 1 ]
  [[ $output == *'is not the approved one any more'* ]]
  run called '^envs/dev apply'
  [ "$status" -eq 1 ]
}

@test "a plan that fails is shown, and fails" {
  touch "$FAKE_TERRAFORM/plan-fails"
  run ci_plan dev --markdown
  [ "$status" -eq 1 ]
  [[ $output == *'### dev: the plan failed'*'Error: no such thing'* ]]
  run "$COPY/scripts/lib/ci-plan.sh" dev
  [ "$status" -eq 3 ]
  run ci_plan nowhere
  [ "$status" -eq 2 ]
}

@test "a release has the bill of materials of each zip, with its sum, and none that is of another zip" {
  run "$COPY/scripts/release" --out "$BATS_TEST_TMPDIR/release"
  [ "$status" -eq 0 ]
  grep -q ' gantry-function-sbom.json$' "$BATS_TEST_TMPDIR/release/SHA256SUMS"
  grep -q ' gantry-bastion-sbom.json$' "$BATS_TEST_TMPDIR/release/SHA256SUMS"
  zip_of lib/stranger-2.jar "$BATS_TEST_TMPDIR/other"
  cp "$BATS_TEST_TMPDIR/other.zip" "$COPY/lambda/bastion/target/gantry-bastion.zip"
  run "$COPY/scripts/release" --out "$BATS_TEST_TMPDIR/another"
  [ "$status" -eq 1 ]
  [[ $output == *'does not name stranger-2.jar, which gantry-bastion.zip has'* ]]
  [[ $output == *'names gantry-bastion-1.jar, which gantry-bastion.zip does not have'* ]]
}

@test "what was released is what is used, and nothing else" {
  run "$COPY/scripts/release" --out "$BATS_TEST_TMPDIR/release"
  echo "$output"
  [ "$status" -eq 0 ]
  [[ $output == *' gantry-function.zip'* && $output == *' bundle-sample-'* ]]
  rm -rf "$COPY/.gantry/bundles" "$COPY/lambda/function/target"
  "$COPY/scripts/release" --use "$BATS_TEST_TMPDIR/release"
  [ -f "$COPY/lambda/function/target/gantry-function.zip" ]
  (cd "$COPY/.gantry/bundles/dev" && for zip in *.zip; do echo "${zip%.zip}  $zip"; done | sha256sum --check)
  echo more >>"$BATS_TEST_TMPDIR/release/gantry-function.zip"
  run "$COPY/scripts/release" --use "$BATS_TEST_TMPDIR/release"
  [ "$status" -eq 1 ]
  [[ $output == *'is not what was released'* ]]
  run "$COPY/scripts/release" --out "$BATS_TEST_TMPDIR/release"
  [ "$status" -eq 1 ]
}
