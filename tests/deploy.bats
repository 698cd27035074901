#!/usr/bin/env bats
# scripts/up, scripts/down and scripts/lib/deploy/ci-plan.sh with a fake terraform and a fake aws CLI (fakes/): what
# they call, in which order, and what they say. A copy of the scripts runs, so that nothing is built and no real state
# is touched.

setup_file() {
  load helpers/common
  # The command that is built already makes the bundles.
  "$ROOT/scripts/gantry" --version
}

setup() {
  load helpers/common
  ROOT_OF_THE_SOURCES=$ROOT
  COPY=$BATS_TEST_TMPDIR/copy
  mkdir -p "$COPY/terraform/bootstrap" "$COPY/terraform/envs/dev" "$COPY/terraform/envs/prod" "$COPY/bin"
  cp -r "$ROOT/scripts" "$ROOT/config" "$ROOT/ansible" "$ROOT/LICENSE" "$COPY/"
  # What is deployed exists, and is newer than its sources: the copy has none.
  mkdir -p "$COPY/lambda/function/target" "$COPY/lambda/bastion/target" "$COPY/sandbox/target" \
    "$COPY/.gantry" "$COPY/.mvn"
  cp -r "$ROOT/.mvn/checksums" "$COPY/.mvn/"
  touch "$COPY/pom.xml"
  zip_of lib/gantry-function-1.jar "$COPY/lambda/function/target/gantry-function"
  cp "$COPY/lambda/function/target/gantry-function.zip" "$COPY/lambda/function/target/gantry-function-arm64.zip"
  zip_of lib/gantry-bastion-1.jar "$COPY/lambda/bastion/target/gantry-bastion"
  ln -s "$ROOT/.gantry/programs" "$COPY/.gantry/"
  cp "$ROOT/.gantry/cli-java-home" "$COPY/.gantry/"
  echo "$COPY/pom.xml" >"$COPY/sandbox/target/classpath"
  touch "$COPY/.gantry/built" "$COPY/.gantry/cli-built" "$COPY"/lambda/*/target/*-sbom.json
  ln -s "$ROOT/tests/fakes/fake-terraform" "$COPY/bin/terraform"
  ln -s "$ROOT/tests/fakes/fake-aws-account" "$COPY/bin/aws"
  export FAKE_TERRAFORM=$BATS_TEST_TMPDIR/fake PATH=$COPY/bin:$PATH ROOT=$COPY GANTRY_AWS=$COPY/bin/aws
  mkdir "$FAKE_TERRAFORM"
  printf '203.0.113.7\n203.0.113.8\n' >"$FAKE_TERRAFORM/addresses"
  echo "$(printf 'a%.0s' {1..64}) *mediamtx_v1.20.1_linux_amd64.tar.gz" \
    >>"$COPY/ansible/roles/rtsp_server/files/artifacts.lock"
  echo '{"Contents": [{"Key": "more/Quay 1.mp4"}, {"Key": "more/README"}]}' >"$FAKE_TERRAFORM/listed"
  config '{"region": "eu-central-1", "keep_data": false}' '["s3://films/harbour.mp4", "s3://films/more/"]'
  echo '{"urls": {"rtsp": "rtsp://127.0.0.1:9"}, "bucket": "gantry-dev-b", "fleet": "gantry-dev-rtsp",
    "functions": {"operator": "gantry-dev-operator"}}' \
    >"$FAKE_TERRAFORM/outputs.json"
  echo envs/dev module.environment >"$FAKE_TERRAFORM/state"
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

# config TERRAFORM VIDEOS [MORE]
config() {
  printf '{"terraform": %s, "rtsp_server_videos": %s%s}' "$1" "$2" "${3:+, $3}" >"$FAKE_TERRAFORM/config.json"
}
both_environments() { echo envs/prod module.environment >>"$FAKE_TERRAFORM/state"; }
up() { "$COPY/scripts/up" "$@"; }
down() { "$COPY/scripts/down" "$@"; }
ci_plan() { STATE_BUCKET=b AWS_REGION=eu-central-1 "$COPY/scripts/lib/deploy/ci-plan.sh" "$@"; }
called() { grep -q -- "$1" "$FAKE_TERRAFORM/calls"; }
# in_order PATTERN…: there were calls that match, in this order.
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
  in_order '^bootstrap plan' '^bootstrap show' '^bootstrap apply' '^local' \
    '^bootstrap init.*-migrate-state.*bucket=gantry-tfstate-111122223333-eu-central-1' \
    '^envs/dev init.*key=envs/dev/terraform.tfstate' '^envs/dev plan' '^envs/dev show' \
    '^envs/dev apply .*/.gantry/plan/dev$'
  [[ $output == *'Plan: 1 to add, 0 to change, 0 to destroy.'* ]]
  [[ $output == *'rtsp://127.0.0.1:9/harbour'*'rtsp://127.0.0.1:9/quay-1'* ]]
  [[ $output != *README* ]]
  [ ! -e "$COPY/terraform/bootstrap/local_override.tf" ]
  [ "$(find "$COPY/.gantry/bundles/dev" -name '*.zip' | wc -l)" -eq 1 ]
}

