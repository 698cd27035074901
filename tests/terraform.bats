#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031 # inner shells expand what is quoted; each test has an output of its own
# What `terraform test` cannot test: error messages, scripts beside the modules, where the provider is found.

setup() {
  load helpers/common
  UPLOAD=$ROOT/terraform/modules/fleet/files/upload-bundle
}

# No call reaches AWS: a plan's question to AWS fails at once, and the plan still refuses what it refuses by itself.
PROVIDER='provider "aws" {
  region                      = "eu-central-1"
  access_key                  = "sandbox"
  secret_key                  = "sandbox"
  max_retries                 = 1
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true

  endpoints {
    sts = "http://127.0.0.1:1"
  }
}'

# with_terraform: runs it in a shell of its own, as the scripts do.
with_terraform() {
  bash -c 'source "$0/scripts/lib/common.sh"; source "$0/scripts/lib/terraform/terraform.sh"; use_terraform; "$@"' \
    "$ROOT" "$@"
}

# fake_aws EXIT WORDS: a CLI of account 111122223333 that answers an upload with these words, and keeps its arguments.
fake_aws() {
  {
    printf '#!/bin/sh\ncase $* in sts*) echo 111122223333; exit 0 ;; esac\n'
    printf 'printf "%%s\n" "$*" >>%q\nprintf "%%s\n" %q >&2\nexit %d\n' "$BATS_TEST_TMPDIR/told" "$2" "$1"
  } >"$BATS_TEST_TMPDIR/aws"
  chmod +x "$BATS_TEST_TMPDIR/aws"
}

# upload [ACCOUNT]: as Terraform runs it, with the provider in that account.
upload() {
  AWS=$BATS_TEST_TMPDIR/aws REGION=eu-central-1 ACCOUNT=${1:-111122223333} BUCKET=gantry-sandbox \
    KEY=bundles/web/abc.zip BUNDLE=$ROOT/terraform/modules/fleet/tests/bundle.zip run "$UPLOAD"
}

@test "nothing is uploaded to an account that is not the provider's" {
  fake_aws 0 ''
  upload 444455556666
  [ "$status" -eq 1 ]
  [[ $output == *'signed in to account 111122223333, and Terraform'*'to account 444455556666'* ]]
  [ ! -e "$BATS_TEST_TMPDIR/told" ]
}

@test "a bundle is written only if there is none, with its checksum" {
  fake_aws 0 ''
  upload
  [ "$status" -eq 0 ]
  grep -q -- "--if-none-match \*" "$BATS_TEST_TMPDIR/told"
  checksum=$(openssl dgst -sha256 -binary "$ROOT/terraform/modules/fleet/tests/bundle.zip" | base64)
  grep -q -- "--checksum-sha256 $checksum" "$BATS_TEST_TMPDIR/told"
}

@test "a bundle that is there already is no error" {
  fake_aws 254 'An error occurred (PreconditionFailed) when calling the PutObject operation'
  upload
  [ "$status" -eq 0 ]
  [[ $output == *'is there already.'* ]]
}

@test "a bundle that cannot be written fails with the CLI's message" {
  fake_aws 254 'An error occurred (AccessDenied) when calling the PutObject operation'
  upload
  [ "$status" -eq 1 ]
  [[ $output == *'cannot be written: An error occurred (AccessDenied)'* ]]
}

# plan_fleet DEADLINE VERSION: what a plan of a fleet with these values says, in one line.
plan_fleet() {
  cat >"$BATS_TEST_TMPDIR/main.tf" <<TF
$PROVIDER
module "fleet" {
  source     = "$ROOT/terraform/modules//fleet"
  name       = "gantry-dev"
  group_name = "web"
  attach_hook   = false
  timing     = { launch_deadline = $1 }
  document   = { name = "AWS-ApplyAnsiblePlaybooks", version = "$2" }
  store      = { bucket = "b", bucket_arn = "arn:aws:s3:::b", kms_key_arn = "arn:aws:kms:eu-central-1:1:key/k" }
  launch_function = {
    queue_url = "u", queue_arn = "q", role_names = {}, hook_names = ["gantry"], document_names = []
    operator = { name = "o", alias = "live", arn = "a" }
  }
}
TF
  with_terraform terraform -chdir="$BATS_TEST_TMPDIR" init -input=false >/dev/null
  run with_terraform terraform -chdir="$BATS_TEST_TMPDIR" plan -no-color -input=false
  said=$(tr -s '│\n ' ' ' <<<"$output")
}

@test "a document without a fixed version is refused, with the command that prints its version" {
  plan_fleet 3600 '$LATEST'
  [ "$status" -eq 1 ]
  [[ $said == *'Look it up with: aws ssm describe-document'* ]]
}

@test "a launch deadline that is too short is refused with its arithmetic" {
  plan_fleet 2000 1
  [ "$status" -eq 1 ]
  [[ $said == *'600 s + 2 attempts x (delivery 120 s + run 900 s) + backoff 30 s = 2670 s'* ]]
}

@test "a document that Systems Manager would refuse for its size is refused" {
  mkdir "$BATS_TEST_TMPDIR/documents"
  # In two words, because scripts/dev/lint documents looks for each document that is named.
  local name=Gantry-
  { printf -- '---\nschemaVersion: "2.2"\nmainSteps: []\n' && yes '# filler' | head -c 66000; } \
    >"$BATS_TEST_TMPDIR/documents/${name}Big.yml"
  cat >"$BATS_TEST_TMPDIR/main.tf" <<TF
$PROVIDER
module "documents" {
  source = "$ROOT/terraform/modules/ssm_documents"
  folder = "$BATS_TEST_TMPDIR/documents"
}
TF
  with_terraform terraform -chdir="$BATS_TEST_TMPDIR" init -input=false >/dev/null
  run with_terraform terraform -chdir="$BATS_TEST_TMPDIR" plan -no-color -input=false
  [ "$status" -eq 1 ]
  [[ $(tr -s '│\n ' ' ' <<<"$output") == *'Systems Manager takes documents of 65536 bytes'* ]]
}

