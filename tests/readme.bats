#!/usr/bin/env bats
# What the READMEs say: each command works, is the same in both languages, and the figures are the measured ones.

setup() {
  load helpers/common
  BLOCKS=$ROOT/scripts/lib/readme_blocks.py
}

teardown() {
  [ -n "${SANDBOX:-}" ] || return 0
  # Not INT: a background process ignores it.
  kill "$SANDBOX" || true
  wait "$SANDBOX" || true
}

# use_own_sandbox: starts one with simulated instances; this shell's aws commands then use it.
use_own_sandbox() {
  load helpers/sandbox
  start_sandbox "$BATS_TEST_TMPDIR/sandbox" --instances simulated
  export AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null AWS_EC2_METADATA_DISABLED=true
  unset AWS_PROFILE AWS_SESSION_TOKEN
  use_sandbox "$BATS_TEST_TMPDIR/sandbox"
}

@test "each command of README.md and of the operations page works, in this order, against the sandbox" {
  [ -x "$ROOT/.gantry/venv/bin/aws" ] || skip 'no aws CLI in .gantry/venv'
  use_own_sandbox
  cat "$ROOT/tests/helpers/settle.bash" >"$BATS_TEST_TMPDIR/all"
  python3 -B "$BLOCKS" script "$ROOT/README.md" "$ROOT/docs/operations.md" >>"$BATS_TEST_TMPDIR/all"
  cd "$ROOT"
  PATH=$ROOT/.gantry/venv/bin:$PATH run bash "$BATS_TEST_TMPDIR/all"
  echo "$output"
  [ "$status" -eq 0 ]
  [[ $output == *'First instance in service'* ]]
  [[ $output == *'It was let into service.'*': Ignore: '* ]]
  [[ $output == *'by hand'*'Success'* || $output == *'Success'*'by hand'* ]]
  [[ $output != *FunctionError* ]]
}

@test "README.ja.md has the same commands as README.md" {
  run python3 -B "$BLOCKS" same "$ROOT/README.md" "$ROOT/README.ja.md"
  echo "$output"
  [ "$status" -eq 0 ]
}

@test "the figures of both READMEs are those of docs/bench.md, and their counted lines are close" {
  run "$ROOT/scripts/dev/readme-figures" --check
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
