# shellcheck shell=bash
# An account that is moto's server (a stand-in for AWS, on loopback), and a copy of the repository for it.
# Sourced after common.sh, setup.sh and terraform.sh. terraform/tests/moto has what moto cannot do, and moto-alone what
# it cannot do of the four services that the sandbox answers in a rehearsal.

MOTO_ACCOUNT=111122223333
MOTO=''

# moto_credentials: for every client of this process.
moto_credentials() {
  # moto answers what it does not know with 500, which the provider would retry for ten minutes.
  export AWS_ACCESS_KEY_ID=sandbox AWS_SECRET_ACCESS_KEY=sandbox AWS_EC2_METADATA_DISABLED=true AWS_MAX_ATTEMPTS=3
  export AWS_REGION=eu-central-1 AWS_DEFAULT_REGION=eu-central-1 AWS_PAGER=''
  export MOTO_IAM_LOAD_MANAGED_POLICIES=true MOTO_ACCOUNT_ID=$MOTO_ACCOUNT PATH=$VENV/bin:$PATH
  unset AWS_PROFILE AWS_SESSION_TOKEN
}

# start_moto: sets MOTO to its process, and AWS_ENDPOINT_URL; moto says in its log which port it got.
start_moto() {
  local log=$STATE/log/moto.log port=''
  make_state log
  # Emptied before the server starts: otherwise the first look could find the port of the last server.
  : >"$log"
  "$VENV/bin/moto_server" -H 127.0.0.1 -p 0 >>"$log" 2>&1 </dev/null &
  MOTO=$!
  for _ in {1..600}; do
    port=$(sed -nE 's#.*Running on http://127\.0\.0\.1:([0-9]+).*#\1#p' "$log" | head -n 1)
    [[ -z $port ]] || break
    kill -0 "$MOTO" 2>/dev/null || die "moto's server ended; its output is in $log."
    sleep 0.1
  done
  [[ -n $port ]] || die "moto's server does not listen; its output is in $log."
  export AWS_ENDPOINT_URL=http://127.0.0.1:$port
}

# prepare_moto: its functions accept every proposal.
prepare_moto() {
  local accepted='"{\"status\":\"accepted\",\"message\":\"\"}"'
  curl -sf -X POST "$AWS_ENDPOINT_URL/moto-api/config" -d '{"lambda": {"use_docker": false}}' &&
    curl -sf -X POST "$AWS_ENDPOINT_URL/moto-api/static/lambda-simple/response" -H 'Content-Type: application/json' \
      -d '{"account_id": "'"$MOTO_ACCOUNT"'", "region": "eu-central-1", "results": ['"$accepted"']}'
}

# copy_for_moto FOLDER [alone]: the repository, with what moto cannot do overridden, S3 at its one address, and an image
# of moto's in the configurations.
copy_for_moto() {
  local copy=$1 folder image alone=${2:-}
  # Builds the command where its sources are newer: the copy takes it for built.
  "$ROOT/scripts/gantry" --version || return 1
  mkdir -p "$copy/.gantry"
  tar -C "$ROOT" -c --exclude=./.git --exclude=./.gantry --exclude=.terraform --exclude='surefire*' . |
    tar -C "$copy" -x
  cp "$ROOT"/.gantry/{built,cli-built,cli-java-home} "$copy/.gantry/"
  touch "$copy"/.gantry/{built,cli-built}
  cp -R "$copy/terraform/tests/moto/." "$copy/terraform/"
  [[ -z $alone ]] || cp -R "$copy/terraform/tests/moto-alone/." "$copy/terraform/"
  for folder in bootstrap envs/dev envs/prod; do
    rm -f "$copy/terraform/$folder/override.tf"
    # Terraform reads the local state's override after this one, because of its name, and the later one wins.
    printf 'terraform {\n  backend "s3" {\n    use_path_style = true\n    skip_credentials_validation = true\n  }\n}
provider "aws" {\n  s3_use_path_style = true\n}\n' >"$copy/terraform/$folder/a_override.tf"
  done
  # moto does not read the conditions of a bucket's policy: "no access without TLS" denies all access there.
  [[ -z $alone ]] ||
    printf 'resource "aws_s3_bucket_policy" "state" {\n  count = 0\n}\n' >>"$copy/terraform/bootstrap/a_override.tf"
  # shellcheck disable=SC2016 # JMESPath has backticks of its own
  image=$(aws ec2 describe-images --query 'Images[?contains(Name, `ubuntu`)] | [0].ImageId' --output text)
  for folder in dev prod; do printf '  image_id: %s\n' "$image" >>"$copy/config/$folder.yml"; done
}

# released_mediamtx FOLDER ARCHIVE: a folder as MediaMTX's release would fill it, with this archive for both
# architectures.
released_mediamtx() {
  local architecture
  mkdir -p "$1"
  for architecture in amd64 arm64; do cp "$2" "$1/mediamtx_v1.20.1_linux_$architecture.tar.gz"; done
  (cd "$1" && sha256sum -b -- *.tar.gz >checksums.sha256)
}
