#!/usr/bin/env bats
# The operator's command against scripts/sandbox with simulated instances: a launch that goes well, one that fails.

setup_file() {
  load helpers/common
  load helpers/sandbox
  [ -x "$ROOT/.gantry/venv/bin/aws" ] || skip 'no aws CLI in .gantry/venv'
  use_own_aws
  start_sandbox "$BATS_FILE_TMPDIR/sandbox" --instances simulated
  export SANDBOX
  use_sandbox "$BATS_FILE_TMPDIR/sandbox"
  aws autoscaling set-desired-capacity --auto-scaling-group-name web --desired-capacity 1
  "$ROOT/scripts/gantry" --version
  GOOD=$(wait_for group web InService)
  export GOOD
}

setup() {
  load helpers/common
  load helpers/sandbox
}

teardown_file() {
  load helpers/common
  load helpers/sandbox
  [ -z "${SANDBOX:-}" ] || stop_sandbox "$SANDBOX" TERM
}

gantry() { "$ROOT/scripts/gantry" "$@"; }

# exits CODE COMMAND…
# shellcheck disable=SC2154 # run sets status and output
exits() {
  local code=$1
  shift
  run "$@"
  echo "$output"
  [ "$status" -eq "$code" ]
}

@test "fleets: shows mode, bundle, breaker, and how many instances serve" {
  exits 0 gantry fleets
  [[ ${lines[1]} =~ ^web\ +enforce\ +[0-9a-f]{12}\ +[0-9a-f]{12}\ +0\ +closed\ +run\ +1\ +0 ]]
  [ "$(gantry fleets --json | json_tool get fleets 0 inService)" = 1 ]
}

@test "explain: tells a launch that went well from its beginning to its end" {
  exits 0 gantry explain "$GOOD"
  [[ $output == *'It was let into service.'*launched*held*'run 1 ready'*'let go'* ]]
  [[ $output == *"launches/web/$GOOD.json"* ]]
  [ "$(gantry explain "$GOOD" --json | json_tool get form)" = gantry.explain/1 ]
}

@test "explain: refuses an instance that is in no group, and an id that is none" {
  exits 0 gantry explain i-0123456789abcdef0
  [[ $output == *'It is in no Auto Scaling group of this account and Region.'* ]]
  exits 2 gantry explain web
  [[ $output == *"not an EC2 instance id: 'web'"* ]]
}

@test "output to a file has neither colours nor a stack trace" {
  run gantry explain "$GOOD"
  [[ $output != *$'\e['* ]]
  exits 3 gantry fleets --endpoint-url http://127.0.0.1:9
  [[ $output == 'gantry: GetFunctionConfiguration of function gantry-operator'* && $output != *$'\tat '* ]]
  exits 3 gantry fleets --function other
  [[ $output == *'Is Gantry in this Region?'* ]]
}

