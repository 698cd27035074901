#!/usr/bin/env bats
# The comparisons between what Terraform renders and what the functions did (suite rendered) find differences, here in
# small alarms and lines.

setup() {
  load helpers/common
  FOLDER=$BATS_TEST_TMPDIR/calls
  mkdir "$FOLDER"
  echo zip >"$BATS_TEST_TMPDIR/zip"
  SHA=$(sha256sum "$BATS_TEST_TMPDIR/zip" | cut -d' ' -f1)
}

# did LINE…: what the zip's functions did; a comma between the fields.
did() { printf '%s\n' "$@" | tr ',' '\t' >"$FOLDER/$SHA-1.tsv"; }

# alarms METRIC DIMENSIONS: an alarm on it.
alarms() {
  python3 - "$1" "$2" >"$BATS_TEST_TMPDIR/rendered" <<'EOF'
import json, sys
values = {"alarm_name": "gantry-x", "namespace": "Gantry", "metric_name": sys.argv[1]}
values["dimensions"] = json.loads(sys.argv[2])
resources = [{"address": "alarm", "type": "aws_cloudwatch_metric_alarm", "values": values}]
print(json.dumps({"type": "test_state", "test_state": {"root_module": {"resources": resources}}}))
EOF
}

compare() {
  python3 -B "$ROOT/scripts/lib/terraform/$1.py" "$BATS_TEST_TMPDIR/rendered" "$FOLDER" "$BATS_TEST_TMPDIR/zip"
}

@test "an alarm on a metric that nothing emits, or on other dimensions, is found" {
  did metric,Gantry,Abandoned,fleet field,abandoned,fleet
  alarms Abandonned '{"fleet": "web"}'
  run compare metrics
  [ "$status" -eq 1 ]
  [[ $output == *'alarm: Abandonned by fleet: nothing emits it'* ]]
  alarms Abandoned '{}'
  run compare metrics
  [[ $output == *'alarm: Abandoned by nothing: it is emitted by fleet'* ]]
  [[ $output == *'alarms.md has no row for the alarm x'* ]]
  alarms Abandoned '{"fleet": "web"}'
  run compare metrics
  [[ $output != *'Abandoned by'* ]]
}

@test "lines of another zip do not count" {
  did metric,Gantry,Abandoned,fleet
  alarms Abandoned '{"fleet": "web"}'
  echo other >"$BATS_TEST_TMPDIR/zip"
  run compare metrics
  [ "$status" -eq 3 ]
  [[ $output == *'has nothing of'*'scripts/test --only java'* ]]
}
