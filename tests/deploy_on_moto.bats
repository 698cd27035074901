#!/usr/bin/env bats
# scripts/up and scripts/down with the real terraform, AWS provider and aws CLI, against moto's server (a stand-in for
# AWS, on loopback): state in S3, addresses that outlive the environment. terraform/tests/moto has what moto cannot do.
# Minutes long, so it runs only when it is asked for: GANTRY_LONG=1 bats tests/deploy_on_moto.bats

setup_file() {
  load helpers/common
  [ -z "$(obstacle)" ] || return 0
  export AWS_ACCESS_KEY_ID=sandbox AWS_SECRET_ACCESS_KEY=sandbox AWS_EC2_METADATA_DISABLED=true AWS_MAX_ATTEMPTS=3
  export MOTO_IAM_LOAD_MANAGED_POLICIES=true MOTO_ACCOUNT_ID=111122223333 AWS_DEFAULT_REGION=eu-central-1
  export PATH=$ROOT/.gantry/venv/bin:$PATH
  unset AWS_PROFILE AWS_SESSION_TOKEN AWS_REGION
  moto_server -H 127.0.0.1 -p 0 >"$BATS_FILE_TMPDIR/moto" 2>&1 </dev/null 3>&- &
  echo "$!" >"$BATS_FILE_TMPDIR/pid"
  eventually grep -q 'Running on' "$BATS_FILE_TMPDIR/moto"
  AWS_ENDPOINT_URL=$(sed -nE 's#.*Running on (http://127\.0\.0\.1:[0-9]+).*#\1#p' "$BATS_FILE_TMPDIR/moto" | head -n 1)
  export AWS_ENDPOINT_URL
  prepare
  copy
}

teardown_file() { [ ! -s "$BATS_FILE_TMPDIR/pid" ] || kill "$(<"$BATS_FILE_TMPDIR/pid")"; }

setup() {
  load helpers/common
  [ -z "$(obstacle)" ] || skip "$(obstacle)"
  COPY=$BATS_FILE_TMPDIR/copy
}

# obstacle: why it cannot run; nothing when it can.
obstacle() {
  if [ -z "${GANTRY_LONG:-}" ]; then
    echo 'takes minutes: GANTRY_LONG=1 runs it'
  elif [ ! -x "$ROOT/.gantry/venv/bin/moto_server" ]; then
    echo 'no moto in .gantry/venv'
  elif ! command -v terraform >/dev/null; then
    echo 'terraform is not installed'
  fi
}

# moto's functions answer what they are told to.
prepare() {
  curl -sf -X POST "$AWS_ENDPOINT_URL/moto-api/config" -d '{"lambda": {"use_docker": false}}'
  local accepted='"{\"status\":\"accepted\",\"message\":\"\"}"'
  curl -sf -X POST "$AWS_ENDPOINT_URL/moto-api/static/lambda-simple/response" -H 'Content-Type: application/json' \
    -d '{"account_id": "111122223333", "region": "eu-central-1", "results": ['"$accepted"']}'
}

# copy: the repository with what moto cannot do overridden, and S3 at its one address.
copy() {
  local copy=$BATS_FILE_TMPDIR/copy folder image
  mkdir "$copy"
  tar -C "$ROOT" -c --exclude=./.git --exclude=./.gantry --exclude=.terraform --exclude='surefire*' . |
    tar -C "$copy" -x
  mkdir "$copy/.gantry"
  cp "$ROOT/.gantry/built" "$copy/.gantry/"
  touch "$copy/.gantry/built"
  cp -R "$copy/terraform/tests/moto/." "$copy/terraform/"
  for folder in bootstrap envs/dev; do
    rm "$copy/terraform/$folder/override.tf"
    # Its name is before that of the local state's, which must win.
    printf 'terraform {\n  backend "s3" {\n    use_path_style = true\n    skip_credentials_validation = true\n  }\n}
provider "aws" {\n  s3_use_path_style = true\n}\n' >"$copy/terraform/$folder/a_override.tf"
  done
  # moto does not read the conditions of a bucket's policy: "no access without TLS" denies all access there.
  printf 'resource "aws_s3_bucket_policy" "state" {\n  count = 0\n}\n' >>"$copy/terraform/bootstrap/a_override.tf"
  # shellcheck disable=SC2016 # JMESPath has backticks of its own
  image=$(aws ec2 describe-images --query 'Images[?contains(Name, `ubuntu`)] | [0].ImageId' --output text)
  printf '  image_id: %s\n' "$image" >>"$copy/config/dev.yml"
}

@test "up makes an environment from nothing, and finds nothing to do the second time" {
  run "$COPY/scripts/up" dev --yes --no-probe --json
  echo "$output"
  [ "$status" -eq 0 ]
  [[ $output == *'"urls": {"rtsp": "rtsp://'*'"fleet": "gantry-dev-rtsp"'* ]]
  aws s3api head-object --bucket gantry-tfstate-111122223333-eu-central-1 --key envs/dev/terraform.tfstate
  aws s3api head-object --bucket gantry-tfstate-111122223333-eu-central-1 --key bootstrap.tfstate
  [ ! -e "$COPY/terraform/bootstrap/terraform.tfstate" ]
  run "$COPY/scripts/up" dev --yes --no-probe
  echo "$output"
  [ "$status" -eq 0 ]
  grep -q 'Resources: 0 added, 0 changed, 0 destroyed' "$COPY/.gantry/log/apply.log"
}

@test "down keeps the addresses and says their cost, down --all releases them" {
  run "$COPY/scripts/down" dev --yes
  echo "$output"
  [ "$status" -eq 0 ]
  [[ $output == *'They cost 4 × 0.005 dollars × 730 h = 14.60 dollars a month'* ]]
  [ "$(aws ec2 describe-vpcs --filters Name=tag:Environment,Values=dev --query 'length(Vpcs)')" -eq 0 ]
  run "$COPY/scripts/down" --all --yes
  echo "$output"
  [ "$status" -eq 0 ]
  [[ $output == *'No address is kept.'* ]]
  [ "$(aws ec2 describe-addresses --query 'length(Addresses)')" -eq 0 ]
}
