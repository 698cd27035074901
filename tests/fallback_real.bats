#!/usr/bin/env bats
# The bastion channel's instance and bastion as booted systems with OpenSSH, from what Terraform puts into user data.
# This machine's ssh takes the place of the function; the metadata service and S3 are stand-ins. Needs root, and the
# image of scripts/lib/instances/build-image.sh with sudo in $IMAGE.

# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # sh inside expands it; run sets status and output

setup_file() {
  load helpers/common
  load helpers/sandbox
  load helpers/systems
  load helpers/lines
  export SERVICES=$BATS_FILE_TMPDIR/services ID=i-0123456789abcdef0
  mkdir -p "$SERVICES/s3/store/bastion/keys" "$SERVICES/s3/store/bastion/program" "$SERVICES/s3/store/bundles/web" \
    "$SERVICES/s3/store/launches/web"
  ssh-keygen -q -t ecdsa -b 256 -N '' -C '' -f "$BATS_FILE_TMPDIR/key"
  ssh-keygen -q -t ecdsa -b 256 -N '' -C '' -f "$BATS_FILE_TMPDIR/other"
  python3 -c 'import json, sys
print(json.dumps({"format": 1, "keys": [{"id": "one", "public": open(sys.argv[1]).read().strip()}]}))' \
    "$BATS_FILE_TMPDIR/key.pub" >"$SERVICES/s3/store/bastion/keys/public.json"
  "$ROOT/scripts/dev/build-documents" --program "$BATS_FILE_TMPDIR/program.zip"
  PROGRAM=$(sha256sum "$BATS_FILE_TMPDIR/program.zip" | cut -d' ' -f1)
  export PROGRAM
  cp "$BATS_FILE_TMPDIR/program.zip" "$SERVICES/s3/store/bastion/program/$PROGRAM.zip"
  make_lan
  ip netns exec "$LAN" python3 -B "$ROOT/tests/fakes/fake_instance_services.py" "$SERVICES" 0.0.0.0 80 3>&- &
  echo $! >"$SYSTEMS/serving"
  identity "$ID" 10.77.0.20
  start_instance
  identity i-0bbbbbbbbbbbbbbb1 10.77.0.10
  start_bastion bastion 10.77.0.10
  use_bastion i-0bbbbbbbbbbbbbbb1
}

setup() {
  load helpers/common
  load helpers/sandbox
  load helpers/systems
  load helpers/lines
}