@test "completion: bash loads it, and completes commands and options" {
  # shellcheck disable=SC2016 # the inner shell's
  run bash -c 'source <("$0" generate-completion) && complete -p gantry
    completed() { COMP_WORDS=(gantry "$@") COMP_CWORD=$#; _complete_gantry; printf "%s\n" "${COMPREPLY[@]}"; }
    completed exp; completed explain --reg' "$ROOT/scripts/gantry"
  echo "$output"
  [[ $status -eq 0 && $output == *'-F _complete_gantry'*gantry*explain*--region* ]]
}

@test "look: goes through the operator's function, and shows its decision" {
  exits 0 gantry look "$GOOD"
  [[ $output == "$GOOD: Ignore: "* ]]
}

@test "doctor: finds nothing wrong; then names a bypassed hook, with its repair" {
  exits 0 gantry doctor web --instance "$GOOD"
  [[ $output == *'Nothing is wrong.'* ]]
  aws autoscaling put-lifecycle-hook --auto-scaling-group-name web --lifecycle-hook-name gantry \
    --default-result CONTINUE --heartbeat-timeout 30
  run gantry doctor web
  aws autoscaling put-lifecycle-hook --auto-scaling-group-name web --lifecycle-hook-name gantry \
    --default-result ABANDON --heartbeat-timeout 300
  echo "$output"
  [ "$status" -eq 1 ]
  [[ $output == *'hook gantry has default result CONTINUE, and mode enforce needs ABANDON'* ]]
  # A sentence may break anywhere at the terminal's width.
  [[ ${output//$'\n'/ } == *'it runs out before Gantry renews it'*'repair: '*'2 findings stand.'* ]]
  [[ $output == *'scripts/bypass off --fleet web'* ]]
}

@test "publish: writes the bundle once, the function makes it current; rollback goes back; releases shows both" {
  local before after
  before=$(gantry releases web --json | json_tool get bundles 0 sha256)
  make_tree "$BATS_TEST_TMPDIR/tree"
  exits 0 gantry publish web --tree "$BATS_TEST_TMPDIR/tree" --no-propose
  [[ $output == *': written'*'not proposed'* ]]
  exits 0 gantry publish web --tree "$BATS_TEST_TMPDIR/tree"
  [[ $output == *': already there'*'is current for fleet web'* ]]
  after=$(gantry publish web --tree "$BATS_TEST_TMPDIR/tree" --json | json_tool get sha256)
  exits 0 gantry releases web
  [[ $output == *"${after:0:12} "*' current'* && $output == *"${before:0:12} "*'last good'* ]]
  exits 0 gantry rollback web
  [[ $output == *"bundle ${before:0:12} is current"* ]]
  exits 1 gantry rollback web
  [[ $output == *'no other bundle that is known to be good'* ]]
  exits 0 gantry rollback web --to "${after:0:8}"
  exits 1 gantry rollback web --to 000000000000
  exits 0 gantry rollback web --to "${before:0:12}"
  # The newest first: who made which bundle current.
  exits 0 gantry releases web
  [[ $output == *WHEN*WHAT*WHO*'became current'*"${before:0:12}  "*'became current'*"${after:0:12}  "* ]]
  [ "$(gantry releases web --json | json_tool get changes 0 bundle)" = "$before" ]
  [ "$(gantry releases web --json | json_tool get changes 0 by)" = \
    "$(aws sts get-caller-identity --query Arn --output text)" ]
}

@test "publish: refuses a tree that cannot be a bundle" {
  mkdir "$BATS_TEST_TMPDIR/empty"
  exits 1 gantry publish web --tree "$BATS_TEST_TMPDIR/empty"
  [[ $output == *'has no playbook.yml'* ]]
}

@test "lift: says so if there is nothing to lift; names a group that is no fleet" {
  exits 1 gantry lift web
  [[ $output == *'there is nothing to lift'* ]]
  exits 1 gantry releases nosuchfleet
  [[ $output == *'is no fleet of this deployment'* ]]
}

@test "console: serves on loopback, needs its token, has the JSON of the other commands, and ends with Ctrl-C" {
  local address pid
  XDG_STATE_HOME=$BATS_TEST_TMPDIR python3 -c "$WITH_SIGINT" "$ROOT/scripts/gantry" console --json --port 0 \
    >"$BATS_TEST_TMPDIR/line" 2>&1 </dev/null 3>&- &
  pid=$!
  eventually test -s "$BATS_TEST_TMPDIR/line"
  address=$(json_tool get address <"$BATS_TEST_TMPDIR/line")
  [[ $address =~ ^http://127\.0\.0\.1:[0-9]+/\?token=[A-Za-z0-9_-]{32}$ ]]
  python3 - "$address" "$GOOD" <<'END'
import http.cookiejar, json, sys, urllib.error, urllib.request
address, good = sys.argv[1:]
origin = address.partition("/?")[0]
direct = urllib.request.ProxyHandler({})
try:
    urllib.request.build_opener(direct).open(f"{origin}/fleets.json")
    sys.exit("it tells strangers")
except urllib.error.HTTPError as refusal:
    assert refusal.code == 401, refusal.code
opener = urllib.request.build_opener(direct, urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
assert "Fleets" in opener.open(address).read().decode()
assert json.load(opener.open(f"{origin}/fleets.json"))["form"] == "gantry.fleets/1"
assert json.load(opener.open(f"{origin}/instances/{good}.json"))["standing"] == "was let into service"
END
  [ "$(stat -c %a "$BATS_TEST_TMPDIR/gantry/console-key")" = 600 ]
  kill -INT "$pid"
  eventually ended "$pid"
}

# with_a_port_taken PORT COMMAND…: runs it while the port is in use. 0 is any free port; {} in the command is the port.
with_a_port_taken() {
  python3 - "$@" <<'END'
import socket, subprocess, sys
other = socket.socket()
try:
    other.bind(("127.0.0.1", int(sys.argv[1])))
    other.listen()
except OSError:
    # If another program uses it already, that does as well.
    pass
port = str(other.getsockname()[1])
sys.exit(subprocess.run([word.replace("{}", port) for word in sys.argv[2:]]).returncode)
END
}

@test "console: names the port if the requested one is in use" {
  exits 2 with_a_port_taken 0 env XDG_STATE_HOME="$BATS_TEST_TMPDIR" "$ROOT/scripts/gantry" console --port '{}'
  [[ $output =~ ^'gantry: port '[0-9]+' is taken on this machine: end what listens there, or say another --port'$ ]]
}

@test "console: uses a free port if the usual one is in use" {
  local address
  XDG_STATE_HOME=$BATS_TEST_TMPDIR run with_a_port_taken 4680 python3 -c 'import subprocess, sys
console = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE, text=True)
print(console.stdout.readline(), end="")
console.terminate()' "$ROOT/scripts/gantry" console --json
  echo "$output"
  address=$(json_tool get address <<<"$output")
  [[ $address == http://127.0.0.1:* && $address != *:4680/* ]]
}

@test "console: ends and says why if nothing can read its address" {
  XDG_STATE_HOME=$BATS_TEST_TMPDIR exits 1 python3 -c 'import os, subprocess, sys
reader, writer = os.pipe()
os.close(reader)
sys.exit(subprocess.run(sys.argv[1:], stdout=writer).returncode)' "$ROOT/scripts/gantry" console --port 0
  [[ $output == "gantry: standard output is closed, so nothing can read the console's address: "* ]]
}

@test "console --export: writes pages that need no server" {
  exits 0 gantry console --export "$BATS_TEST_TMPDIR/pages"
  grep -q "$GOOD" "$BATS_TEST_TMPDIR/pages/fleets/web.html"
  grep -q 'It was let into service' "$BATS_TEST_TMPDIR/pages/instances/$GOOD.html"
}

@test "missing or unknown credentials and a missing bucket are named, without a stack trace" {
  run env -u AWS_ACCESS_KEY_ID -u AWS_SECRET_ACCESS_KEY HOME="$BATS_TEST_TMPDIR" "$ROOT/scripts/gantry" fleets
  [[ $status -eq 3 && ${output//$'\n'/ } == *'--profile'* && $output != *$'\tat '* ]]
  AWS_ACCESS_KEY_ID=unknown run gantry fleets
  [[ $status -eq 3 && $output == *'UnrecognizedClientException'* && $output == *'log in'* ]]
  run gantry releases web --bucket not-there
  [[ $status -eq 3 && $output == *'not-there'* ]]
}

@test "a record that cannot be read is named, and the rest is shown" {
  printf '{"number": 1, "gate": "side"}' >"$BATS_TEST_TMPDIR/broken"
  aws s3api put-object --bucket gantry-sandbox --key launches/web/i-0bbbbbbbbbbbbbbbb.json \
    --body "$BATS_TEST_TMPDIR/broken"
  run gantry launches web --since 1d
  [[ $status -eq 3 && $output == *"$GOOD"* && $output == *i-0bbbbbbbbbbbbbbbb* ]]
  aws s3api delete-object --bucket gantry-sandbox --key launches/web/i-0bbbbbbbbbbbbbbbb.json
}

@test "a name with odd characters is only a name: nothing of it is executed" {
  exits 1 gantry releases "it's; touch \$HOME \$(touch executed)"
  [[ $output == *"group it's; touch \$HOME \$(touch executed) is no fleet of this deployment"* ]]
  exits 1 gantry releases 'two words'
  [ ! -e executed ]
}

@test "diagnostics: fetches and shows what an instance has stored; without the document it names it" {
  local key="diagnostics/web/arn:aws:ec2:eu-central-1:111122223333:instance/$GOOD/20260101T000000Z-run.tar.gz"
  mkdir -p "$BATS_TEST_TMPDIR/left" "$BATS_TEST_TMPDIR/got"
  printf 'nginx.service loaded failed failed\n' >"$BATS_TEST_TMPDIR/left/units-failed.txt"
  tar -C "$BATS_TEST_TMPDIR/left" --format=ustar -czf "$BATS_TEST_TMPDIR/left.tar.gz" units-failed.txt
  exits 1 gantry diagnostics "$GOOD" --latest
  [[ $output == *'has left nothing below s3://gantry-sandbox/diagnostics/web/'* ]]
  aws s3api put-object --bucket gantry-sandbox --key "$key" --body "$BATS_TEST_TMPDIR/left.tar.gz"
  exits 0 gantry diagnostics "$GOOD" --latest --folder "$BATS_TEST_TMPDIR/got"
  [[ $output == *'| nginx.service loaded failed failed'* ]]
  cmp "$BATS_TEST_TMPDIR/left.tar.gz" "$BATS_TEST_TMPDIR/got/$GOOD-20260101T000000Z-run.tar.gz"
  exits 1 gantry diagnostics "$GOOD"
  [[ $output == *'there is no document Gantry-CollectDiagnostics'* ]]
}

# shellcheck disable=SC2016 # another shell expands it
@test "init: prints a few lines that Terraform validates, and what the group's owner has to know" {
  gantry init web --package "$ROOT/terraform/modules/launch_function/tests/package.zip" \
    >"$BATS_TEST_TMPDIR/gantry.tf" 2>"$BATS_TEST_TMPDIR/notes"
  [ "$(wc -l <"$BATS_TEST_TMPDIR/gantry.tf")" -le 30 ]
  grep -q 'group_name      = "web"' "$BATS_TEST_TMPDIR/gantry.tf"
  grep -q 'mode            = "observe"' "$BATS_TEST_TMPDIR/gantry.tf"
  grep -q 'launch hook gantry is there already' "$BATS_TEST_TMPDIR/notes"
  exits 1 gantry init nosuchgroup
  command -v terraform >/dev/null || skip 'terraform is not installed'
  mkdir "$BATS_TEST_TMPDIR/adopt"
  cp "$BATS_TEST_TMPDIR/gantry.tf" "$BATS_TEST_TMPDIR/adopt/"
  env -u AWS_ENDPOINT_URL bash -c 'source "$1/scripts/lib/common.sh"
source "$ROOT/scripts/lib/setup.sh"
source "$ROOT/scripts/lib/terraform/terraform.sh"
use_terraform
init_terraform "$2" && terraform -chdir="$2" validate -no-color' _ "$ROOT" "$BATS_TEST_TMPDIR/adopt"
}

# shellcheck disable=SC2016 # the same
pack() {
  bash -c 'source "$1/scripts/lib/common.sh"
source "$ROOT/scripts/lib/cli.sh"
pack_cli "$2"' _ "$ROOT" "$1"
}

@test "the release's archive has a launcher that starts gantry, faster the second time by a class data archive" {
  pack "$BATS_TEST_TMPDIR/a.tar.gz"
  pack "$BATS_TEST_TMPDIR/b.tar.gz"
  cmp "$BATS_TEST_TMPDIR/a.tar.gz" "$BATS_TEST_TMPDIR/b.tar.gz"
  tar -C "$BATS_TEST_TMPDIR" -xzf "$BATS_TEST_TMPDIR/a.tar.gz"
  local -x XDG_CACHE_HOME=$BATS_TEST_TMPDIR/cache
  JAVA_HOME=$(<"$ROOT/.gantry/cli-java-home")
  export JAVA_HOME
  exits 0 "$BATS_TEST_TMPDIR/gantry/bin/gantry" --version
  [[ $output == gantry\ * ]]
  ls "$BATS_TEST_TMPDIR"/cache/gantry/*.jsa
  exits 0 "$BATS_TEST_TMPDIR/gantry/bin/gantry" fleets
  [[ $output == *web* ]]
  JAVA_HOME=/nowhere exits 2 "$BATS_TEST_TMPDIR/gantry/bin/gantry" --version
  [[ $output == *'install 17 or newer'* ]]
}

# one_slow_launch: an instance whose plays take ten minutes waits at the hook; prints its id.
one_slow_launch() {
  aws autoscaling create-launch-configuration --launch-configuration-name "slow-$BATS_TEST_NUMBER" \
    --image-id ami-0123456789abcdef0 --instance-type t3.small --user-data '# simulate: slow'
  aws autoscaling update-auto-scaling-group --auto-scaling-group-name web \
    --launch-configuration-name "slow-$BATS_TEST_NUMBER"
  aws autoscaling set-desired-capacity --auto-scaling-group-name web --desired-capacity 2
  wait_for group web Pending:Wait
}

is_in_service() { [ "$(lifecycle_state "$1")" = InService ]; }

# has_more_commands INSTANCE NUMBER
has_more_commands() { [ "$(commands_on "$1")" -gt "$2" ]; }

commands_on() { aws ssm list-commands --instance-id "$1" --query 'length(Commands)' --output text; }

@test "apply: Ctrl-C cancels its command, and it says so" {
  local slow before
  slow=$(one_slow_launch)
  aws autoscaling complete-lifecycle-action --auto-scaling-group-name web --lifecycle-hook-name gantry \
    --instance-id "$slow" --lifecycle-action-result CONTINUE
  eventually is_in_service "$slow"
  # Gantry's own run may have begun before.
  before=$(commands_on "$slow")
  python3 -c "$WITH_SIGINT" "$ROOT/scripts/gantry" apply web --instance "$slow" >"$BATS_TEST_TMPDIR/said" 2>&1 3>&- &
  eventually has_more_commands "$slow" "$before"
  kill -INT $!
  wait $! || true
  cat "$BATS_TEST_TMPDIR/said"
  grep -q 'interrupted: instances whose turn has not come do not begin' "$BATS_TEST_TMPDIR/said"
  aws autoscaling terminate-instance-in-auto-scaling-group --instance-id "$slow" --should-decrement-desired-capacity
  eventually has_one_instance
}

@test "launches --watch: ends when its reader ends, and with Ctrl-C" {
  run bash -c '"$1" launches web --since 1d | head -n 1' _ "$ROOT/scripts/gantry"
  [[ $output == INSTANCE* ]]
  run timeout --foreground -s INT 20 "$ROOT/scripts/gantry" launches web --since 1d --watch
  [[ $output == *"$GOOD"*provisioned* && $output != *Exception* ]]
}

# failures: the number of stored failures.
# shellcheck disable=SC2016 # JMESPath has backticks of its own
failures() {
  aws s3api list-objects-v2 --bucket gantry-sandbox --prefix failures/web/ --output text \
    --query 'length(Contents || `[]`)'
}

# shellcheck disable=SC2016 # JMESPath has backticks of its own
@test "apply: applies the current bundle to instances in service; --check says what would change" {
  exits 0 gantry apply web
  [[ $output == *' to 1 instance of fleet web in service.'*"+ $GOOD ready"* ]]
  [[ $output == *'1 of 1 instance succeeded, 0 failed, 0 untouched.'* ]]
  run gantry apply web --check --json
  echo "$output"
  [ "$status" -eq 1 ]
  [ "$(json_tool get instances 0 outcome <<<"$output")" = succeeded ]
  [ "$(json_tool get instances 0 changed 0 <<<"$output")" = '2 more, which the output does not show' ]
  run aws ssm list-commands --instance-id "$GOOD" --output text \
    --query 'Commands[?starts_with(Comment, `gantry run-`)].Parameters.Check[0]'
  [[ $output == *True*False* ]]
}

@test "apply: refuses by name an instance that is not in service, and a group that is no fleet" {
  exits 1 gantry apply web --instance i-0123456789abcdef0
  [[ $output == *'only instances in service'*'i-0123456789abcdef0=in no Auto Scaling group'* ]]
  exits 1 gantry apply nosuchfleet
  exits 2 gantry apply web --max-errors many
  [[ $output == *"'many' is neither a number of instances nor 0% to 100%"* ]]
}

@test "hold, retry, unhold: refuse an instance that does not wait; redrive has nothing to do" {
  exits 1 gantry hold "$GOOD"
  [[ $output == *'does not wait at its launch hook: it is InService'* ]]
  exits 1 gantry unhold "$GOOD"
  exits 1 gantry retry "$GOOD"
  exits 1 gantry redrive
  [[ $output == *'the dead-letter queue is empty'* ]]
}

is_empty() { gantry redrive 2>&1 | grep -q 'is empty'; }

@test "redrive: dead letters go back; those that cannot be read return to the dead-letter queue" {
  # Version 1 of the CLI ignores AWS_ENDPOINT_URL for SQS (docs/decisions/0003).
  aws sqs send-message --endpoint-url "$AWS_ENDPOINT_URL" \
    --queue-url "$AWS_ENDPOINT_URL/111122223333/gantry-launches-dlq" \
    --message-body '{"Event": "autoscaling:TEST_NOTIFICATION"}'
  exits 0 gantry redrive
  [[ $output == 'about 1 messages of the dead-letter queue go back to the launch queue'* ]]
  eventually is_empty
}

has_one_instance() {
  [ "$(aws autoscaling describe-auto-scaling-groups --auto-scaling-group-names web --output text \
    --query 'length(AutoScalingGroups[0].Instances)')" = 1 ]
}

is_under_way() { gantry explain "$WAITING" | grep -q 'run 1 '; }

@test "a launch is held and let go; a run under way is not run twice; apply touches no instance that waits" {
  local before
  WAITING=$(one_slow_launch)
  wait_for object "launches/web/$WAITING.json"
  eventually gantry hold "$WAITING" --for 30m
  exits 0 gantry explain "$WAITING"
  [[ $output == *"hold"*'asked by arn:aws:'* ]]
  before=$(failures)
  gantry apply web --json >"$BATS_TEST_TMPDIR/applied"
  [ "$(json_tool get passedOver "$WAITING" <"$BATS_TEST_TMPDIR/applied")" = Pending:Wait ]
  [ "$(json_tool get instances 0 instance <"$BATS_TEST_TMPDIR/applied")" = "$GOOD" ]
  [ "$(failures)" = "$before" ]
  eventually is_under_way
  exits 1 gantry retry "$WAITING"
  [[ $output == *'is under way: wait for its end'* ]]
  exits 0 gantry unhold "$WAITING"
  aws autoscaling set-desired-capacity --auto-scaling-group-name web --desired-capacity 1
  # Otherwise the next test's launch would find this instance still in the group.
  eventually has_one_instance
}

has_failed() { [[ $(gantry launches web --since 1d) == *abandoned* ]]; }

@test "after a failed launch, launches names its task, and explain shows the task's lines and what to do" {
  aws autoscaling create-launch-configuration --launch-configuration-name spoiled --image-id ami-0123456789abcdef0 \
    --instance-type t3.small --user-data '# simulate: fail'
  aws autoscaling update-auto-scaling-group --auto-scaling-group-name web --launch-configuration-name spoiled
  aws autoscaling set-desired-capacity --auto-scaling-group-name web --desired-capacity 2
  # The failure is written before the instance is abandoned.
  wait_for object failures/web/
  eventually has_failed
  aws autoscaling set-desired-capacity --auto-scaling-group-name web --desired-capacity 1
  local failed
  failed=$(gantry launches web --since 1d --json | json_tool get launches | json_tool find step abandoned |
    json_tool get instance)
  exits 0 gantry explain "$failed"
  [[ $output == *'It was abandoned.'*'run 1 failed'*'run 2 failed'* ]]
  [[ $output == *'FAILED task rtsp_server : Prove that every stream can be played'*'| '* ]]
  [[ $output == *'aws ssm list-command-invocations --details --command-id '*'gantry publish web'* ]]
}