@test "a provider mirror in a usual place is found" {
  mkdir -p "$BATS_TEST_TMPDIR/home/.terraform.d/plugins/registry.terraform.io/hashicorp/aws/5.100.0"
  run env HOME="$BATS_TEST_TMPDIR/home" bash -c \
    'source "$0/scripts/lib/common.sh"; source "$0/scripts/lib/terraform/terraform.sh"; provider_mirror' "$ROOT"
  [ "$output" = "$BATS_TEST_TMPDIR/home/.terraform.d/plugins" ]
}

@test "your own CLI configuration is left alone, and a missing one is no error" {
  touch "$BATS_TEST_TMPDIR/own.tfrc"
  export TF_CLI_CONFIG_FILE=$BATS_TEST_TMPDIR/own.tfrc
  run with_terraform printenv TF_CLI_CONFIG_FILE
  [ "$output" = "$BATS_TEST_TMPDIR/own.tfrc" ]
  export TF_CLI_CONFIG_FILE=$BATS_TEST_TMPDIR/gone.tfrc
  run with_terraform printenv TF_CLI_CONFIG_FILE
  [ "$output" != "$BATS_TEST_TMPDIR/gone.tfrc" ]
}

# Together with "without_a_fallback_nothing_of_it_is_planned" of modules/environment: that module is planned only on
# request.
@test "only the bastion's module has port 22, key pairs, bastions and functions in a VPC" {
  run grep -rlE --include='*.tf' --exclude-dir=.terraform --exclude-dir=tests \
    -e 'vpc_config *\{' -e '(from|to)_port *= *(22|local\.ssh)\b' -e 'key_name *=' -e 'aws_key_pair' \
    -e 'gantry-bastion\.py' "$ROOT/terraform"
  [ "$(grep -vc '/modules/bastion_fallback/' <<<"$output")" -eq 0 ]
  [ "$(grep -c '/modules/bastion_fallback/' <<<"$output")" -eq 2 ]
}

# github ANSWER COMMAND…: runs it with a GitHub that answers every question with this environment.
github() {
  local server
  python3 - "$1" "$BATS_TEST_TMPDIR/port" <<'EOF' 3>&- &
import http.server, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        found = self.path == "/repos/example/gantry/environments/dev"
        self.send_response(200 if found else 404)
        self.end_headers()
        self.wfile.write(sys.argv[1].encode())
    def log_message(self, *words):
        pass
server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
open(sys.argv[2], "w").write(str(server.server_port))
server.handle_request()
EOF
  server=$!
  eventually test -s "$BATS_TEST_TMPDIR/port"
  API=http://127.0.0.1:$(<"$BATS_TEST_TMPDIR/port") REPOSITORY=example/gantry ENVIRONMENT=${2:-dev} \
    run "$ROOT/terraform/bootstrap/files/check-protection"
  # It has ended by itself if it was asked.
  kill "$server" 2>/dev/null || true
  echo "$output"
}

@test "a GitHub environment without reviewers, or for every branch, gets no roles" {
  github '{"protection_rules": [], "deployment_branch_policy": null}'
  [ "$status" -eq 1 ]
  [[ $output == *'example/gantry: the environment dev: it has no required reviewers'* ]]
  [[ $output == *'it takes every branch'*'docs/operations/github.md'* ]]
}

@test "a protected GitHub environment is accepted" {
  github '{"protection_rules": [{"type": "required_reviewers", "reviewers": [{"type": "Team"}]}],
    "deployment_branch_policy": {"protected_branches": true, "custom_branch_policies": false}}'
  [ "$status" -eq 0 ]
  [ -z "$output" ]
}

@test "an environment that GitHub does not know gets no roles, nor does any if GitHub does not answer" {
  github '{}' prod
  [ "$status" -eq 1 ]
  [[ $output == *'GitHub answers 404'* ]]
  API=http://127.0.0.1:1 REPOSITORY=example/gantry ENVIRONMENT=dev \
    run "$ROOT/terraform/bootstrap/files/check-protection"
  [ "$status" -eq 1 ]
  [[ $output == *'GitHub cannot be asked'* ]]
}

@test "the provider's calls are read whatever the order of a line's fields" {
  printf '%s\n' '[DEBUG] HTTP Request Sent: rpc.service=EC2 tf_req_id=1 rpc.method=CreateVpc' \
    '[DEBUG] HTTP Request Sent: rpc.method=HeadBucket rpc.service=S3' \
    '[DEBUG] HTTP Request Sent: rpc.method=CreateRule rpc.service="Elastic Load Balancing v2"' \
    '[DEBUG] HTTP Response Received: rpc.service=EC2 rpc.method=DeleteVpc' >"$BATS_TEST_TMPDIR/log"
  run python3 -B "$ROOT/scripts/lib/terraform/provider_calls.py" "$BATS_TEST_TMPDIR/log"
  [ "$status" -eq 0 ]
  [[ $output == *'ec2:CreateVpc'*'elasticloadbalancing:CreateRule'*'s3:ListBucket'*'3 calls, 3 actions'* ]]
  [[ $output != *DeleteVpc* ]]
}
