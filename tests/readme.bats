#!/usr/bin/env bats
# What the READMEs say: each command works, in both languages the same, and the figures are the measured ones.

setup() {
  load helpers/common
  BLOCKS=$ROOT/scripts/lib/readme_blocks.py
}

teardown() { [ -z "${SANDBOX:-}" ] || { kill -INT "$SANDBOX" && wait "$SANDBOX" || true; }; }

# start_sandbox: with simulated instances; makes this shell's aws commands talk to it.
start_sandbox() {
  "$ROOT/scripts/sandbox" --instances simulated --json >"$BATS_TEST_TMPDIR/facts" 2>"$BATS_TEST_TMPDIR/said" 3>&- &
  SANDBOX=$!
  local tries=0
  until [ -s "$BATS_TEST_TMPDIR/facts" ]; do
    tries=$((tries + 1))
    # A build can come first.
    [ "$tries" -lt 3000 ] && kill -0 "$SANDBOX" || { cat "$BATS_TEST_TMPDIR/said" && return 1; }
    sleep 0.1
  done
  export AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null AWS_EC2_METADATA_DISABLED=true
  unset AWS_PROFILE AWS_SESSION_TOKEN
  eval "$(python3 -c 'import json, shlex, sys
for name, value in json.load(open(sys.argv[1]))["environment"].items():
    print(f"export {name}={shlex.quote(value)}")' "$BATS_TEST_TMPDIR/facts")"
}

# What somebody who types would wait for: agents that are there, commands that have ended.
settle='settle() {
  local waiting tries=0
  while ((tries++ < 120)); do
    waiting=$(aws autoscaling describe-auto-scaling-groups --auto-scaling-group-names web --output text \
      --query "AutoScalingGroups[0].Instances[?LifecycleState!='\''InService'\''] | length(@)")
    online=$(aws ssm describe-instance-information --query "length(InstanceInformationList)")
    wanted=$(aws autoscaling describe-auto-scaling-groups --auto-scaling-group-names web \
      --query "AutoScalingGroups[0].DesiredCapacity")
    [[ $waiting == 0 && $online == "$wanted" ]] && return 0
    sleep 0.5
  done
  echo "the group did not settle" >&2
  return 1
}'

@test "each command of README.md and of the operations page works, in this order, against the sandbox" {
  [ -x "$ROOT/.gantry/venv/bin/aws" ] || skip 'no aws CLI in .gantry/venv'
  start_sandbox
  { echo "$settle" && python3 -B "$BLOCKS" script "$ROOT/README.md" "$ROOT/docs/operations.md"; } >"$BATS_TEST_TMPDIR/all"
  cd "$ROOT"
  PATH=$ROOT/.gantry/venv/bin:$PATH run bash "$BATS_TEST_TMPDIR/all"
  echo "$output"
  [ "$status" -eq 0 ]
  [[ $output == *'First instance in service'* ]]
  [[ $output == *'"decision"'* ]]
  [[ $output == *'by hand'*'Success'* || $output == *'Success'*'by hand'* ]]
  [[ $output != *FunctionError* ]]
}

@test "README.ja.md has the same commands as README.md" {
  run python3 -B "$BLOCKS" same "$ROOT/README.md" "$ROOT/README.ja.md"
  echo "$output"
  [ "$status" -eq 0 ]
}

@test "the figures of both are those of docs/bench.md, and their counted lines are close" {
  run "$ROOT/scripts/readme-figures" --check
  echo "$output"
  [ "$status" -eq 0 ]
}

@test "a command that differs between two languages is shown" {
  # shellcheck disable=SC2016 # the backticks are Markdown
  printf '```sh\naws one\n```\n' >"$BATS_TEST_TMPDIR/a.md"
  sed s/one/two/ "$BATS_TEST_TMPDIR/a.md" >"$BATS_TEST_TMPDIR/b.md"
  run python3 -B "$BLOCKS" same "$BATS_TEST_TMPDIR/a.md" "$BATS_TEST_TMPDIR/b.md"
  [ "$status" -eq 1 ]
  [[ $output == *'-aws one'*'+aws two'* ]]
}

@test "a block that is not run is listed with its place and its reason, and is not in the script" {
  # shellcheck disable=SC2016 # the backticks are Markdown
  printf '<!-- not run: needs an account -->\n```sh\naws one\n```\n\n```sh\naws two\n```\n' >"$BATS_TEST_TMPDIR/a.md"
  run python3 -B "$BLOCKS" skips "$BATS_TEST_TMPDIR/a.md"
  [ "$output" = $'a.md:2\tneeds an account' ]
  run python3 -B "$BLOCKS" script "$BATS_TEST_TMPDIR/a.md"
  [[ $output != *'aws one'* && $output == *'aws two'* ]]
}
