#!/usr/bin/env bats
# The operator's command against scripts/sandbox with simulated instances: a launch that goes well, one that fails.

setup_file() {
  load helpers/common
  load helpers/sandbox
  [ -x "$ROOT/.gantry/venv/bin/aws" ] || skip 'no aws CLI in .gantry/venv'
  export AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null AWS_EC2_METADATA_DISABLED=true AWS_PAGER=''
  unset AWS_PROFILE AWS_SESSION_TOKEN GANTRY_BUCKET GANTRY_FUNCTION GANTRY_TREE
  PATH=$ROOT/.gantry/venv/bin:$PATH
  start_sandbox "$BATS_FILE_TMPDIR/sandbox" --instances simulated
  export PATH SANDBOX
  use_sandbox "$BATS_FILE_TMPDIR/sandbox"
  aws autoscaling set-desired-capacity --auto-scaling-group-name web --desired-capacity 1
  "$ROOT/scripts/gantry" --version
  eventually in_service
  GOOD=$(instance)
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

instance() {
  aws autoscaling describe-auto-scaling-groups --auto-scaling-group-names web --output text \
    --query 'AutoScalingGroups[0].Instances[0].InstanceId'
}

in_service() {
  [ "$(aws autoscaling describe-auto-scaling-groups --auto-scaling-group-names web --output text \
    --query "length(AutoScalingGroups[0].Instances[?LifecycleState=='InService'])")" = 1 ]
}

# json FIELD…: of the object on standard input.
json() {
  python3 -c 'import json, sys
value = json.load(sys.stdin)
for name in sys.argv[1:]: value = value[int(name) if name.isdigit() else name]
print(value)' "$@"
}

# exits CODE COMMAND…
# shellcheck disable=SC2154 # run sets status and output
exits() {
  local code=$1
  shift
  run "$@"
  echo "$output"
  [ "$status" -eq "$code" ]
}

@test "fleets: mode, bundle, breaker, and how many serve" {
  exits 0 gantry fleets
  [[ ${lines[1]} =~ ^web\ +enforce\ +[0-9a-f]{12}\ +[0-9a-f]{12}\ +0\ +closed\ +run\ +1\ +0 ]]
  [ "$(gantry fleets --json | json fleets 0 inService)" = 1 ]
}

@test "explain: a launch that went well, from launched to let go" {
  exits 0 gantry explain "$GOOD"
  [[ $output == *'It was let into service.'*launched*held*'run 1 ready'*'let go'* ]]
  [[ $output == *"launches/web/$GOOD.json"* ]]
  [ "$(gantry explain "$GOOD" --json | json form)" = gantry.explain/1 ]
}

@test "explain: an instance that is in no group, and one whose id is none" {
  exits 0 gantry explain i-0123456789abcdef0
  [[ $output == *'It is in no Auto Scaling group of this account and Region.'* ]]
  exits 2 gantry explain web
  [[ $output == *"not an EC2 instance id: 'web'"* ]]
}

@test "no output has a colour where it goes to a file, nor a stack trace" {
  run gantry explain "$GOOD"
  [[ $output != *$'\e['* ]]
  exits 3 gantry fleets --endpoint-url http://127.0.0.1:9
  [[ $output == 'gantry: GetFunctionConfiguration of function gantry-operator'* && $output != *$'\tat '* ]]
  exits 3 gantry fleets --function other
  [[ $output == *'Is Gantry in this Region?'* ]]
}

@test "look: through the operator's function, with its decision" {
  exits 0 gantry look "$GOOD"
  [[ $output == "$GOOD: Ignore: "* ]]
}

@test "doctor: nothing is wrong; then a bypassed hook, named with its repair" {
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
  [[ ${output//$'\n'/ } == *'it runs out before Gantry renews it'*'mend: '*'2 findings stand.'* ]]
  [[ $output == *'scripts/bypass off --fleet web'* ]]
}

@test "publish: written once, current by the function; rollback goes back; releases tell both" {
  local before after
  before=$(gantry releases web --json | json bundles 0 sha256)
  make_tree "$BATS_TEST_TMPDIR/tree"
  exits 0 gantry publish web --tree "$BATS_TEST_TMPDIR/tree" --no-propose
  [[ $output == *': written'*'not proposed'* ]]
  exits 0 gantry publish web --tree "$BATS_TEST_TMPDIR/tree"
  [[ $output == *': already there'*'is current for fleet web'* ]]
  after=$(gantry publish web --tree "$BATS_TEST_TMPDIR/tree" --json | json sha256)
  exits 0 gantry releases web
  [[ $output == *"${after:0:12} "*' current'* && $output == *"${before:0:12} "*'last good'* ]]
  exits 0 gantry rollback web
  [[ $output == *"bundle ${before:0:12} is current"* ]]
  exits 1 gantry rollback web
  [[ $output == *'no other bundle that is known to be good'* ]]
  exits 0 gantry rollback web --to "${after:0:8}"
  exits 1 gantry rollback web --to 000000000000
  exits 0 gantry rollback web --to "${before:0:12}"
}

@test "publish: a tree that is no bundle is refused" {
  mkdir "$BATS_TEST_TMPDIR/empty"
  exits 1 gantry publish web --tree "$BATS_TEST_TMPDIR/empty"
  [[ $output == *'has no playbook.yml'* ]]
}

@test "lift: where there is nothing to lift it says so; a fleet that is none is named" {
  exits 1 gantry lift web
  [[ $output == *'there is nothing to lift'* ]]
  exits 1 gantry releases nosuchfleet
  [[ $output == *'is no fleet of this deployment'* ]]
}

@test "console: on loopback, closed without its token, with the command'''s own JSON, and ended by Ctrl-C" {
  local address pid
  XDG_STATE_HOME=$BATS_TEST_TMPDIR python3 -c "$WITH_SIGINT" "$ROOT/scripts/gantry" console --json --port 0 \
    >"$BATS_TEST_TMPDIR/line" 2>&1 </dev/null 3>&- &
  pid=$!
  eventually test -s "$BATS_TEST_TMPDIR/line"
  address=$(json address <"$BATS_TEST_TMPDIR/line")
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

@test "console --export: pages that need no server" {
  exits 0 gantry console --export "$BATS_TEST_TMPDIR/pages"
  grep -q "$GOOD" "$BATS_TEST_TMPDIR/pages/fleets/web.html"
  grep -q 'It was let into service' "$BATS_TEST_TMPDIR/pages/instances/$GOOD.html"
}

@test "launches --watch ends when its reader ends, and with Ctrl-C" {
  run bash -c '"$1" launches web --since 1d | head -n 1' _ "$ROOT/scripts/gantry"
  [[ $output == INSTANCE* ]]
  run timeout --foreground -s INT 20 "$ROOT/scripts/gantry" launches web --since 1d --watch
  [[ $output == *"$GOOD"*provisioned* && $output != *Exception* ]]
}

has_failed() { [[ $(gantry launches web --since 1d) == *abandoned* ]]; }

@test "a launch that fails: launches tell its task, explain the task's lines and what to do" {
  aws autoscaling create-launch-configuration --launch-configuration-name spoiled --image-id ami-0123456789abcdef0 \
    --instance-type t3.small --user-data '# simulate: fail'
  aws autoscaling update-auto-scaling-group --auto-scaling-group-name web --launch-configuration-name spoiled
  aws autoscaling set-desired-capacity --auto-scaling-group-name web --desired-capacity 2
  eventually has_failed
  aws autoscaling set-desired-capacity --auto-scaling-group-name web --desired-capacity 1
  local failed
  failed=$(gantry launches web --since 1d --json |
    python3 -c 'import json, sys
print(next(l["instance"] for l in json.load(sys.stdin)["launches"] if l["step"] == "abandoned"))')
  exits 0 gantry explain "$failed"
  [[ $output == *'It was abandoned.'*'run 1 failed'*'run 2 failed'* ]]
  [[ $output == *'FAILED task rtsp_server : Prove that every stream can be played'*'| '* ]]
  [[ $output == *'aws ssm list-command-invocations --details --command-id '*'gantry publish web'* ]]
}
