#!/usr/bin/env bats
# scripts/bypass with the real aws CLI of the tests' virtual environment, against a sandbox in which Gantry is dead: its
# functions' zip has no class. Only Auto Scaling lets instances go.

setup_file() {
  load helpers/common
  load helpers/sandbox
  [ -x "$ROOT/.gantry/venv/bin/aws" ] || skip 'no aws CLI in .gantry/venv'
  use_own_aws
  (cd "$BATS_FILE_TMPDIR" && python3 -m zipfile -c dead.zip "$ROOT/LICENSE")
  start_sandbox_of "$BATS_FILE_TMPDIR/sandbox" "$BATS_FILE_TMPDIR/dead.zip"
  export SANDBOX
  use_sandbox "$BATS_FILE_TMPDIR/sandbox"
}

setup() {
  load helpers/common
  load helpers/sandbox
  GROUP=fleet-$BATS_TEST_NUMBER
  make_group "$GROUP" gantry
}

teardown() { aws autoscaling delete-auto-scaling-group --auto-scaling-group-name "$GROUP" --force-delete || true; }

teardown_file() {
  load helpers/common
  load helpers/sandbox
  [ -z "${SANDBOX:-}" ] || stop_sandbox "$SANDBOX" TERM
}

# make_group NAME HOOK: without instances, and with a launch hook that a target and metadata make easy to spoil.
make_group() {
  local queue hook
  queue=$(aws sqs create-queue --endpoint-url "$AWS_ENDPOINT_URL" --queue-name "$1" --output text --query QueueUrl)
  hook=LifecycleHookName=$2,LifecycleTransition=autoscaling:EC2_INSTANCE_LAUNCHING,HeartbeatTimeout=1800
  hook+=,DefaultResult=ABANDON,NotificationMetadata=keep,NotificationTargetARN=arn:aws:sqs:eu-central-1:111122223333:$1
  hook+=,RoleARN=arn:aws:iam::111122223333:role/hooks
  [ -n "$queue" ]
  aws autoscaling create-auto-scaling-group --auto-scaling-group-name "$1" --launch-configuration-name example \
    --min-size 0 --max-size 2 --desired-capacity 0 --availability-zones eu-central-1a \
    --lifecycle-hook-specification-list "$hook"
}

bypass() { "$ROOT/scripts/bypass" "$@"; }

# hook_of GROUP: result, heartbeat, target's name, metadata.
hook_of() {
  aws autoscaling describe-lifecycle-hooks --auto-scaling-group-name "$1" --output text \
    --query 'LifecycleHooks[0].[DefaultResult, HeartbeatTimeout, NotificationTargetARN, NotificationMetadata]' |
    sed 's/arn:[^ ]*://'
}

tag_of() {
  aws autoscaling describe-tags --filters "Name=auto-scaling-group,Values=$1" --output text \
    --query 'Tags[].[Key, Value]'
}

launch() { aws autoscaling set-desired-capacity --auto-scaling-group-name "$1" --desired-capacity 1; }

@test "while Gantry is dead, a bypassed fleet's launches enter service after AWS's shortest heartbeat; off undoes it" {
  run bypass on --fleet "$GROUP"
  [ "$status" -eq 0 ]
  [[ ${lines[0]} == "$GROUP: bypassed since 20"*"; hook: ABANDON after 1800 s -> CONTINUE after 30 s" ]]
  [[ $output == *'WITHOUT having been configured'* ]]
  [ "$(hook_of "$GROUP")" = $'CONTINUE\t30\t'"$GROUP"$'\tkeep' ]
  launch "$GROUP"
  wait_for group "$GROUP" InService
  run bypass off --fleet "$GROUP"
  [ "$status" -eq 0 ]
  [ "${lines[0]}" = "$GROUP: in Gantry's care; hook: CONTINUE after 30 s -> ABANDON after 1800 s" ]
  [ "$(hook_of "$GROUP")" = $'ABANDON\t1800\t'"$GROUP"$'\tkeep' ]
  [ -z "$(tag_of "$GROUP")" ]
}

@test "instances that wait already are named, and let go with --release" {
  launch "$GROUP"
  wait_for group "$GROUP" Pending:Wait
  run bypass on --fleet "$GROUP"
  [ "$status" -eq 0 ]
  [[ $output == *"  waiting: i-"*"--release lets them go at once"* ]]
  run bypass on --fleet "$GROUP" --release
  [ "$status" -eq 0 ]
  [[ $output == *"  let go: i-"* && $output != *waiting:* ]]
  wait_for group "$GROUP" InService
}

@test "a second bypass keeps the hook's original values, not those that the first one set" {
  bypass on --fleet "$GROUP"
  run bypass on --fleet "$GROUP" --heartbeat 60
  [ "$status" -eq 0 ]
  [ "$(hook_of "$GROUP")" = $'CONTINUE\t60\t'"$GROUP"$'\tkeep' ]
  bypass off --fleet "$GROUP"
  [ "$(hook_of "$GROUP")" = $'ABANDON\t1800\t'"$GROUP"$'\tkeep' ]
}

@test "a bypass that was interrupted after it had stored the values can be undone, or done again" {
  aws autoscaling create-or-update-tags --tags "ResourceType=auto-scaling-group,ResourceId=$GROUP,Key=gantry:bypass,\
Value=hook=gantry result=ABANDON heartbeat=900 since=2026-01-01T00:00:00Z,PropagateAtLaunch=false"
  run bypass on --fleet "$GROUP"
  [ "$status" -eq 0 ]
  [[ $output == *'bypassed since 2026-01-01T00:00:00Z'* ]]
  bypass off --fleet "$GROUP"
  [ "$(hook_of "$GROUP")" = $'ABANDON\t900\t'"$GROUP"$'\tkeep' ]
}

