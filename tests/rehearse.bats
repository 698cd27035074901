#!/usr/bin/env bats
# What scripts/rehearse is made of. The rehearsal itself takes minutes: scripts/rehearse.

# shellcheck disable=SC2154,SC2030,SC2031 # run sets status and output, in the subshell of each test

setup() {
  load helpers/common
  PYTHON=$ROOT/.gantry/venv/bin/python
  "$PYTHON" -c 'import boto3, yaml' 2>/dev/null || skip 'no boto3 in .gantry/venv'
}

cloud_config() { "$PYTHON" -B "$ROOT/sandbox/src/main/resources/cloud-config.py"; }
rehearse() { "$PYTHON" -B "$ROOT/scripts/lib/deploy/rehearse.py" "$@"; }

@test "user data runs in cloud-init's order, whatever the order of the document" {
  local where=$BATS_TEST_TMPDIR
  cloud_config <<<"#cloud-config
runcmd: [[sh, -c, 'cat $where/there/file >>$where/log']]
write_files: [{path: '$where/there/file', permissions: '0640', content: \"written 'as' it \$is\"}]
bootcmd: [[cloud-init-per, once, hold, sh, -c, 'echo boot >$where/log; echo >>$where/log']]"
  [ "$(<"$where/log")" = "boot

written 'as' it \$is" ]
  [ "$(stat -c %a "$where/there/file")" = 640 ]
}

@test "user data with what the stand-in for cloud-init does not know fails, and so does a command that fails" {
  run cloud_config <<<'{packages: [ffmpeg], runcmd: [[touch, '"$BATS_TEST_TMPDIR/ran"']]}'
  [ "$status" -eq 1 ]
  [[ $output == *'does not know packages'* ]]
  [ ! -e "$BATS_TEST_TMPDIR/ran" ]
  run cloud_config <<<'{runcmd: ["exit 3", [touch, '"$BATS_TEST_TMPDIR/ran"']]}'
  [ "$status" -eq 1 ]
  [ -e "$BATS_TEST_TMPDIR/ran" ]
}

@test "the commands that are rehearsed are those of the document" {
  run rehearse commands "$ROOT/docs/operations/terraform.md" 'The same by hand' ''
  [ "$status" -eq 0 ]
  [[ $output == *'terraform -chdir=terraform/bootstrap apply'*'scripts/ops/prepare dev'*'envs/dev apply'* ]]
  run rehearse commands "$ROOT/docs/operations/terraform.md" 'Who publishes' 1
  [[ $output == 'scripts/gantry publish '* && $output != *publisher.json* ]]
  run rehearse commands "$ROOT/docs/operations/terraform.md" 'No such heading' ''
  [ "$status" -eq 1 ]
}

@test "a rehearsal in which instances called AWS as the sandbox's own role, or not at all, is refused" {
  local role='arn:aws:sts::111122223333:assumed-role' journal=$BATS_TEST_TMPDIR/journal
  echo '{"caller": "'"$role"'/gantry-dev-rtsp-instance/i-0123456789abcdef0"}' >"$journal"
  run rehearse principal "$journal" gantry-dev-rtsp-instance
  [ "$status" -eq 0 ]
  run rehearse principal "$journal" gantry-prod-rtsp-instance
  [ "$status" -eq 1 ]
  echo '{"caller": "'"$role"'/gantry-instance/instance"}' >>"$journal"
  run rehearse principal "$journal" gantry-dev-rtsp-instance
  [ "$status" -eq 1 ]
}

@test "a load balancer's name leads to the instances in service, to the next one each time" {
  "$PYTHON" -B "$ROOT/tests/helpers/balanced.py" "$ROOT/scripts/lib/deploy"
}

@test "what is left of an environment after its end is named, and what AWS itself still shows is not" {
  local made log=$BATS_TEST_TMPDIR/moto.log
  "$ROOT/.gantry/venv/bin/moto_server" -H 127.0.0.1 -p 0 >"$log" 2>&1 3>&- &
  made=$!
  run "$PYTHON" -B "$ROOT/tests/helpers/left.py" "$ROOT/scripts/lib/deploy" "$log"
  kill "$made"
  echo "$output"
  [ "$status" -eq 0 ]
}

@test "what moto cannot do is overridden in resources that there are" {
  local folder file module kind resource found=0
  for folder in moto moto-alone; do
    for file in "$ROOT/terraform/tests/$folder"/modules/*/*.tf; do
      module=$(basename "$(dirname "$file")")
      while read -r kind resource; do
        grep -qF "resource $kind $resource {" "$ROOT/terraform/modules/$module"/*.tf || {
          echo "$file: $module has no $kind $resource"
          return 1
        }
        found=$((found + 1))
      done < <(sed -nE 's/^resource ("[^"]+") ("[^"]+") .*/\1 \2/p' "$file")
    done
  done
  [ "$found" -gt 15 ]
}

# at_its_end WORDS: what a rehearsal says at its end on a machine without Node, where the sandbox said these words.
at_its_end() {
  run bash -c 'source "$1/scripts/lib/common.sh" && source "$1/scripts/lib/terraform/iam.sh" &&
    source "$1/scripts/lib/deploy/rehearsal.sh" && has() { [[ $1 != node ]]; }
    STATE=$2 NAME=dev && make_state log && printf %s "$3" >"$STATE/log/rehearse-sandbox.log"
    prepare_judge_of_calls && is_as_it_must' _ "$ROOT" "$BATS_TEST_TMPDIR" "$1"
  echo "$output"
}

@test "if there is no engine the rehearsal says that the calls were not judged" {
  at_its_end ''
  [ "$status" -eq 0 ]
  [[ $output == *'dev: whether the policies allow what was called was not judged (node is not installed).'* ]]
}

@test "a rehearsal in which something took effect in the sandbox and not in moto fails" {
  at_its_end 'sandbox: autoscaling CreateAutoScalingGroup took effect here and not upstream, which answered 400'
  [ "$status" -eq 1 ]
  [[ $output == *'took effect here and not upstream'* ]]
}

@test "the rehearsal refuses what it does not know" {
  run rehearse no-such
  [ "$status" -eq 2 ]
  run "$ROOT/scripts/rehearse" --no-such
  [ "$status" -eq 2 ]
  run "$ROOT/scripts/rehearse" --case no-such
  [ "$status" -eq 2 ]
}
