#!/usr/bin/env bats
# docs/reliability.md: its check finds errors in the generated parts; the scripts that write it refuse wrong options.

setup() { load helpers/common; }

# page PART…: a page with these parts, each between its markers.
page() {
  local part
  echo "Lived through ${FIGURE:-7 seeds}, and 3 of 5 days."
  for part in "$@"; do
    printf '<!-- %s:begin -->\n%s\n<!-- %s:end -->\n' "$part" "${BODY-7 seeds, 2 cases}" "$part"
  done
}

check() { python3 -B "$ROOT/scripts/lib/checks/reliability.py" "$BATS_TEST_TMPDIR/page.md"; }

@test "a page with all of its parts, whose figures agree, is good" {
  page simulation mutants faults scale fuzz >"$BATS_TEST_TMPDIR/page.md"
  run check
  [ "$status" -eq 0 ]
  [ -z "$output" ]
}

@test "a part that is missing, twice, or out of its order is found" {
  local parts
  for parts in 'simulation mutants faults scale' 'simulation mutants faults scale fuzz fuzz' \
    'mutants simulation faults scale fuzz'; do
    # shellcheck disable=SC2086 # the words are arguments
    page $parts >"$BATS_TEST_TMPDIR/page.md"
    run check
    [ "$status" -eq 1 ]
    [[ $output == *'markers are'* ]]
  done
}

@test "a part without anything in it is found" {
  BODY='' page simulation mutants faults scale fuzz >"$BATS_TEST_TMPDIR/page.md"
  run check
  [ "$status" -eq 1 ]
  [[ $output == *'nothing stands between faults:begin and faults:end'* ]]
}

@test "a figure of the prose that no part has is found" {
  FIGURE='1,000,000 seeds' page simulation mutants faults scale fuzz >"$BATS_TEST_TMPDIR/page.md"
  run check
  [ "$status" -eq 1 ]
  [[ $output == *"'1,000,000 seeds' is in no generated part"* ]]
}

@test "scripts/dev/faults refuses what it does not know with 2, and writes no page of a part of the cases" {
  local command
  for command in --nothing --only --day '--day none' '--lanes 0' '--lanes x' '--from nowhere' --write; do
    # shellcheck disable=SC2086 # the words are arguments
    run "$ROOT/scripts/dev/faults" $command
    [ "$status" -eq 2 ]
    [[ $output == *--help* ]]
  done
}

@test "scripts/dev/scale refuses what it does not know with 2, and writes no page of a part" {
  local command
  for command in --nothing --wire '--wire none' '--wire 2001' '--instances 0' --seed '--wire 0 --write' \
    '--no-baseline --write'; do
    # shellcheck disable=SC2086 # the words are arguments
    run "$ROOT/scripts/dev/scale" $command
    [ "$status" -eq 2 ]
    [[ $output == *--help* ]]
  done
}