@test "all of Gantry's fleets are changed, shown and restored, and no other group" {
  make_group "foreign-$GROUP" theirs
  run bypass on --all
  [ "$status" -eq 0 ]
  [[ $output == *"$GROUP: bypassed"* && $output == *"web: bypassed"* && $output != *foreign* ]]
  [ "$(hook_of "foreign-$GROUP")" = $'ABANDON\t1800\t'"foreign-$GROUP"$'\tkeep' ]
  run bypass show --all --json
  [ "$status" -eq 0 ]
  [[ $output == '{"action": "show", "fleets": [{'*'"bypassed": true'*'], "refused": []}' ]]
  run bypass off --all
  [ "$status" -eq 0 ]
  run bypass show --all
  [[ $output != *bypassed* && $output == *"web: in Gantry's care; hook: ABANDON after 300 s"* ]]
  aws autoscaling delete-auto-scaling-group --auto-scaling-group-name "foreign-$GROUP"
}

@test "a request that does not fit is refused, and does not stop the other fleets" {
  run bypass on --fleet nobody --fleet "$GROUP"
  [ "$status" -eq 1 ]
  [[ $output == *"$GROUP: bypassed"*'refused: nobody: there is no such Auto Scaling group'* ]]
  bypass off --fleet "$GROUP"
  run bypass off --fleet "$GROUP"
  [ "$status" -eq 1 ]
  [[ $output == *"refused: $GROUP: is not bypassed"* ]]
  run bypass on --fleet "$GROUP" --hook other
  [ "$status" -eq 1 ]
  [[ $output == *"is not in Gantry's care: it has no hook other (its hooks: gantry)"* ]]
  run bypass on --all --hook other
  [ "$status" -eq 1 ]
  aws autoscaling put-lifecycle-hook --auto-scaling-group-name "$GROUP" --lifecycle-hook-name gantry \
    --default-result CONTINUE
  run bypass on --fleet "$GROUP"
  [ "$status" -eq 1 ]
  [[ $output == *'lets go by itself already (CONTINUE after 1800 s)'* ]]
  aws autoscaling create-or-update-tags --tags \
    "ResourceType=auto-scaling-group,ResourceId=$GROUP,Key=gantry:bypass,Value=hm,PropagateAtLaunch=false"
  run bypass off --fleet "$GROUP"
  [ "$status" -eq 1 ]
  [[ $output == *"says 'hm', which bypass did not write"* ]]
}

# aws_beside NAME DO: an aws command that does this before it changes the tags of the group.
aws_beside() {
  mkdir -p "$BATS_TEST_TMPDIR/bin"
  cat >"$BATS_TEST_TMPDIR/bin/aws" <<SHELL
#!/bin/sh
case "\$*" in
*create-or-update-tags*$1* | *delete-tags*$1*) $2 ;;
esac
exec "$GANTRY_AWS" "\$@"
SHELL
  chmod +x "$BATS_TEST_TMPDIR/bin/aws"
}

# bypass_beside OPTION…: with that aws command.
bypass_beside() { GANTRY_AWS=$BATS_TEST_TMPDIR/bin/aws bypass "$@"; }

@test "a group that is deleted meanwhile, or with which AWS fails, does not stop the other fleets" {
  make_group "first-$GROUP" gantry
  aws_beside "first-$GROUP" "'$GANTRY_AWS' autoscaling delete-auto-scaling-group --force-delete \
    --auto-scaling-group-name 'first-$GROUP'"
  run bypass_beside on --all
  echo "$output"
  [ "$status" -eq 0 ]
  [[ $output == *"$GROUP: bypassed"* && $output != *"first-$GROUP"* ]]
  aws_beside "$GROUP" 'exit 255'
  run bypass_beside off --all
  echo "$output"
  [ "$status" -eq 3 ]
  [[ $output == *"web: in Gantry's care"*"bypass: $GROUP: aws autoscaling delete-tags"* ]]
  bypass off --fleet "$GROUP"
}

@test "a termination hook with Gantry's name is not taken for a launch hook" {
  aws autoscaling put-lifecycle-hook --auto-scaling-group-name "$GROUP" --lifecycle-hook-name ending \
    --lifecycle-transition autoscaling:EC2_INSTANCE_TERMINATING
  run bypass on --fleet "$GROUP" --hook ending
  [ "$status" -eq 1 ]
  [[ $output == *'its hook ending is not a launch hook: autoscaling:EC2_INSTANCE_TERMINATING'* ]]
}

@test "wrong command lines end with 2, and an AWS that cannot be reached with 3" {
  local options
  for options in 'on' 'on --fleet a --all' 'on --fleet a:b' 'on --all --hook a!b' 'on --all --heartbeat 29' \
    'on --all --heartbeat 7201' 'off --all --release' 'show --all --heartbeat 60' 'up --all'; do
    # shellcheck disable=SC2086 # words
    run bypass $options
    [ "$status" -eq 2 ]
  done
  AWS_ENDPOINT_URL=http://127.0.0.1:9 AWS_MAX_ATTEMPTS=1 run bypass show --all
  [ "$status" -eq 3 ]
  [[ $output == *'bypass: aws autoscaling describe-auto-scaling-groups:'* ]]
}