@test "up a second time leaves bootstrap alone, except with --repository" {
  touch "$FAKE_TERRAFORM/bucket"
  echo bootstrap >"$FAKE_TERRAFORM/no-changes"
  run up dev --yes --no-probe --json
  [ "$status" -eq 0 ]
  [[ $output == *'{"environment": "dev", "account": "111122223333", "region": "eu-central-1", "urls": {"rtsp": '* ]]
  [[ $output == *'"streams": ["harbour", "quay-1"]'* ]]
  run called '^bootstrap apply'
  [ "$status" -eq 1 ]
  rm "$FAKE_TERRAFORM/no-changes"
  up dev --yes --no-probe --repository owner/name
  called '^bootstrap plan.*-var repository=owner/name'
  called '^bootstrap apply'
}

@test "up keeps what bootstrap was given before" {
  touch "$FAKE_TERRAFORM/bucket"
  echo -n owner/name >"$FAKE_TERRAFORM/repository"
  up dev --yes --no-probe
  called '^bootstrap plan.*-var repository=owner/name'
}

@test "up uses a provider of GitHub's tokens that the account has already" {
  touch "$FAKE_TERRAFORM/bucket"
  echo arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com >"$FAKE_TERRAFORM/providers"
  up dev --yes --no-probe --repository owner/name
  called '^bootstrap plan.*-var github_provider_arn=arn:aws:iam::111122223333:oidc-provider/token'
}

@test "up keeps a provider of GitHub's tokens that is bootstrap's own, however long its state is" {
  touch "$FAKE_TERRAFORM/bucket"
  echo arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com >"$FAKE_TERRAFORM/providers"
  {
    echo 'aws_iam_openid_connect_provider.github[0]'
    seq -f 'aws_s3_object.many[%.0f]' 20000
  } >"$FAKE_TERRAFORM/bootstrap-state"
  up dev --yes --no-probe --repository owner/name
  run called '^bootstrap plan.*-var github_provider_arn'
  [ "$status" -eq 1 ]
}

@test "up takes over a state bucket without a state of bootstrap's" {
  touch "$FAKE_TERRAFORM/bucket" "$FAKE_TERRAFORM/stateless"
  up dev --yes --no-probe
  in_order '^bootstrap import .*aws_s3_bucket.state gantry-tfstate-111122223333-eu-central-1' '^bootstrap plan' \
    '^bootstrap apply' '^bootstrap init.*-migrate-state'
}

@test "up writes the image into the configuration, and one command changes it" {
  up dev --yes --no-probe
  grep -qx '  image_id: ami-0123456789abcdef0 # ubuntu-noble-24.04-amd64-server-20261101' "$COPY/config/dev.yml"
  # Terraform reads the section as before.
  [ "$(grep -c '^terraform:' "$COPY/config/dev.yml")" -eq 1 ]
  sed -i 's/ami-0123456789abcdef0/ami-0aaaaaaaaaaaaaaa0/' "$COPY/config/dev.yml"
  run "$COPY/scripts/ops/image" dev
  [[ $output == 'ami-0aaaaaaaaaaaaaaa0; newest: ami-0123456789abcdef0' ]]
  run "$COPY/scripts/ops/image" dev --move --json
  [ "$output" = '{"image": "ami-0123456789abcdef0", "newest": "ami-0123456789abcdef0", "moved": true}' ]
  [ "$(grep -c image_id "$COPY/config/dev.yml")" -eq 1 ]
  run "$COPY/scripts/ops/image" nowhere
  [ "$status" -eq 1 ]
  [[ $output == *'config/nowhere.yml: it cannot be read'* ]]
}