teardown_file() {
  load helpers/common
  load helpers/sandbox
  load helpers/systems
  load helpers/lines
  local name
  kill "$(<"$SYSTEMS/serving")" || true
  for name in "$SYSTEMS"/*/nspawn; do remove_system "$(basename "$(dirname "$name")")"; done
  remove_lan
  find "$SYSTEMS" -xdev -delete 2>/dev/null || true
}

# identity ID ADDRESS: what the metadata service answers the machine with that address.
identity() {
  local place=$SERVICES/metadata-$2
  mkdir -p "$place/meta-data/services" "$place/meta-data/placement" "$place/dynamic/instance-identity" \
    "$place/meta-data/iam/security-credentials"
  printf %s "$1" >"$place/meta-data/instance-id"
  printf aws >"$place/meta-data/services/partition"
  printf eu-central-1 >"$place/meta-data/placement/region"
  printf '{"instanceId": "%s", "region": "eu-central-1", "accountId": "111122223333", "privateIp": "%s"}' "$1" "$2" \
    >"$place/dynamic/instance-identity/document"
  printf '{"Code": "Success", "Type": "AWS-HMAC", "AccessKeyId": "x", "SecretAccessKey": "x", "Token": "x",
    "LastUpdated": "2026-01-01T00:00:00Z", "Expiration": "2099-01-01T00:00:00Z"}' \
    >"$place/meta-data/iam/security-credentials/role"
}

# start_instance: boots it with the files of its user data.
start_instance() {
  local files=$ROOT/terraform/modules/fleet/files
  make_system instance 10.77.0.20
  echo 'AWS_ENDPOINT_URL=http://10.77.0.1' >"$SYSTEMS/instance/rootfs/etc/environment"
  boot_system instance
  put_on instance 0755 /usr/local/lib/gantry/gantry-fallback.py <"$files/gantry-fallback.py"
  put_on instance 0644 /etc/systemd/system/gantry-fallback.service <"$files/gantry-fallback.service"
  printf '%s\n' AWS_REGION=eu-central-1 GANTRY_BUCKET=store GANTRY_FALLBACK_PROGRAM="$PROGRAM" GANTRY_FLEET=web \
    GANTRY_LAUNCH_DEADLINE=3600 | put_on instance 0644 /etc/gantry/fallback.env
  on instance systemctl daemon-reload
  on instance systemctl enable --quiet --now --no-block gantry-fallback.service
  eventually on instance test -e /var/lib/gantry-login/.ssh/authorized_keys ||
    { on instance journalctl -u gantry-fallback.service --no-pager && return 1; }
}

# start_bastion NAME ADDRESS
start_bastion() {
  local files=$ROOT/terraform/modules/bastion_fallback/files file
  make_system "$1" "$2"
  echo 'AWS_ENDPOINT_URL=http://10.77.0.1' >"$SYSTEMS/$1/rootfs/etc/environment"
  boot_system "$1"
  put_on "$1" 0755 /usr/local/lib/gantry/gantry-bastion.py <"$files/gantry-bastion.py"
  for file in service timer; do
    put_on "$1" 0644 "/etc/systemd/system/gantry-bastion.$file" <"$files/gantry-bastion.$file"
  done
  printf '%s\n' AWS_REGION=eu-central-1 GANTRY_BUCKET=store GANTRY_SUBNETS=10.77.0.16/28 |
    put_on "$1" 0644 /etc/gantry/bastion.env
  on "$1" systemctl daemon-reload
  on "$1" systemctl enable --quiet --now --no-block gantry-bastion.timer
  eventually on "$1" test -e /var/lib/gantry/told ||
    { on "$1" journalctl -u gantry-bastion.service --no-pager && return 1; }
}

# use_bastion ID: configures ssh to go through it, with the host keys that both machines have written to S3.
use_bastion() {
  local arn=arn:aws:ec2:eu-central-1:111122223333:instance
  python3 - "$SERVICES/s3/store/bastion/jump/$arn/$1" "$SERVICES/s3/store/hostkeys/$arn/$ID" \
    >"$BATS_FILE_TMPDIR/known" <<'PYTHON'
import json, sys
for path in sys.argv[1:]:
    told = json.load(open(path))
    for key in told["keys"]:
        print(told["address"], key)
PYTHON
  local bastion
  bastion=$(python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["address"])' \
    "$SERVICES/s3/store/bastion/jump/$arn/$1")
  cat >"$BATS_FILE_TMPDIR/config" <<CONFIG
Host *
  BatchMode yes
  IdentitiesOnly yes
  IdentityFile $BATS_FILE_TMPDIR/key
  StrictHostKeyChecking yes
  UserKnownHostsFile $BATS_FILE_TMPDIR/known
  GlobalKnownHostsFile /dev/null
  ConnectTimeout 60
  LogLevel ERROR
Host bastion
  HostName $bastion
  User jump
Host instance
  HostName 10.77.0.20
  User gantry
  ProxyCommand ssh -F $BATS_FILE_TMPDIR/config -W %h:%p bastion
CONFIG
}

through() { ip netns exec "$LAN" ssh -F "$BATS_FILE_TMPDIR/config" "$@"; }

# bundle_doing SHELL: puts a bundle into the bucket whose only task is that; its sha256 is in BUNDLE.
bundle_doing() {
  python3 - "$BATS_TEST_TMPDIR/bundle.zip" "$1" <<'PYTHON'
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w") as archive:
    archive.writestr("playbook.yml", f"""---
- hosts: all
  gather_facts: false
  tasks:
    - name: Do what the test wants
      ansible.builtin.shell: |
        {sys.argv[2]}
""")
PYTHON
  BUNDLE=$(sha256sum "$BATS_TEST_TMPDIR/bundle.zip" | cut -d' ' -f1)
  mv "$BATS_TEST_TMPDIR/bundle.zip" "$SERVICES/s3/store/bundles/web/$BUNDLE.zip"
}

# start RUN NAME=VALUE… and ask QUESTION: the answer is in LINE, the exit code in CODE.
start() {
  CODE=0
  LINE=$(printf '%s\n' "Source=s3://store/bundles/web/$BUNDLE.zip" "Instance=$ID" "BundleSha256=$BUNDLE" "RunId=$1" \
    PlaybookFile=playbook.yml InstallDependencies=False TimeoutSeconds=1200 "${@:2}" "End=$1" |
    through instance "start $1") || CODE=$?
  echo "$LINE"
}
ask() {
  CODE=0
  LINE=$(through instance "$1" </dev/null) || CODE=$?
  echo "$LINE"
}

# gone_there COMMAND: no process of the instance has exactly this command line; pgrep says so with 1.
gone_there() {
  local code=0
  on instance pgrep -fx "$1" || code=$?
  [ "$code" -eq 1 ]
}
# no_command_is_forced: the forced command has no process; pgrep says so with 1.
no_command_is_forced() {
  local code=0
  on instance pgrep -f 'gantry_fallback forced' || code=$?
  [ "$code" -eq 1 ]
}
becomes() { eventually state_is "$@"; }
state_is() {
  ask "status $1"
  is state "$2"
}

@test "a run is started through the bastion, outlives its connection, and ends with the document's result" {
  bundle_doing 'while [ ! -e /srv/go ]; do sleep 0.1; done; echo applied >>/srv/applied'
  start first
  [ "$CODE" -eq 0 ]
  is state started instance "$ID"
  ask 'status first'
  is state running
  on instance touch /srv/go
  becomes first ended
  is result.kind success result.instance "$ID" result.bundle "$BUNDLE" result.tasks.changed 1
  [ "$(on instance cat /srv/applied)" = applied ]
  start first
  is state ended
  [ "$(on instance cat /srv/applied)" = applied ]
}

@test "the key allows only start, query and cancel on the instance" {
  run through instance </dev/null
  [ "$status" -eq 64 ]
  [[ $output == *'"state":"refused"'* ]]
  run through instance 'bash -i' </dev/null
  [ "$status" -eq 64 ]
  run through -tt instance 'status x' </dev/null
  [[ $output == *'PTY allocation request failed'* || $output == *unknown* ]]
  run through -o LogLevel=INFO -W 127.0.0.1:22 instance </dev/null
  [ "$status" -eq 255 ]
  [[ $output == *'administratively prohibited'* ]]
  run on instance su -s /bin/sh gantry -c 'sudo -n id'
  [ "$status" -eq 1 ]
  [[ $output == *sudo* ]]
  run on instance su -s /bin/sh gantry -c 'echo x >>/var/lib/gantry-login/.ssh/authorized_keys'
  [[ $output == *'Permission denied'* ]]
}

@test "the bastion is a jump host and nothing else" {
  local where
  run through bastion id </dev/null
  [ "$status" -eq 255 ]
  [[ $output != *uid=* ]]
  run through -s bastion sftp </dev/null
  [ "$status" -eq 255 ]
  for where in 10.77.0.1:80 10.77.0.20:80 127.0.0.1:22 10.77.0.10:22 169.254.169.254:80; do
    run through -o LogLevel=INFO -W "$where" bastion </dev/null
    echo "$where: $output"
    [ "$status" -eq 255 ]
    [[ $output == *'administratively prohibited'* ]]
  done
  run through -l root bastion id </dev/null
  [ "$status" -eq 255 ]
  [[ $output == *'Permission denied'* ]]
}

@test "another key, and another host key, are refused" {
  local config=$BATS_TEST_TMPDIR/config place=$BATS_FILE_TMPDIR host
  sed "s|$place/key|$place/other|; s|$place/config|$config|" "$place/config" >"$config"
  run ip netns exec "$LAN" ssh -F "$config" bastion id
  [ "$status" -eq 255 ]
  [[ $output == *'Permission denied'* ]]
  sed "s|$place/known|$BATS_TEST_TMPDIR/known|; s|$place/config|$config|" "$place/config" >"$config"
  for host in 10.77.0.10 10.77.0.20; do
    # One of the two hosts has a wrong key: first the bastion, then the instance.
    sed "s|^$host .*|$host $(cut -d' ' -f1,2 "$BATS_FILE_TMPDIR/other.pub")|" "$BATS_FILE_TMPDIR/known" \
      >"$BATS_TEST_TMPDIR/known"
    run ip netns exec "$LAN" ssh -F "$config" instance 'status x'
    [ "$status" -eq 255 ]
    [[ $output == *'Host key verification failed'* ]]
  done
}

@test "a connection that is cut in the middle of a start begins no run; one that is cut after it begins one" {
  local client open=$BATS_TEST_TMPDIR/open
  bundle_doing 'echo x >>/srv/cut; sleep 2'
  mkfifo "$open"
  ip netns exec "$LAN" ssh -F "$BATS_FILE_TMPDIR/config" instance 'start cut' <"$open" >/dev/null 2>&1 3>&- &
  client=$!
  exec 4>"$open"
  printf '%s\n' "Source=s3://store/bundles/web/$BUNDLE.zip" RunId=cut PlaybookFile=playbook.yml >&4
  eventually on instance pgrep -f 'gantry_fallback forced'
  kill -KILL "$client"
  wait "$client" || true
  exec 4>&-
  eventually no_command_is_forced
  ask 'status cut'
  is state unknown
  # The whole bundle has arrived; the client ends before the run does, and does not send it again.
  ip netns exec "$LAN" ssh -F "$BATS_FILE_TMPDIR/config" instance 'start cut' <"$open" >/dev/null 2>&1 3>&- &
  client=$!
  exec 4>"$open"
  printf '%s\n' "Source=s3://store/bundles/web/$BUNDLE.zip" "Instance=$ID" "BundleSha256=$BUNDLE" RunId=cut \
    PlaybookFile=playbook.yml InstallDependencies=False TimeoutSeconds=120 End=cut >&4
  exec 4>&-
  eventually on instance test -s /srv/cut
  kill -KILL "$client" || true
  wait "$client" || true
  becomes cut ended
  is result.kind success
  [ "$(on instance cat /srv/cut)" = x ]
}

@test "a play that exceeds its time is ended, with the children that have left it" {
  bundle_doing 'setsid sleep 4731 & sleep 4731'
  start long TimeoutSeconds=15
  is state started
  becomes long ended
  is result.kind timeout result.fault bundle
  gone_there 'sleep 4731'
}

@test "a daemon that a successful play starts outlives the run and the next one, has no limit, and is named" {
  local daemon
  bundle_doing 'setsid nohup sleep 4735 >/dev/null 2>&1 &'
  start daemon
  becomes daemon ended
  is result.kind success
  daemon=$(on instance pgrep -fx 'sleep 4735')
  [ "$(field result.left)" = "['sleep ($daemon)']" ]
  [[ $(on instance cat "/proc/$daemon/cgroup") == */gantry-left-*.scope* ]]
  [ "$(on instance sh -c 'systemctl show --property=RuntimeMaxUSec --value "gantry-left-*.scope"')" = infinity ]
  bundle_doing 'true'
  start next
  becomes next ended
  is result.kind success result.left ''
  [ "$(on instance pgrep -fx 'sleep 4735')" = "$daemon" ]
  # A daemon of a play that fails is ended.
  bundle_doing 'setsid nohup sleep 4736 >/dev/null 2>&1 & exit 1'
  start failing
  becomes failing ended
  is result.kind playbook
  gone_there 'sleep 4736'
  # The program has no secret among its arguments; the journal has none either.
  run on instance journalctl --no-pager
  [[ $output != *'-e @'* && $output == *'gantry-run-daemon.service'* ]]
}

