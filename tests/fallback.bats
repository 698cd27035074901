#!/usr/bin/env bats
# The instance's side of the bastion channel as far as that needs neither root nor an instance: the forced command,
# called as sshd calls it. Scripts take the place of systemd, ansible-playbook, the metadata service and S3.

# shellcheck disable=SC2016,SC2030,SC2031 # that script's sh expands what stands in single quotes; run sets status
setup_file() {
  unset AWS_SSM_INSTANCE_ID SSM_COMMAND_ID AWS_PROFILE AWS_SESSION_TOKEN SSH_ORIGINAL_COMMAND
  export AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null
}

setup() {
  load helpers/common
  load helpers/sandbox
  load helpers/lines
  export EXECUTED=$BATS_TEST_TMPDIR/executed UNITS=$BATS_TEST_TMPDIR/units SERVICES=$BATS_TEST_TMPDIR/services
  export GANTRY_HOME=$BATS_TEST_TMPDIR/home PYTHONDONTWRITEBYTECODE=1 INSTANCE=i-0123456789abcdef0
  mkdir -p "$BATS_TEST_TMPDIR/bin" "$UNITS" "$SERVICES/metadata/meta-data/placement" "$SERVICES/s3/store/bundles/web" \
    "$SERVICES/metadata/meta-data/services" "$SERVICES/metadata/dynamic/instance-identity"
  # What the instance writes at boot, before the key is accepted.
  mkdir -p "$GANTRY_HOME/fallback"
  printf '{"bucket": "store", "fleet": "web"}' >"$GANTRY_HOME/fallback/bound.json"
  ln -s "$ROOT/tests/fakes/fake-systemd" "$BATS_TEST_TMPDIR/bin/systemd-run"
  ln -s "$ROOT/tests/fakes/fake-systemd" "$BATS_TEST_TMPDIR/bin/systemctl"
  PATH=$BATS_TEST_TMPDIR/bin:$PATH
  PYTHON=$ROOT/.gantry/venv/bin/python
  printf %s "$INSTANCE" >"$SERVICES/metadata/meta-data/instance-id"
  printf aws >"$SERVICES/metadata/meta-data/services/partition"
  printf '{"instanceId": "%s", "region": "eu-central-1", "accountId": "111122223333"}' "$INSTANCE" \
    >"$SERVICES/metadata/dynamic/instance-identity/document"
  ARN=arn:aws:ec2:eu-central-1:111122223333:instance/$INSTANCE
  printf eu-central-1 >"$SERVICES/metadata/meta-data/placement/region"
  python3 -B "$ROOT/tests/fakes/fake_instance_services.py" "$SERVICES" 3>&- &
  SERVING=$!
  eventually test -s "$SERVICES/port"
  export AWS_ENDPOINT_URL AWS_EC2_METADATA_SERVICE_ENDPOINT AWS_ACCESS_KEY_ID=x AWS_SECRET_ACCESS_KEY=x
  AWS_ENDPOINT_URL=http://127.0.0.1:$(<"$SERVICES/port")
  AWS_EC2_METADATA_SERVICE_ENDPOINT=$AWS_ENDPOINT_URL
}