@test "up says first if there are too few Elastic IPs" {
  config '{"region": "eu-central-1", "keep_addresses": true, "nat_per_zone": true}' '[]'
  echo 4 >"$FAKE_TERRAFORM/others"
  run up dev --yes --no-probe
  [ "$status" -eq 3 ]
  # Both environments read the same configuration in this test.
  [[ $output == *"dev needs 6 Elastic IP(s), and 4 of this Region's 5 are in use by others."*'--desired-value 10'* ]]
  run called '^bootstrap\|^envs'
  [ "$status" -eq 1 ]
}

@test "a configuration that is for another account is refused" {
  config '{"region": "eu-central-1", "account": "999988887777"}' '[]'
  run up dev --yes --no-probe
  [ "$status" -eq 3 ]
  [[ $output == *'config/dev.yml is for the account 999988887777, and the aws CLI is signed in to 111122223333.'* ]]
}

# released: a folder with an archive and the checksums of its release.
released() {
  RELEASED=$BATS_TEST_TMPDIR/released
  mkdir -p "$RELEASED"
  echo archive >"$RELEASED/mediamtx_v1.20.1_linux_amd64.tar.gz"
  echo archive >"$RELEASED/mediamtx_v1.20.1_linux_arm64.tar.gz"
  (cd "$RELEASED" && sha256sum -b -- *.tar.gz >checksums.sha256)
  sed -i '/^[0-9a-f]\{64\}/d' "$COPY/ansible/roles/rtsp_server/files/artifacts.lock"
  # A clone has no video; ffmpeg makes it.
  # shellcheck disable=SC2016 # the script expands it
  printf '#!/bin/sh\nfor file; do :; done\necho film >"$file"\n' >"$COPY/bin/ffmpeg"
  chmod +x "$COPY/bin/ffmpeg"
}

@test "prepare locks MediaMTX from its release's checksums, and has archive, video and bundle ready" {
  released
  config '{"region": "eu-central-1"}' '["s3://{{ gantry_bucket }}/videos/gantry-dev-rtsp/"]' \
    '"rtsp_server_artifact_prefix": "s3://{{ gantry_bucket }}/artifacts/gantry-dev-rtsp/"'
  run "$COPY/scripts/ops/prepare" dev --mediamtx "$RELEASED"
  echo "$output"
  [ "$status" -eq 0 ]
  [[ $output == *'checksums of its release: '*'archive for amd64: '*'A sample video'*'The bundle of dev: '* ]]
  grep -q "$(sha256sum <"$RELEASED/mediamtx_v1.20.1_linux_amd64.tar.gz" | cut -d' ' -f1)" \
    "$COPY/ansible/roles/rtsp_server/files/artifacts.lock"
  cmp "$COPY/.gantry/workload/dev/artifacts/mediamtx_v1.20.1_linux_amd64.tar.gz" \
    "$RELEASED/mediamtx_v1.20.1_linux_amd64.tar.gz"
  [ -s "$COPY/.gantry/workload/dev/videos/sample.mp4" ]
}

@test "an archive that is not the release's is refused" {
  released
  config '{"region": "eu-central-1"}' '[]' '"rtsp_server_artifact_prefix": "s3://{{ gantry_bucket }}/artifacts/x/"'
  echo another >"$RELEASED/mediamtx_v1.20.1_linux_amd64.tar.gz"
  run "$COPY/scripts/ops/prepare" dev --mediamtx "$RELEASED"
  [ "$status" -eq 3 ]
  [[ $output == *'is expected: it was not taken'* ]]
  [ ! -e "$COPY/.gantry/workload/dev/artifacts/mediamtx_v1.20.1_linux_amd64.tar.gz" ]
}