@test "cancel ends the play with its children" {
  bundle_doing 'echo x >/srv/cancelled; setsid sleep 4732 & sleep 4732'
  start cancelled
  eventually on instance test -e /srv/cancelled
  ask 'cancel cancelled'
  is state cancelled
  gone_there 'sleep 4732'
}

@test "a program that is killed leaves no play, and the run is interrupted" {
  bundle_doing 'echo x >>/srv/killed; sleep 4733'
  start killed
  eventually on instance test -e /srv/killed
  on instance systemctl kill --signal=SIGKILL gantry-run-killed.service
  becomes killed interrupted
  [[ $(field detail) == *'(signal)'* ]]
  eventually gone_there 'sleep 4733'
  start killed
  is state interrupted
  [ "$(on instance cat /srv/killed)" = x ]
}

@test "while the agent's run holds the lock a start is busy, and the agent's run waits for this channel's" {
  bundle_doing 'echo x >>/srv/busy; while [ ! -e /srv/idle ]; do sleep 0.1; done'
  on instance mkdir -p /srv/downloads
  put_on instance 0644 "/srv/downloads/$BUNDLE.zip" <"$SERVICES/s3/store/bundles/web/$BUNDLE.zip"
  on instance sh -c "cd /srv/downloads && printf 'PlaybookFile=playbook.yml\nRunId=by-ssm\n' |
    AWS_SSM_INSTANCE_ID=$ID python3 -I /var/lib/gantry/fallback/${PROGRAM:0:16}/gantry_apply" >/dev/null 3>&- &
  local agent=$!
  eventually on instance test -e /srv/busy
  start other
  is state busy
  [[ $(field holder) == 'by-ssm as process '* ]]
  on instance touch /srv/idle
  wait "$agent"
  ask 'status by-ssm'
  is state ended result.kind success
  [ "$(on instance cat /srv/busy)" = x ]
}

