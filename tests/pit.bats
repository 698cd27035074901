#!/usr/bin/env bats
# scripts/dev/pit: what is made of PIT's reports. PIT itself runs by hand.

load helpers/common

setup() { mkdir -p "$BATS_TEST_TMPDIR/launch" "$BATS_TEST_TMPDIR/aws"; }

# mutation STATUS DETECTED LINE: one of a report.
mutation() {
  cat <<EOF
<mutation detected='$2' status='$1' numberOfTestsRun='1'>
  <sourceFile>Stay.java</sourceFile><mutatedClass>dev.gantry.launch.stay.Stay\$Inner</mutatedClass>
  <mutatedMethod>isOver</mutatedMethod><lineNumber>$3</lineNumber>
  <mutator>org.pitest.mutationtest.engine.gregor.mutators.MathMutator</mutator>
  <description>negated conditional for dev/gantry/launch/stay/Stay\$Inner::isOver</description>
</mutation>
EOF
}

# report MODULE KILLED SURVIVED NO-COVERAGE: with a mutant that hangs, and one that cannot be loaded.
report() {
  local n
  {
    echo '<?xml version="1.0" encoding="UTF-8"?><mutations>'
    for ((n = 0; n < $2; n++)); do mutation KILLED true "$n"; done
    for ((n = 0; n < $3; n++)); do mutation SURVIVED false 7; done
    for ((n = 0; n < $4; n++)); do mutation NO_COVERAGE false 8; done
    mutation TIMED_OUT true 9
    mutation NON_VIABLE false 10
    echo '</mutations>'
  } >"$BATS_TEST_TMPDIR/$1/mutations.xml"
}

pit() { python3 -B "$ROOT/scripts/lib/java/pit.py" "$@"; }

@test "a table has a row for each module, and every mutant that no test noticed is named" {
  report launch 16 2 1
  report aws 9 0 0
  run pit --survivors "$BATS_TEST_TMPDIR" launch aws
  [ "$status" -eq 0 ]
  [[ ${lines[1]} =~ ^launch\ +20\ +17\ +2\ +1\ +85\.0\ %$ ]]
  [[ ${lines[2]} =~ ^aws\ +10\ +10\ +0\ +0\ +100\.0\ %$ ]]
  [[ $output == *'dev/gantry/launch/stay/Stay.java:7: isOver: negated conditional (2 times)'* ]]
  [[ $output == *'Stay.java:8: isOver: negated conditional (no test comes there)'* ]]
}

@test "a module below its threshold is named, and the last hundredth is not rounded away" {
  report launch 948 51 0
  report aws 8 1 0
  run pit --check "$BATS_TEST_TMPDIR" launch aws
  [ "$status" -eq 1 ]
  [[ $output == *'launch has 94.9 %, and wants 95 %'* ]]
  [[ $output != *'aws has'* ]]
}

@test "the figures can be written as JSON" {
  report launch 16 2 1
  pit --json "$BATS_TEST_TMPDIR" launch >"$BATS_TEST_TMPDIR/json"
  run python3 -c 'import json, sys
module = json.load(sys.stdin)["modules"][0]
print(*(module[key] for key in ("module", "mutants", "killed", "survived", "no_coverage", "percent")))
print(module["unnoticed"][0]["file"])' <"$BATS_TEST_TMPDIR/json"
  [ "${lines[0]}" = 'launch 20 17 2 1 85.0' ]
  [ "${lines[1]}" = dev/gantry/launch/stay/Stay.java ]
}

@test "a module without a report is an error, not a success" {
  run pit "$BATS_TEST_TMPDIR" launch
  [ "$status" -eq 1 ]
  [[ $output == *'no report of launch'* ]]
}
