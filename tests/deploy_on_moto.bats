#!/usr/bin/env bats
# scripts/up and scripts/down with the real terraform, AWS provider and aws CLI, against moto's server (a stand-in for
# AWS, on loopback): state in S3, addresses that outlive the environment. terraform/tests/moto has what moto cannot do.
# Takes minutes, so it runs only on request: GANTRY_LONG=1 bats tests/deploy_on_moto.bats

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
  # shellcheck source=../scripts/lib/terraform/moto.sh
  source "$ROOT/scripts/lib/terraform/moto.sh"
  prepare_moto
  copy_for_moto "$BATS_FILE_TMPDIR/copy" alone
}

teardown_file() { [ ! -s "$BATS_FILE_TMPDIR/pid" ] || kill "$(<"$BATS_FILE_TMPDIR/pid")"; }

setup() {
  load helpers/common
  [ -z "$(obstacle)" ] || skip "$(obstacle)"
  COPY=$BATS_FILE_TMPDIR/copy
}

# obstacle: prints why it cannot run, or nothing.
obstacle() {
  if [ -z "${GANTRY_LONG:-}" ]; then
    echo 'takes minutes: GANTRY_LONG=1 runs it'
  elif [ ! -x "$ROOT/.gantry/venv/bin/moto_server" ]; then
    echo 'no moto in .gantry/venv'
  elif ! command -v terraform >/dev/null; then
    echo 'terraform is not installed'
  fi
}

# released: a folder as MediaMTX's release would fill it, with a stand-in for its archives.
released() {
  RELEASED=$BATS_FILE_TMPDIR/released
  [ ! -d "$RELEASED" ] || return 0
  source "$ROOT/scripts/lib/terraform/moto.sh"
  python3 -B "$ROOT/scripts/lib/media/standin.py" "$BATS_FILE_TMPDIR/standin.tar.gz"
  released_mediamtx "$RELEASED" "$BATS_FILE_TMPDIR/standin.tar.gz"
}

@test "up makes an environment from a clone, and finds nothing to do the second time" {
  released
  mkdir -p "$COPY/.gantry/workload/dev/videos"
  echo film >"$COPY/.gantry/workload/dev/videos/film.mp4"
  run "$COPY/scripts/up" dev --yes --no-probe --json --mediamtx "$RELEASED"
  echo "$output"
  [ "$status" -eq 0 ]
  [[ $output == *'"urls": {"rtsp": "rtsp://'*'"fleet": "gantry-dev-rtsp"'* ]]
  aws s3api head-object --bucket gantry-tfstate-111122223333-eu-central-1 --key envs/dev/terraform.tfstate
  aws s3api head-object --bucket gantry-tfstate-111122223333-eu-central-1 --key bootstrap.tfstate
  [ ! -e "$COPY/terraform/bootstrap/terraform.tfstate" ]
  # What the bundle reads is in the bucket, and was there before the bundle was proposed.
  local bucket=gantry-dev-111122223333-eu-central-1
  [[ $output == *'"streams": ["film"]'* ]]
  aws s3api head-object --bucket "$bucket" --key artifacts/gantry-dev-rtsp/mediamtx_v1.20.1_linux_amd64.tar.gz
  in_order 'module.rtsp_fleet.module.fleet.terraform_data.objects.*Creation complete' \
    'module.rtsp_fleet.module.fleet.aws_lambda_invocation.propose.*Creating' \
    'module.rtsp_fleet.aws_autoscaling_group.this: Creating'
  run "$COPY/scripts/up" dev --yes --no-probe --mediamtx "$RELEASED"
  echo "$output"
  [ "$status" -eq 0 ]
  [[ $output == *'bootstrap: no changes.'*'dev: no changes.'* ]]
}

# in_order PATTERN…: lines of the apply's log, in this order.
in_order() {
  local last=0 line pattern
  for pattern in "$@"; do
    line=$(grep -n -- "$pattern" "$COPY/.gantry/log/apply-dev.log" | cut -d: -f1 |
      awk -v l="$last" '$1 > l' | head -n 1)
    [ -n "$line" ] || { echo "no $pattern after line $last" && return 1; }
    last=$line
  done
}

@test "without videos the apply ends before an instance is launched, and says how to repair it" {
  released
  # By its version: moto fails later, when it empties a bucket that has a delete marker.
  local video=(--bucket gantry-dev-111122223333-eu-central-1 --key videos/gantry-dev-rtsp/film.mp4) version
  version=$(aws s3api head-object "${video[@]}" --query VersionId --output text)
  aws s3api delete-object "${video[@]}" --version-id "$version"
  rm -r "$COPY/.gantry/workload/dev/videos"
  echo '# Another bundle.' >>"$COPY/ansible/playbook.yml"
  "$COPY/scripts/gantry" bundle --env dev --out "$COPY/.gantry/bundles/other" >/dev/null
  rm "$COPY"/.gantry/bundles/dev/*.zip
  mv "$COPY"/.gantry/bundles/other/*.zip "$COPY/.gantry/bundles/dev/"
  run terraform -chdir="$COPY/terraform/envs/dev" apply -no-color -auto-approve
  echo "$output"
  [ "$status" -eq 1 ]
  local nothing='There is nothing below s3://gantry-dev-111122223333-eu-central-1/videos/gantry-dev-rtsp/'
  [[ $(tr -s '│\n ' ' ' <<<"$output") == *"$nothing"*'aws s3 cp FILE'* ]]
}

@test "down keeps the addresses and says their cost, down --all releases them" {
  run "$COPY/scripts/down" dev --yes
  echo "$output"
  [ "$status" -eq 0 ]
  [[ $output == *'They cost 2 × 0.005 dollars × 730 h = 7.30 dollars a month'* ]]
  [ "$(aws ec2 describe-vpcs --filters Name=tag:Environment,Values=dev --query 'length(Vpcs)')" -eq 0 ]
  run "$COPY/scripts/down" --all --yes
  echo "$output"
  [ "$status" -eq 0 ]
  [[ $output == *'No address is kept.'* ]]
  [ "$(aws ec2 describe-addresses --query 'length(Addresses)')" -eq 0 ]
}