@test "your own archive has its digest in the configuration" {
  released
  local digest
  rm "$RELEASED/checksums.sha256"
  digest=$(sha256sum <"$RELEASED/mediamtx_v1.20.1_linux_amd64.tar.gz" | cut -d' ' -f1)
  config '{"region": "eu-central-1"}' '[]' '"rtsp_server_artifact_prefix": "s3://{{ gantry_bucket }}/artifacts/x/",
    "rtsp_server_sha256": {"amd64": "'"$digest"'"}'
  run "$COPY/scripts/ops/prepare" dev --mediamtx "$RELEASED"
  echo "$output"
  [ "$status" -eq 0 ]
  [ -s "$COPY/.gantry/workload/dev/artifacts/mediamtx_v1.20.1_linux_amd64.tar.gz" ]
}

@test "your own videos need no sample" {
  released
  run "$COPY/scripts/ops/prepare" dev --mediamtx "$RELEASED"
  [ "$status" -eq 0 ]
  [ ! -e "$COPY/.gantry/workload/dev/videos" ]
}

@test "up again moves the state of a bootstrap that was interrupted" {
  touch "$FAKE_TERRAFORM/bucket"
  echo '{"resources": []}' >"$COPY/terraform/bootstrap/terraform.tfstate"
  run up dev --yes --no-probe
  [ "$status" -eq 0 ]
  in_order '^bootstrap plan' '^local' '^bootstrap init.*-migrate-state'
  [ ! -e "$COPY/terraform/bootstrap/terraform.tfstate" ]
}