@test "the bastion is replaced during a run: the run goes on and is found again" {
  bundle_doing 'while [ ! -e /srv/second ]; do sleep 0.1; done; echo x >>/srv/replaced'
  start replaced
  is state started
  remove_system bastion
  ask 'status replaced'
  [ "$CODE" -ne 0 ]
  identity i-0bbbbbbbbbbbbbbb2 10.77.0.11
  start_bastion second 10.77.0.11
  use_bastion i-0bbbbbbbbbbbbbbb2
  ask 'status replaced'
  is state running
  on instance touch /srv/second
  becomes replaced ended
  is result.kind success
  [ "$(on instance cat /srv/replaced)" = x ]
}

@test "an instance that reboots in the middle says that the run was interrupted, and accepts a new one" {
  bundle_doing 'echo x >>/srv/rebooted; [ -e /srv/again ] || sleep 4734'
  start rebooted
  eventually on instance test -e /srv/rebooted
  reboot_system instance
  becomes rebooted interrupted
  start rebooted
  is state interrupted
  on instance touch /srv/again
  start after
  becomes after ended
  is result.kind success
  [ "$(on instance cat /srv/rebooted)" = $'x\nx' ]
}

@test "when the launch has ended the login is refused" {
  ask 'status first'
  [ "$CODE" -eq 0 ]
  printf '{"number": 1, "closing": {"kind": "provisioned", "decidedAt": "%s", "doneAt": "%s"}}' \
    "$(date -u +%FT%TZ)" "$(date -u +%FT%TZ)" >"$SERVICES/s3/store/launches/web/$ID.json"
  eventually refused
  [[ $LINE == *'Permission denied'* || $CODE -eq 255 ]]
  run on instance test -e /etc/sudoers.d/gantry-fallback
  [ "$status" -eq 1 ]
  run on instance journalctl -u gantry-fallback.service --no-pager
  [[ $output == *"the launch has ended, or its time: the bastion's key is gone"* ]]
}

refused() {
  ask 'status first'
  [ "$CODE" -eq 255 ]
}
