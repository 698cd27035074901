# shellcheck shell=bash
# For the tests of the Command documents on an instance of the sandbox: sends a document, and reads its line of JSON.

source "$ROOT/tests/helpers/lines.bash"

BUCKET=gantry-sandbox
DOCUMENT=Gantry-ApplyAnsiblePlaybooks
export BUCKET DOCUMENT

# s3_url KEY
s3_url() { printf 'https://s3.eu-central-1.amazonaws.com/%s/%s' "$BUCKET" "$1"; }

# publish_document NAME: creates it; prints its version.
publish_document() {
  aws ssm create-document --name "$1" --document-type Command --document-format JSON \
    --content "file://$ROOT/ssm-documents/$1.json" --output text --query DocumentDescription.DocumentVersion
}

# instance_without_hook: in a group of its own, so that no playbook has run on it; prints the id.
instance_without_hook() {
  aws autoscaling create-launch-configuration --launch-configuration-name plain --image-id ami-0123456789abcdef0 \
    --instance-type t3.small
  aws autoscaling create-auto-scaling-group --auto-scaling-group-name plain --launch-configuration-name plain \
    --min-size 1 --max-size 1 --desired-capacity 1 --vpc-zone-identifier subnet-0123456789abcdef0
  eventually one_has_registered
  registered
}

registered() {
  aws ssm describe-instance-information --output text --query 'InstanceInformationList[0].InstanceId'
}

one_has_registered() { [[ $(registered) == i-* ]]; }

# bundle_of FOLDER: makes a bundle of it and puts it into the bucket; prints its sha256.
bundle_of() {
  local sha
  sha=$("$ROOT/scripts/gantry" bundle --tree "$1" --out "$BATS_TEST_TMPDIR/out" | head -n 1)
  put_zip "$BATS_TEST_TMPDIR/out/$sha.zip" "$sha"
}

# bundle_doing SHELL [VERIFYING_SHELL]: a bundle whose only task is that; with a verify.yml if a second one is given.
bundle_doing() {
  local tree
  tree=$(mktemp -d "$BATS_TEST_TMPDIR/tree.XXXX")
  playbook_doing "$1" >"$tree/playbook.yml"
  [ -z "${2:-}" ] || playbook_doing "$2" >"$tree/verify.yml"
  bundle_of "$tree"
}

playbook_doing() {
  cat <<PLAYBOOK
---
- hosts: all
  gather_facts: false
  tasks:
    - name: Do what the test wants
      ansible.builtin.shell: |
        $1
PLAYBOOK
}

# put_zip FILE SHA256: into the bucket, as a bundle of the fleet; prints the sha256.
put_zip() {
  client put "$1" "bundles/web/$2.zip"
  printf '%s\n' "$2"
}

# options_for SHA256 NAME=VALUE…: sets OPTIONS to the document's parameters for that bundle; the last value counts.
options_for() {
  OPTIONS=("SourceInfo={\"path\": \"$(s3_url "bundles/web/$1.zip")\"}" "BundleSha256=$1"
    InstallDependencies=False PlaybookFile=playbook.yml TimeoutSeconds=1200 "${@:2}")
}

# send_apply SHA256 NAME=VALUE…: prints the command's id.
send_apply() {
  options_for "$@"
  client send "$DOCUMENT" "$INSTANCE" "${OPTIONS[@]}"
}

# apply SHA256 NAME=VALUE…: sends the document and waits; then LINE has its line.
apply() {
  options_for "$@"
  keep_line "$(client run "$DOCUMENT" "$INSTANCE" runShellScript "${OPTIONS[@]}" 2>&1)"
}

# apply_by_cli SHA256 NAME=VALUE…: the same by the aws command.
apply_by_cli() {
  local parameters
  options_for "$@"
  parameters=$(python3 -c 'import json, sys
print(json.dumps({name: [value] for name, value in (pair.split("=", 1) for pair in sys.argv[1:])}))' "${OPTIONS[@]}")
  line_of "$(aws ssm send-command --document-name "$DOCUMENT" --instance-ids "$INSTANCE" --parameters "$parameters" \
    --output text --query Command.CommandId)"
}

client() { python3 -B "$ROOT/tests/helpers/sandbox_client.py" "$@"; }

# shell COMMAND: runs it on the instance, and prints its output.
shell() { client run AWS-RunShellScript "$INSTANCE" aws:runShellScript "commands=$1"; }

# status_of COMMAND
status_of() {
  aws ssm list-command-invocations --command-id "$1" --output text --query 'CommandInvocations[0].Status'
}

# line_of COMMAND: waits for its result, which is then in LINE.
line_of() { keep_line "$(client ended "$1" "$INSTANCE" runShellScript 2>&1)"; }

# keep_line TEXT: its first line is the result, or all of it is shown.
keep_line() {
  LINE=$(head -n 1 <<<"$1")
  [[ $LINE == '{"gantry":'* ]] || { printf '%s\n' "$1" && return 1; }
}

# says WORDS: the result's message has these words.
says() { [[ $(field message) == *"$1"* ]] || { printf '%s\n' "$LINE" && return 1; }; }

# choose_document FLEET: changes one setting of the fleet: its document.
choose_document() {
  local settings=$BATS_FILE_TMPDIR/settings.json
  aws s3 cp --quiet "s3://$BUCKET/fleets/$1/settings.json" "$settings"
  python3 - "$settings" "$DOCUMENT" <<'PYTHON'
import json, sys
from pathlib import Path
path = Path(sys.argv[1])
settings = json.loads(path.read_text())
settings["document"] = {"name": sys.argv[2], "version": "1"}
settings["attempts"] = 1
path.write_text(json.dumps(settings))
PYTHON
  client put "$settings" "fleets/$1/settings.json"
}

# publish_tree FOLDER: for the example fleet.
publish_tree() { "$ROOT/scripts/gantry" publish web --bucket "$BUCKET" --tree "$1" --json; }

desire() { aws autoscaling set-desired-capacity --auto-scaling-group-name web --desired-capacity "$1"; }

# in_service COUNT: has the example fleet so many?
in_service() {
  [ "$(aws autoscaling describe-auto-scaling-groups --auto-scaling-group-names web --output text \
    --query "length(AutoScalingGroups[0].Instances[?LifecycleState=='InService'])")" = "$1" ]
}

# logged TYPE: has a function logged a line of this type?
logged() { grep -rqs "\"log_type\":\"$1\"" "$LOGS"; }
