#!/usr/bin/env bats
# scripts/dev/pit: what it makes of PIT's reports. PIT itself is started by hand.

load helpers/common

setup() { mkdir -p "$BATS_TEST_TMPDIR/launch" "$BATS_TEST_TMPDIR/aws"; }

# mutation STATUS DETECTED LINE: one mutation of a report.
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
  [[ ${lines[1]} =~ ^launch\ +20\ +17\ +2\ +1\ +0\ +85\.0\ %$ ]]
  [[ ${lines[2]} =~ ^aws\ +10\ +10\ +0\ +0\ +0\ +100\.0\ %$ ]]
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

# kept MODULE HOW-MANY: a line about the mutants of a report.
kept() { printf '%s\tStay\tisOver\tnegated conditional\t%s\tboth answers mean the same\n' "$1" "$2"; }

@test "a mutant that is kept has its reason, and is not counted" {
  report launch 16 2 1
  kept launch 2 >"$BATS_TEST_TMPDIR/kept"
  run pit --survivors --kept "$BATS_TEST_TMPDIR/kept" "$BATS_TEST_TMPDIR" launch
  [ "$status" -eq 0 ]
  [[ ${lines[1]} =~ ^launch\ +20\ +17\ +0\ +1\ +2\ +94\.4\ %$ ]]
  [[ $output == *'kept: dev/gantry/launch/stay/Stay.java:7: isOver: negated conditional: both answers mean the same'* ]]
}

@test "a line of kept mutants that matches fewer than it says is named, and fails the check" {
  report launch 16 0 0
  { kept launch 1 && kept aws 1; } >"$BATS_TEST_TMPDIR/kept"
  run pit --kept "$BATS_TEST_TMPDIR/kept" "$BATS_TEST_TMPDIR" launch
  [ "$status" -eq 0 ]
  [[ $output == *'launch Stay isOver: negated conditional: 0 of 1 are still unnoticed'* ]]
  [[ $output != *'aws Stay'* ]]
  run pit --check --kept "$BATS_TEST_TMPDIR/kept" "$BATS_TEST_TMPDIR" launch
  [ "$status" -eq 1 ]
}

@test "the number of a lambda does not matter: it changes with the code before it" {
  report launch 16 1 0
  sed -i "s/>isOver</>lambda\$isOver\$4</" "$BATS_TEST_TMPDIR/launch/mutations.xml"
  kept launch 1 >"$BATS_TEST_TMPDIR/kept"
  run pit --check --kept "$BATS_TEST_TMPDIR/kept" "$BATS_TEST_TMPDIR" launch
  [ "$status" -eq 0 ]
}

@test "a line of kept mutants without a reason is an error" {
  report launch 16 1 0
  printf 'launch\tStay\tisOver\tnegated conditional\t1\n' >"$BATS_TEST_TMPDIR/kept"
  run pit --kept "$BATS_TEST_TMPDIR/kept" "$BATS_TEST_TMPDIR" launch
  [ "$status" -eq 1 ]
  [[ $output == *'kept:1 wants module, class'* ]]
}

@test "every line of this repository about kept mutants and survivors can be read, and its module exists" {
  local module
  while IFS=$'\t' read -r module _; do
    [ -f "$ROOT/lambda/$module/pom.xml" ]
  done < <(cat "$ROOT"/scripts/lib/java/pit-{kept,survivors}.tsv)
  report launch 1 0 0
  pit --kept "$ROOT/scripts/lib/java/pit-kept.tsv" --reasons "$ROOT/scripts/lib/java/pit-survivors.tsv" \
    "$BATS_TEST_TMPDIR" launch
}

# explained HOW-MANY: a line with the reason of a report's survivors.
explained() { printf 'launch\tStay\tisOver\tnegated conditional\t%s\tno test has two stays\n' "$1"; }

@test "a survivor counts, and without a reason it fails the check" {
  report launch 19 1 0
  explained 1 >"$BATS_TEST_TMPDIR/reasons"
  run pit --check --survivors --reasons "$BATS_TEST_TMPDIR/reasons" "$BATS_TEST_TMPDIR" launch
  [ "$status" -eq 0 ]
  [[ ${lines[1]} =~ ^launch\ +21\ +20\ +1\ +0\ +0\ +95\.2\ %$ ]]
  [[ $output == *'Stay.java:7: isOver: negated conditional: no test has two stays'* ]]
  : >"$BATS_TEST_TMPDIR/reasons"
  run pit --check --reasons "$BATS_TEST_TMPDIR/reasons" "$BATS_TEST_TMPDIR" launch
  [ "$status" -eq 1 ]
  [[ $output == *'isOver: negated conditional has no reason'* ]]
}

@test "a reason of more survivors than there are fails the check" {
  report launch 19 1 0
  explained 2 >"$BATS_TEST_TMPDIR/reasons"
  run pit --check --reasons "$BATS_TEST_TMPDIR/reasons" "$BATS_TEST_TMPDIR" launch
  [ "$status" -eq 1 ]
  [[ $output == *'1 of 2 are still unnoticed'* ]]
}