teardown() {
  kill "$SERVING"
  # Ends what a failed test has left running, by the pids that were written.
  local pid
  for pid in "$UNITS"/*/pid; do
    [ ! -e "$pid" ] || [ -e "${pid%pid}code" ] || kill -KILL "-$(<"$pid")" 2>/dev/null || true
  done
}

# ansible_doing SHELL: what ansible-playbook does in this test. It inherits no variable that the program does not know.
ansible_doing() {
  cat >"$BATS_TEST_TMPDIR/bin/ansible-playbook" <<PROGRAM
#!/bin/sh
case "\$1" in --version) echo 'ansible-playbook [core 2.17.1]'; exit ;; esac
EXECUTED=$EXECUTED
$1
PROGRAM
  chmod +x "$BATS_TEST_TMPDIR/bin/ansible-playbook"
}

# bundle: puts one into the bucket; its sha256 is in BUNDLE.
bundle() {
  python3 -c 'import sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w") as archive:
    archive.writestr("playbook.yml", "- hosts: all\n")' "$BATS_TEST_TMPDIR/bundle.zip"
  BUNDLE=$(sha256sum "$BATS_TEST_TMPDIR/bundle.zip" | cut -d' ' -f1)
  mv "$BATS_TEST_TMPDIR/bundle.zip" "$SERVICES/s3/store/bundles/web/$BUNDLE.zip"
}

# options RUN NAME=VALUE…: what the bastion function sends with a start.
options() {
  printf '%s\n' "Source=s3://store/bundles/web/$BUNDLE.zip" "Instance=$INSTANCE" "BundleSha256=$BUNDLE" \
    "RunId=$1" \
    PlaybookFile=playbook.yml InstallDependencies=False TimeoutSeconds=1200 "${@:2}" "End=$1"
}

forced() { SSH_ORIGINAL_COMMAND=$1 "$PYTHON" -I "$ROOT/ssm-documents/gantry_fallback" forced; }

# start RUN NAME=VALUE… and ask QUESTION: the answer is in LINE, the exit code in CODE.
start() { keep options "$@" -- forced "start $1"; }
ask() { keep true -- forced "$1"; }
keep() {
  local feed=()
  while [ "$1" != -- ]; do feed+=("$1") && shift; done
  CODE=0
  LINE=$("${feed[@]}" | "${@:2}") || CODE=$?
  echo "$LINE"
}

# becomes RUN STATE: asks until the run is in that state.
becomes() { eventually state_is "$@"; }
state_is() {
  ask "status $1"
  is state "$2"
}

@test "a run is started, is under way, and ends with the document's own result" {
  ansible_doing 'echo x >>"$EXECUTED"; while [ ! -e "$EXECUTED.go" ]; do sleep 0.1; done; echo said'
  bundle
  start one
  [ "$CODE" -eq 0 ]
  is gantry 1 instance "$INSTANCE" run one state started
  eventually test -e "$EXECUTED"
  ask 'status one'
  is state running
  touch "$EXECUTED.go"
  becomes one ended
  is result.kind success result.bundle "$BUNDLE" result.run one result.instance "$INSTANCE"
  [[ $(field tail) == *said* ]]
}

@test "two starts of one run execute it once, and so does a start after its end" {
  ansible_doing 'echo x >>"$EXECUTED"; while [ ! -e "$EXECUTED.go" ]; do sleep 0.1; done'
  bundle
  start one >"$BATS_TEST_TMPDIR/first" 3>&- &
  local first=$!
  start one
  touch "$EXECUTED.go"
  [[ $(field state) == started || $(field state) == running || $(field state) == busy ]]
  wait "$first"
  becomes one ended
  start one
  is state ended result.kind success
  [ "$(<"$EXECUTED")" = x ]
}

@test "only start, query and cancel are understood, and no hostile argument" {
  local question
  # shellcheck disable=SC2088 # the tilde stays as it is
  for question in '' 'sh' 'start' 'restart one' 'status one two' 'status  one' 'Status one' 'status one ' \
    ' status one' 'status ../one' 'status $(id)' 'status `id`' "status 'one'" 'status "one"' 'status one;id' \
    $'status one\nid' $'status one\n' 'status -one' 'status ~/x' "status $(printf '%065d' 1)" 'status ein§' \
    'status one|id' 'status one&'; do
    ask "$question"
    [ "$CODE" -eq 64 ]
    is state refused gantry 1
  done
  [ ! -e "$UNITS/journal" ]
}

@test "options that do not fit are refused, and nothing is started" {
  ansible_doing true
  bundle
  local wrong
  for wrong in 'Colour=red' 'TimeoutSeconds=1' 'RunId=other' 'Source=s3://store/bundles/web/x.zip' \
    'PlaybookFile=../x.yml' 'ExtraVariables=a=$(id)' "BundleSha256=$(printf '%064d' 1)" 'Source=s3://store/other/x' \
    'no equals sign'; do
    start one "$wrong"
    [ "$CODE" -eq 64 ]
    is state refused
  done
  CODE=0
  LINE=$(head -c 70000 /dev/zero | tr '\0' a | forced 'start one') || CODE=$?
  [ "$CODE" -eq 64 ]
  [[ $(field detail) == *'more than 65536 bytes' ]]
  [ "$(find "$UNITS" -name 'gantry-run-*')" = '' ]
}

@test "a start that is not for this instance, its fleet and its fleet's bucket is refused" {
  ansible_doing 'echo x >>"$EXECUTED"'
  bundle
  local wrong uri=https://s3.eu-central-1.amazonaws.com
  for wrong in Instance=i-0fedcba9876543210 "Source=s3://other/bundles/web/$BUNDLE.zip" \
    "Source=s3://store/bundles/other/$BUNDLE.zip" "DiagnosticsUri=$uri/other/diagnostics/web" \
    "WheelhouseUri=$uri/other/wheelhouses/$(printf '%064d' 7).zip" \
    "WheelhouseUri=https://example.org/x/$(printf '%064d' 7).zip"; do
    CODE=0
    # In the place of the right line, if there is one.
    LINE=$(options one "$wrong" | awk -F= -v wrong="$wrong" '
      $0 == wrong || $1 !~ /^(Source|Instance)$/ || index(wrong, $1 "=") != 1' | forced 'start one') || CODE=$?
    [ "$CODE" -eq 64 ]
    is state refused
    [[ $(field detail) == *"this is that instance" || $(field detail) == *"fleet, bundles/web/" ||
      $(field detail) == *"instance's bucket, store" || $(field detail) == *'no S3 host'* ]]
  done
  rm "$GANTRY_HOME/fallback/bound.json"
  start one
  [ "$CODE" -eq 64 ]
  [[ $(field detail) == *'was not told its fleet and bucket'* ]]
  [ "$(find "$UNITS" -name 'gantry-run-*')" = '' ]
}

@test "a start that was cut is refused: half of the options is not a run" {
  bundle
  CODE=0
  LINE=$(options one | head -n 3 | forced 'start one') || CODE=$?
  [ "$CODE" -eq 64 ]
  [[ $(field detail) == *'was the connection cut'* ]]
}

@test "a start whose options never end is refused in time" {
  bundle
  mkfifo "$BATS_TEST_TMPDIR/open"
  sleep 1200 >"$BATS_TEST_TMPDIR/open" 3>&- &
  local open=$!
  CODE=0
  LINE=$(forced 'start one' <"$BATS_TEST_TMPDIR/open") || CODE=$?
  kill "$open"
  [ "$CODE" -eq 64 ]
  [[ $(field detail) == *'have not come to an end'* ]]
}

@test "while another run holds the lock, a start is busy, names that run, and executes nothing" {
  ansible_doing 'echo x >>"$EXECUTED"; exec sleep '"$NAP"
  bundle
  mkdir "$BATS_TEST_TMPDIR/downloads"
  cp "$SERVICES/s3/store/bundles/web/"*.zip "$BATS_TEST_TMPDIR/downloads"
  # As the document's agent starts it.
  (cd "$BATS_TEST_TMPDIR/downloads" && printf '%s\n' PlaybookFile=playbook.yml RunId=by-ssm >../options &&
    exec env AWS_SSM_INSTANCE_ID="$INSTANCE" python3 -I "$ROOT/ssm-documents/gantry_apply" \
      <../options >../output 3>&-) &
  local program=$!
  eventually test -e "$EXECUTED"
  start other
  is state busy
  [[ $(field holder) == "by-ssm as process "* ]]
  [ "$CODE" -eq 0 ]
  ask 'status by-ssm'
  is state running
  ask 'status other'
  is state unknown
  # A cancel ends the other channel's run, too.
  ask 'cancel by-ssm'
  is state cancelled
  wait "$program" || true
  gone "sleep $NAP"
  [ "$(<"$EXECUTED")" = x ]
}

@test "a run that Systems Manager has executed is answered with its result, and not executed again" {
  ansible_doing 'echo x >>"$EXECUTED"'
  bundle
  mkdir "$BATS_TEST_TMPDIR/downloads"
  cp "$SERVICES/s3/store/bundles/web/"*.zip "$BATS_TEST_TMPDIR/downloads"
  (cd "$BATS_TEST_TMPDIR/downloads" && printf '%s\n' PlaybookFile=playbook.yml RunId=one "BundleSha256=$BUNDLE" |
    AWS_SSM_INSTANCE_ID=$INSTANCE python3 -I "$ROOT/ssm-documents/gantry_apply")
  start one
  is state ended result.kind success
  [ "$(<"$EXECUTED")" = x ]
}

@test "a run id that belongs to another bundle is refused" {
  ansible_doing true
  bundle
  start one
  becomes one ended
  start one ExtraVariables=other=1
  [ "$CODE" -eq 64 ]
  [[ $(field detail) == *'with another ExtraVariables; use a new RunId' ]]
}

@test "cancel ends the play, and neither a late start nor another channel begins the run again" {
  ansible_doing 'echo x >>"$EXECUTED"; sleep '"$NAP & exec sleep $NAP"
  bundle
  start one
  eventually test -e "$EXECUTED"
  ask 'cancel one'
  is state cancelled
  gone "sleep $NAP"
  ask 'status one'
  is state cancelled
  start one
  is state cancelled
  [ "$(<"$EXECUTED")" = x ]
}

@test "a cancel that overtakes its start wins" {
  ansible_doing 'echo x >>"$EXECUTED"'
  bundle
  ask 'cancel one'
  is state cancelled
  start one
  is state cancelled
  [ ! -e "$EXECUTED" ]
}

@test "a run that has ended can no longer be cancelled" {
  ansible_doing true
  bundle
  start one
  becomes one ended
  ask 'cancel one'
  is state ended result.kind success
}

@test "a run that was killed is interrupted, and a second start does not begin it again" {
  ansible_doing 'echo x >>"$EXECUTED"; echo before; exec sleep 4723'
  bundle
  start one
  eventually test -e "$EXECUTED"
  kill -KILL "-$(<"$UNITS/gantry-run-one.service/pid")"
  becomes one interrupted
  [[ $(field detail) == *'a new run may begin' && $(field tail) == *before* ]]
  start one
  is state interrupted
  # A late command of the other channel does not start it either.
  cd "$SERVICES/s3/store/bundles/web"
  run env AWS_SSM_INSTANCE_ID="$INSTANCE" python3 -I "$ROOT/ssm-documents/gantry_apply" \
    < <(printf '%s\n' PlaybookFile=playbook.yml RunId=one "BundleSha256=$BUNDLE")
  [ "$status" -eq 18 ]
  [[ $output == *'run one was interrupted, and begins no more; nothing was done'* ]]
  [ "$(<"$EXECUTED")" = x ]
  ansible_doing 'echo x >>"$EXECUTED"'
  start two
  becomes two ended
}

@test "a run that had not begun when the instance went down is unknown, and may be started again" {
  ask 'status one'
  is state unknown
  [ "$CODE" -eq 0 ]
}

@test "a play that exceeds its time is ended with its children, and the result says so" {
  ansible_doing "sleep $NAP & exec sleep $NAP"
  bundle
  start one TimeoutSeconds=5
  becomes one ended
  is result.kind timeout result.fault bundle
  gone "sleep $NAP"
}

@test "a bundle that is missing or cannot be read is named in the result" {
  ansible_doing 'echo x >>"$EXECUTED"'
  bundle
  rm "$SERVICES/s3/store/bundles/web/$BUNDLE.zip"
  start one
  becomes one ended
  is result.kind bundle result.fault instance
  [[ $(field detail) == *"s3://store/bundles/web/$BUNDLE.zip cannot be read by this instance (NoSuchKey)"* ]]
  touch "$SERVICES/denied"
  start two
  becomes two ended
  is result.kind bundle result.fault instance
  [[ $(field detail) == *'(AccessDenied)'* ]]
  [ ! -e "$EXECUTED" ]
}

@test "a bundle with another sha256 is not read" {
  ansible_doing 'echo x >>"$EXECUTED"'
  bundle
  printf x >>"$SERVICES/s3/store/bundles/web/$BUNDLE.zip"
  start one
  becomes one ended
  is result.kind bundle result.fault instance
  [[ $(field detail) == *"not $BUNDLE: nothing of it was read"* ]]
  [ ! -e "$EXECUTED" ]
}

@test "if S3 cannot be reached it is no failure of the bundle, and the message says what this channel needs" {
  ansible_doing true
  bundle
  AWS_ENDPOINT_URL=http://127.0.0.1:1 start one
  becomes one ended
  is result.kind bundle result.fault nobody
  [[ $(field detail) == *'which has no way to S3 or no role'* ]]
}

@test "a wheelhouse is fetched as well, and not read if its sha256 is another one" {
  local name
  name=$(printf '%064d' 7).zip
  ansible_doing true
  bundle
  mkdir -p "$SERVICES/s3/store/wheelhouses"
  echo 'no wheels' >"$SERVICES/s3/store/wheelhouses/$name"
  start one InstallDependencies=True AnsibleVersion=2.99 InstallFrom=Wheelhouse \
    "WheelhouseUri=https://s3.eu-central-1.amazonaws.com/store/wheelhouses/$name"
  becomes one ended
  is result.kind dependencies
  [[ $(field detail) == *"the wheelhouse $name has sha256 "*'nothing of it was read'* ]]
}

@test "the diagnostics of a failure go to S3, as with the document's last step" {
  ansible_doing 'echo no such thing >&2; exit 3'
  bundle
  start one DiagnosticsUri=https://s3.eu-central-1.amazonaws.com/store/diagnostics/web
  becomes one ended
  is result.kind playbook result.fault bundle
  # Below the name by which the role's policy knows the instance: otherwise its neighbours could write there.
  eventually compgen -G "$SERVICES/s3/store/diagnostics/web/$ARN/*-one.tar.gz"
}

@test "a play that asks for a reboot gets it, and the same run goes on with the next start" {
  ansible_doing '[ -e "$EXECUTED" ] || touch "$GANTRY_REBOOT_FILE"; echo x >>"$EXECUTED"'
  bundle
  start one
  eventually test -e "$UNITS/rebooted"
  becomes one unknown
  start one
  becomes one ended
  is result.kind success
  [ "$(<"$EXECUTED")" = $'x\nx' ]
}

@test "the unit has limits, ends with all that it has started, and runs without the login's environment" {
  ansible_doing true
  bundle
  start one TimeoutSeconds=600
  becomes one ended
  run cat "$UNITS/gantry-run-one.service/options"
  [[ $output == *--property=RuntimeMaxSec=750* && $output == *--property=KillMode=control-group* ]]
  [[ $output == *--property=TasksMax=512* && $output == *--property=MemoryMax=1G* ]]
  [[ $output == *"--setenv=AWS_SSM_INSTANCE_ID=$INSTANCE"* ]]
}

@test "the program leaves none of its downloads" {
  ansible_doing true
  bundle
  mkdir -p "$GANTRY_HOME/downloads-killed"
  start one
  becomes one ended
  eventually test ! -e "$GANTRY_HOME/asked/one"
  [ "$(find "$GANTRY_HOME" -name 'downloads-*')" = '' ]
}

@test "the program's zip has both folders, and the same bytes twice" {
  "$ROOT/scripts/dev/build-documents" --program "$BATS_TEST_TMPDIR/one.zip"
  "$ROOT/scripts/dev/build-documents" --program "$BATS_TEST_TMPDIR/two.zip"
  cmp "$BATS_TEST_TMPDIR/one.zip" "$BATS_TEST_TMPDIR/two.zip"
  python3 -m zipfile -e "$BATS_TEST_TMPDIR/one.zip" "$BATS_TEST_TMPDIR/program"
  [ -e "$BATS_TEST_TMPDIR/program/gantry_apply/ansible-requirements.txt" ]
  LINE=$(SSH_ORIGINAL_COMMAND='status one' "$PYTHON" -I "$BATS_TEST_TMPDIR/program/gantry_fallback" forced)
  is state unknown
}
