#!/usr/bin/env bats
# What scripts/rehearse makes of Terraform's launch template. The rehearsal itself takes minutes: scripts/rehearse.

# shellcheck disable=SC2154 # run sets status and output

setup() {
  load helpers/common
  PYTHON=$ROOT/.gantry/venv/bin/python
  "$PYTHON" -c 'import boto3, yaml' 2>/dev/null || skip 'no boto3 in .gantry/venv'
}

# script CLOUD-CONFIG: as an instance of the rehearsal runs it.
script() {
  PYTHONPATH=$ROOT/scripts/lib/deploy "$PYTHON" -B -c 'import sys, rehearse
print(rehearse.user_data(sys.stdin.read()), end="")' <<<"$1"
}

@test "user data runs in cloud-init's order, whatever the order of the document" {
  local where=$BATS_TEST_TMPDIR
  script "#cloud-config
runcmd: [[sh, -c, 'cat $where/there/file >>$where/log']]
write_files: [{path: '$where/there/file', permissions: '0640', content: \"written 'as' it \$is\"}]
bootcmd: [[cloud-init-per, once, hold, sh, -c, 'echo boot >$where/log']]" >"$where/script"
  sh "$where/script"
  [ "$(<"$where/log")" = "boot
written 'as' it \$is" ]
  [ "$(stat -c %a "$where/there/file")" = 640 ]
}

@test "the rehearsal refuses what it does not know" {
  run "$PYTHON" -B "$ROOT/scripts/lib/deploy/rehearse.py" no-such
  [ "$status" -eq 2 ]
  run "$ROOT/scripts/rehearse" --no-such
  [ "$status" -eq 2 ]
}
