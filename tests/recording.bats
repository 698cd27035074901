#!/usr/bin/env bats
# The picture that is made of a recording, and the page that is made of measurements.

setup() {
  load helpers/common
  KEPT=$BATS_TEST_TMPDIR/kept.json
  OUT=$BATS_TEST_TMPDIR/demo.svg
}

# keep KIND: makes a recording of three lines.
keep() {
  cat >"$KEPT" <<EOF
{"date": "2026-01-02", "lines": [
  {"at": 0, "text": "Gantry's demo, with $1 & <more>.", "colour": ""},
  {"at": 1.5, "text": "   1.5 s  i-0123456789abcdef0  Pending", "colour": ""},
  {"at": 40, "text": "  40.0 s  i-0123456789abcdef0  InService", "colour": "green"}]}
EOF
}

@test "a recording becomes a picture that is XML and says real or simulated, and how fast it plays" {
  keep 'real instances'
  "$ROOT/scripts/dev/record-demo" --from "$KEPT" --out "$OUT"
  python3 -c 'import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.argv[1])' "$OUT"
  grep -q 'real instances · recorded 2026-01-02 · 40 s, played 1.7 times as fast' "$OUT"
  grep -q '&amp; &lt;more&gt;' "$OUT"
  keep 'SIMULATED instances'
  "$ROOT/scripts/dev/record-demo" --from "$KEPT" --out "$OUT"
  grep -q 'SIMULATED instances · recorded' "$OUT"
}

@test "LOCAL instances are named in the picture" {
  keep 'LOCAL instances'
  "$ROOT/scripts/dev/record-demo" --from "$KEPT" --out "$OUT"
  grep -q 'LOCAL instances · recorded' "$OUT"
}

@test "without animation the picture is a still of the last screen" {
  keep 'real instances'
  "$ROOT/scripts/dev/record-demo" --from "$KEPT" --out "$OUT"
  # By its attributes, for a viewer without CSS: the cover is below the last of three lines, nothing is scrolled.
  grep -q '<rect class="cover" x="-16" y="57"' "$OUT"
  grep -A1 '<g class="scroll"' "$OUT" | grep -q 'transform="translate(0 0)"'
  # Only an animation moves them.
  [ "$(grep -c '^\.cover\|^\.scroll' "$OUT")" -eq 2 ]
  # The animation's first moment is the last screen, too.
  grep -q '^@keyframes cover { 0%,100%{transform:translateY(0px)} ' "$OUT"
  grep -q '^@media (prefers-reduced-motion: no-preference)' "$OUT"
}

@test "the page of measurements keeps the other sections when one is measured again, and marks a missed goal" {
  cat >"$BATS_TEST_TMPDIR/write.py" <<EOF
import pathlib, sys
sys.path.insert(0, "$ROOT/scripts/lib/bench")
import bench_report
from bench_report import Figure, Goal, put, write_section
bench_report.PAGE = pathlib.Path("$BATS_TEST_TMPDIR/bench.md")
write_section([Figure("whole", "to the end", [61.0], "s")], "fresh")
put("start", "## The command's start\n")
write_section([Figure("a", "launch", [1.0, 9.0, 3.0], "s", Goal(2, "≤ 2 s"))], "launches")
write_section([Figure("whole", "to the end", [62.0], "s")], "fresh")
EOF
  python3 -B "$BATS_TEST_TMPDIR/write.py"
  run cat "$BATS_TEST_TMPDIR/bench.md"
  [[ $output == *'| launch | 3.00 s | 1.00 to 9.00 | 3 | ≤ 2 s, **missed** |'*'| to the end | 62.0 s |'* ]]
  [ "$(grep -c '^## ' <<<"$output")" -eq 3 ]
  [[ $output == *"## The command's start" ]]
}

@test "the recorder and the bench refuse what they do not know" {
  local command
  for command in 'dev/record-demo --instances pretend' 'dev/record-demo --out' 'dev/bench --repetitions 0' \
    'dev/bench --repetitions'; do
    # shellcheck disable=SC2086 # the words are arguments
    run "$ROOT"/scripts/$command
    [ "$status" -eq 2 ]
  done
}