@test "up waits for a server that plays" {
  cat >"$BATS_TEST_TMPDIR/server.py" <<'EOF'
import socket, sys
server = socket.create_server(("127.0.0.1", 0))
open(sys.argv[1], "w").write(str(server.getsockname()[1]))
while True:
    client, _ = server.accept()
    while asked := client.recv(1000):
        body = b"v=0\r\nm=video 0 RTP/AVP 96\r\na=control:trackID=0\r\n" if asked.startswith(b"DESCRIBE") else b""
        client.sendall(b"RTSP/1.0 200 OK\r\nSession: 7;timeout=60\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        if asked.startswith(b"PLAY"):
            client.sendall(b"$\0\0\4RTP!")
            client.close()
            break
EOF
  python3 "$BATS_TEST_TMPDIR/server.py" "$BATS_TEST_TMPDIR/port" 3>&- &
  local server=$!
  eventually test -s "$BATS_TEST_TMPDIR/port"
  sed -i "s/:9\"/:$(<"$BATS_TEST_TMPDIR/port")\"/" "$FAKE_TERRAFORM/outputs.json"
  run up dev --yes
  kill "$server"
  echo "$output"
  [ "$status" -eq 0 ]
  [[ $output == *'The streams play: harbour quay-1: '* ]]
}

# without_address MORE: an environment whose streams have no address that up knows; two instances are in service.
without_address() {
  config '{"region": "eu-central-1", '"$1"'}' '["s3://films/harbour.mp4"]'
  sed -i 's/"urls": {[^}]*}/"urls": null/' "$FAKE_TERRAFORM/outputs.json"
  printf 'i-0123456789abcdef0\ni-0123456789abcdef1\n' >"$FAKE_TERRAFORM/instances"
}

@test "without a load balancer up says so, and waits until every instance is in service" {
  without_address '"load_balancer": false'
  run up dev --yes
  echo "$output"
  [ "$status" -eq 0 ]
  [[ $output == *'dev: no load balancer is made, and no Elastic IP for one. Clients reach the instances'* ]]
  [[ $output == *'Elastic IPs: 1 needed'*'Every instance is in service'*'Not verified: that the streams play'* ]]
  [[ $output == *"There is no load balancer: streams play at the instances' addresses, port 8554: harbour"* ]]
}

@test "a group that shall have no instance is as it must be" {
  without_address '"load_balancer": false'
  : >"$FAKE_TERRAFORM/instances"
  run up dev --yes
  echo "$output"
  [ "$status" -eq 0 ]
}

@test "with target groups of the operator's up waits until they find every instance healthy" {
  local arn=arn:aws:elasticloadbalancing:eu-central-1:111122223333:targetgroup/live/0123456789abcdef
  without_address '"target_groups": {"arns": ["'$arn'"]}, "network": {"vpc_id": "vpc-1"}'
  printf 'i-0123456789abcdef0\thealthy\ni-0123456789abcdef1\tinitial\n' >"$FAKE_TERRAFORM/targets"
  printf 'i-0123456789abcdef0\thealthy\ni-0123456789abcdef1\thealthy\n' >"$FAKE_TERRAFORM/targets-later"
  sed -i 's/^PAUSE=.*/PAUSE=0/' "$COPY/scripts/up"
  run up dev --yes
  echo "$output"
  [ "$status" -eq 0 ]
  [[ $output == *'dev: instances are registered in 1 target group(s) of yours. No load balancer is made'* ]]
  # Their network has the way out that it has.
  [[ $output == *'Elastic IPs: 0 needed'*'healthy in each target group'*"at your load balancer's address"* ]]
}

@test "target groups that are not there are refused before anything is made" {
  local arn=arn:aws:elasticloadbalancing:eu-central-1:111122223333:targetgroup/live/0123456789abcdef
  without_address '"target_groups": {"arns": ["'$arn'"]}'
  run up dev --yes
  echo "$output"
  [ "$status" -eq 3 ]
  [[ $output == *'config/dev.yml (terraform: target_groups): '*TargetGroupNotFound* ]]
  run called '^bootstrap\|^envs'
  [ "$status" -eq 1 ]
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

@test "down --all begins only if nothing would stop it at any environment" {
  touch "$FAKE_TERRAFORM/bucket"
  both_environments
  printf 'envs/dev destroy\n' >"$BATS_TEST_TMPDIR/expected"
  config '{"region": "eu-central-1", "deletion_protection": true}' '[]'
  run down --all --yes
  echo "$output"
  [ "$status" -eq 1 ]
  [[ $output == *'dev: its load balancer is protected'* ]]
  [[ $output == *'prod: its load balancer is protected'* ]]
  run called ' destroy'
  [ "$status" -eq 1 ]
}

@test "down --all destroys the others where one destroy fails, and then releases nothing" {
  touch "$FAKE_TERRAFORM/bucket"
  both_environments
  echo 'Error: AccessDenied' >"$FAKE_TERRAFORM/failures"
  run down --all --yes
  echo "$output"
  [ "$status" -eq 1 ]
  in_order '^envs/dev destroy' '^envs/prod destroy'
  [[ $output == *'Destroyed: prod. Not destroyed: dev.'* ]]
  run called '^bootstrap apply'
  [ "$status" -eq 1 ]
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

@test "down says that it waits for a function in the VPC, and for how long" {
  touch "$FAKE_TERRAFORM/bucket"
  sed -i 's/^PAUSE=.*/PAUSE=0/' "$COPY/scripts/down"
  printf 'DependencyViolation\n' >"$FAKE_TERRAFORM/failures"
  printf 'eni-0123456789abcdef0\tin-use\tAWS Lambda VPC ENI-gantry-dev-bastion-0a1b\n' >"$FAKE_TERRAFORM/interfaces"
  run down dev --yes
  echo "$output"
  [ "$status" -eq 0 ]
  [[ $output == *'Waiting for Lambda to give back 1 interface(s) of a function in the VPC, which takes up to 45'* ]]
}

@test "with a fallback, up builds the instances' side of it" {
  touch "$FAKE_TERRAFORM/bucket"
  cp -r "$ROOT_OF_THE_SOURCES/ssm-documents" "$COPY/"
  touch "$COPY/.gantry/built"
  config '{"region": "eu-central-1", "fallback": "when-unreachable"}' '[]'
  run up dev --yes --no-probe
  echo "$output"
  [ "$status" -eq 0 ]
  [ -s "$COPY/.gantry/fallback/program.zip" ]
}

@test "a release has what a fallback needs, and --use puts it back" {
  cp -r "$ROOT_OF_THE_SOURCES/ssm-documents" "$COPY/"
  touch "$COPY/.gantry/built" "$COPY"/lambda/*/target/*-sbom.json
  cp "$COPY/lambda/bastion/target/gantry-bastion.zip" "$BATS_TEST_TMPDIR/bastion.zip"
  run "$COPY/scripts/dev/release" --out "$BATS_TEST_TMPDIR/release"
  echo "$output"
  [ "$status" -eq 0 ]
  rm "$COPY/lambda/bastion/target/gantry-bastion.zip"
  "$COPY/scripts/dev/release" --use "$BATS_TEST_TMPDIR/release"
  cmp "$COPY/lambda/bastion/target/gantry-bastion.zip" "$BATS_TEST_TMPDIR/bastion.zip"
  cmp "$COPY/.gantry/fallback/program.zip" "$BATS_TEST_TMPDIR/release/fallback-program.zip"
}

@test "down gives up after its time limit, and at once if waiting does not help" {
  touch "$FAKE_TERRAFORM/bucket"
  printf 'DependencyViolation\nDependencyViolation\n' >"$FAKE_TERRAFORM/failures"
  run down dev --yes --patience 0
  [ "$status" -eq 1 ]
  [[ $output == *'still in the way after 0 s'* ]]
  echo 'Error: AccessDenied' >"$FAKE_TERRAFORM/failures"
  run down dev --yes
  [ "$status" -eq 1 ]
  [[ $output == *'for a reason that waiting does not repair'* ]]
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

@test "without a terminal no question is asked, and wrong options end with 2" {
  run up dev </dev/null
  [ "$status" -eq 2 ]
  [[ $output == *'use --yes'* ]]
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

@test "only the plan that was approved is applied" {
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
  [[ $output == *'is no longer the approved one'* ]]
  run called '^envs/dev apply'
  [ "$status" -eq 1 ]
}

@test "a plan that fails is shown, and fails" {
  touch "$FAKE_TERRAFORM/plan-fails"
  run ci_plan dev --markdown
  [ "$status" -eq 1 ]
  [[ $output == *'### dev: the plan failed'*'Error: no such thing'* ]]
  run "$COPY/scripts/lib/deploy/ci-plan.sh" dev
  [ "$status" -eq 3 ]
  run ci_plan nowhere
  [ "$status" -eq 2 ]
}

@test "a release has the bill of materials of each zip, with its sum, and refuses that of another zip" {
  run "$COPY/scripts/dev/release" --out "$BATS_TEST_TMPDIR/release"
  [ "$status" -eq 0 ]
  grep -q ' gantry-function-sbom.json$' "$BATS_TEST_TMPDIR/release/SHA256SUMS"
  grep -q ' gantry-bastion-sbom.json$' "$BATS_TEST_TMPDIR/release/SHA256SUMS"
  zip_of lib/stranger-2.jar "$BATS_TEST_TMPDIR/other"
  cp "$BATS_TEST_TMPDIR/other.zip" "$COPY/lambda/bastion/target/gantry-bastion.zip"
  run "$COPY/scripts/dev/release" --out "$BATS_TEST_TMPDIR/another"
  [ "$status" -eq 1 ]
  [[ $output == *'does not name stranger-2.jar, which gantry-bastion.zip has'* ]]
  [[ $output == *'names gantry-bastion-1.jar, which gantry-bastion.zip does not have'* ]]
}

@test "--use uses only what was released" {
  run "$COPY/scripts/dev/release" --out "$BATS_TEST_TMPDIR/release"
  echo "$output"
  [ "$status" -eq 0 ]
  [[ $output == *' gantry-function.zip'* && $output == *' bundle-sample-'* ]]
  rm -rf "$COPY/.gantry/bundles" "$COPY/lambda/function/target"
  "$COPY/scripts/dev/release" --use "$BATS_TEST_TMPDIR/release"
  [ -f "$COPY/lambda/function/target/gantry-function.zip" ]
  (cd "$COPY/.gantry/bundles/dev" && for zip in *.zip; do echo "${zip%.zip}  $zip"; done | sha256sum --check)
  echo more >>"$BATS_TEST_TMPDIR/release/gantry-function.zip"
  run "$COPY/scripts/dev/release" --use "$BATS_TEST_TMPDIR/release"
  [ "$status" -eq 1 ]
  [[ $output == *'is not what was released'* ]]
  run "$COPY/scripts/dev/release" --out "$BATS_TEST_TMPDIR/release"
  [ "$status" -eq 1 ]
}
