#!/usr/bin/env bats
# What an instance and the bastion do at boot for the bastion channel, in a folder that takes the place of the system's
# root, with stand-ins for the metadata service and S3. tests/fallback_real.bats has the same on booted systems.

# shellcheck disable=SC2030,SC2031 # run sets status
setup_file() {
  unset AWS_SSM_INSTANCE_ID AWS_PROFILE AWS_SESSION_TOKEN
  export AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null
}

setup() {
  load helpers/common
  load helpers/sandbox
  export UNITS=$BATS_TEST_TMPDIR/units SERVICES=$BATS_TEST_TMPDIR/services PYTHONDONTWRITEBYTECODE=1
  export GANTRY_ROOT=$BATS_TEST_TMPDIR/system GANTRY_HOME=$BATS_TEST_TMPDIR/system/var/lib/gantry
  mkdir -p "$BATS_TEST_TMPDIR/bin" "$UNITS" "$SERVICES/metadata/meta-data/services" "$GANTRY_HOME" \
    "$SERVICES/metadata/dynamic/instance-identity" "$SERVICES/s3/store/bastion/keys" "$SERVICES/s3/store/launches/web" \
    "$GANTRY_ROOT/etc/ssh/sshd_config.d" "$GANTRY_ROOT/etc/sudoers.d"
  local name
  for name in sudo useradd sshd systemctl; do
    printf '#!/bin/sh\necho "%s $*" >>"%s/called"\n' "$name" "$UNITS" >"$BATS_TEST_TMPDIR/bin/$name"
    chmod +x "$BATS_TEST_TMPDIR/bin/$name"
  done
  PATH=$BATS_TEST_TMPDIR/bin:$PATH
  PYTHON=$ROOT/.gantry/venv/bin/python
  printf 'ssh-ed25519 AAAAhost root@here\n' >"$GANTRY_ROOT/etc/ssh/ssh_host_ed25519_key.pub"
  printf aws >"$SERVICES/metadata/meta-data/services/partition"
  printf '{"instanceId": "i-0123456789abcdef0", "region": "eu-central-1", "accountId": "111122223333",
    "privateIp": "10.20.128.7"}' >"$SERVICES/metadata/dynamic/instance-identity/document"
  KEY_ONE='ecdsa-sha2-nistp256 AAAAone'
  public_keys '{"id": "a", "public": "'"$KEY_ONE"'"}'
  python3 -B "$ROOT/tests/fakes/fake_instance_services.py" "$SERVICES" 3>&- &
  SERVING=$!
  eventually test -s "$SERVICES/port"
  export AWS_ENDPOINT_URL AWS_EC2_METADATA_SERVICE_ENDPOINT AWS_ACCESS_KEY_ID=x AWS_SECRET_ACCESS_KEY=x
  AWS_ENDPOINT_URL=http://127.0.0.1:$(<"$SERVICES/port")
  AWS_EC2_METADATA_SERVICE_ENDPOINT=$AWS_ENDPOINT_URL
  export GANTRY_BUCKET=store GANTRY_FLEET=web GANTRY_LAUNCH_DEADLINE=60 AWS_REGION=eu-central-1
  export GANTRY_SUBNETS=10.20.128.0/29,10.20.144.0/30
  KEYS=$GANTRY_ROOT/var/lib/gantry-login/.ssh/authorized_keys
  SUDOERS=$GANTRY_ROOT/etc/sudoers.d/gantry-fallback
  ARN=arn:aws:ec2:eu-central-1:111122223333:instance/i-0123456789abcdef0
}

teardown() {
  kill "$SERVING"
  [ -z "${BOOTED:-}" ] || kill "$BOOTED" 2>/dev/null || true
}

# public_keys JSON: publishes these keys, as the bastion function does.
public_keys() { printf '{"format": 1, "keys": [%s]}' "$1" >"$SERVICES/s3/store/bastion/keys/public.json"; }

# stay JSON: the instance's record in the ledger.
stay() { printf '%s' "$1" >"$SERVICES/s3/store/launches/web/i-0123456789abcdef0.json"; }

# boot: the unit's program, with shorter pauses.
boot() {
  exec "$PYTHON" - "$ROOT/ssm-documents" 3>&- <<'PYTHON'
import sys
sys.path[:0] = [f"{sys.argv[1]}/gantry_fallback", f"{sys.argv[1]}/gantry_apply"]
import boot
boot.LOOK_SECONDS, boot.STAY_SECONDS = 0.2, 2
sys.exit(boot.main())
PYTHON
}

bastion() { "$PYTHON" "$ROOT/terraform/modules/bastion_fallback/files/gantry-bastion.py"; }

# now +SECONDS: a time as the functions write it.
now() { date -u -d "$1 seconds" +%Y-%m-%dT%H:%M:%S.123456789Z; }

@test "an instance whose role's keys are not there yet when it boots uses them as soon as they are" {
  unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
  export AWS_SHARED_CREDENTIALS_FILE=$BATS_TEST_TMPDIR/credentials
  (boot) 2>"$BATS_TEST_TMPDIR/journal" &
  BOOTED=$!
  eventually grep -q 'Unable to locate credentials; trying again' "$BATS_TEST_TMPDIR/journal"
  printf '[default]\naws_access_key_id = x\naws_secret_access_key = x\n' >"$AWS_SHARED_CREDENTIALS_FILE"
  eventually test -e "$KEYS"
}

@test "the key is accepted during the launch, bound to the forced command, and removed after it" {
  (boot) 2>"$BATS_TEST_TMPDIR/journal" &
  BOOTED=$!
  eventually test -e "$KEYS"
  # What every start has to name is written before the key is accepted.
  [ "$(<"$GANTRY_HOME/fallback/bound.json")" = '{"bucket": "store", "fleet": "web"}' ]
  run cat "$KEYS"
  [[ $output == 'restrict,command="sudo -n /usr/bin/python3 -I '*'/gantry_fallback forced" '"$KEY_ONE" ]]
  [ "$(stat -c %a "$KEYS")" = 644 ]
  run cat "$SUDOERS"
  [[ $output == *'gantry ALL=(root) NOPASSWD: /usr/bin/python3 -I '*'/gantry_fallback forced' ]]
  [ "$(stat -c %a "$SUDOERS")" = 440 ]
  run cat "$SERVICES/s3/store/hostkeys/$ARN"
  [[ $output == *'"instance": "i-0123456789abcdef0", "address": "10.20.128.7", "keys": ["ssh-ed25519 AAAAhost"]'* ]]
  stay '{"number": 1, "gate": "service"}'
  sleep 1
  [ -e "$KEYS" ]
  stay "{\"number\": 1, \"closing\": {\"decidedAt\": \"$(now +1)\", \"doneAt\": \"$(now +2)\"}}"
  wait "$BOOTED"
  [ ! -e "$KEYS" ]
  [ ! -e "$SUDOERS" ]
}

@test "a reboot after the launch does not accept the key again; a stay that opens does" {
  GANTRY_LAUNCH_DEADLINE=1 run boot
  [ "$status" -eq 0 ]
  [[ $output == *'the launch has ended, or its time'* ]]
  run boot
  [ "$status" -eq 0 ]
  [[ $output == *'no launch of this instance is under way'* ]]
  [ ! -e "$KEYS" ]
  stay '{"number": 2, "gate": "service"}'
  (boot) 2>"$BATS_TEST_TMPDIR/journal" &
  BOOTED=$!
  eventually test -e "$KEYS"
}

@test "a key that an image brought is removed before anything else, and a launch that it brought does not count" {
  mkdir -p "$(dirname "$KEYS")" "$GANTRY_HOME/fallback"
  touch "$KEYS" "$SUDOERS" "$SERVICES/denied"
  printf '{"instance": "i-0fedcba9876543210", "openedAt": 1, "over": true}' >"$GANTRY_HOME/fallback/launch.json"
  GANTRY_LAUNCH_DEADLINE=3 run boot
  [ "$status" -eq 1 ]
  [[ $output == *"the host keys' object: s3://store/hostkeys/$ARN cannot be written: "*AccessDenied*'; trying again'* ]]
  [[ $output == *'the bastion cannot reach this instance' ]]
  [ ! -e "$KEYS" ]
  [ ! -e "$SUDOERS" ]
}

@test "a public key that is malformed or no longer valid is not accepted" {
  public_keys '{"id": "a", "public": "ecdsa-sha2-nistp256 AAAA\ncommand=\"sh\" ssh-rsa AAAA"},
    {"id": "b", "public": "restrict ssh-ed25519 AAAA"},
    {"id": "c", "public": "ecdsa-sha2-nistp256 AAAAold", "validUntil": "'"$(now -5)"'"},
    {"id": "d", "public": "ecdsa-sha2-nistp256 AAAAprevious", "validUntil": "'"$(now +60)"'"}'
  (boot) 2>"$BATS_TEST_TMPDIR/journal" &
  BOOTED=$!
  eventually test -e "$KEYS"
  run cut -d' ' -f7- "$KEYS"
  [ "$output" = $'ecdsa-sha2-nistp256 AAAA\necdsa-sha2-nistp256 AAAAprevious' ]
  run grep -c sh\" "$KEYS"
  [ "$output" = 0 ]
}

@test "without sudo the journal says so" {
  rm "$BATS_TEST_TMPDIR/bin/sudo"
  command -v sudo >/dev/null && skip 'sudo is installed here'
  GANTRY_LAUNCH_DEADLINE=2 run boot
  [ "$status" -eq 1 ]
  [[ $output == *'sudo is not on the instance: bake it into the image'* ]]
}

@test "a program with another sha256 is not unpacked; the right one is started" {
  local fetch=$ROOT/terraform/modules/fleet/files/gantry-fallback.py sha
  mkdir -p "$SERVICES/s3/store/bastion/program"
  python3 -c 'import sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w") as archive:
    archive.writestr("gantry_fallback/__main__.py", "import sys; print(\"started\", *sys.argv[1:])")' \
    "$BATS_TEST_TMPDIR/p.zip"
  sha=$(sha256sum "$BATS_TEST_TMPDIR/p.zip" | cut -d' ' -f1)
  cat "$BATS_TEST_TMPDIR/p.zip" <(echo x) >"$SERVICES/s3/store/bastion/program/$sha.zip"
  GANTRY_FALLBACK_PROGRAM=$sha run "$PYTHON" - "$fetch" <<'PYTHON'
import runpy, sys
names = runpy.run_path(sys.argv[1])
names["main"].__globals__.update(TRIES=2, PAUSE_SECONDS=0)
sys.exit(names["main"]())
PYTHON
  [ "$status" -eq 1 ]
  [[ $output == *'nothing of it was unpacked; trying again'*'given up'* ]]
  [ ! -e "$GANTRY_HOME/fallback/${sha:0:16}" ]
  cp "$BATS_TEST_TMPDIR/p.zip" "$SERVICES/s3/store/bastion/program/$sha.zip"
  GANTRY_FALLBACK_PROGRAM=$sha run "$PYTHON" "$fetch"
  [ "$output" = 'started boot' ]
}

@test "the bastion lets the keys jump to port 22 of the subnets' addresses, and nothing else" {
  public_keys '{"id": "a", "public": "ecdsa-sha2-nistp256 AAAAone"}, {"id": "b", "public": "no key"}'
  run bastion
  [ "$status" -eq 0 ]
  run cat "$GANTRY_ROOT/etc/ssh/sshd_config.d/10-gantry-bastion.conf"
  [[ $output == *"PermitOpen $(printf '10.20.128.%s:22 ' 1 2 3 4 5 6)10.20.144.1:22 10.20.144.2:22" ]]
  [[ $output == *'AllowUsers jump'*'MaxSessions 0'*'PermitTTY no'*'AllowTcpForwarding local'*'PermitListen none'* ]]
  [ "$(<"$GANTRY_ROOT/etc/gantry/jump_keys")" = 'restrict,port-forwarding,permitopen="*:22" '"$KEY_ONE" ]
  run cat "$SERVICES/s3/store/bastion/jump/$ARN"
  [[ $output == *'"address": "10.20.128.7", "keys": ["ssh-ed25519 AAAAhost"]'* ]]
  run grep -e sshd -e systemctl "$UNITS/called"
  [ "$output" = $'sshd -t\nsystemctl try-reload-or-restart ssh.service sshd.service' ]
}

@test "the bastion follows the keys, writes its own once a day, and keeps what it has while S3 is away" {
  run bastion
  public_keys '{"id": "b", "public": "ecdsa-sha2-nistp256 AAAAtwo"}'
  run bastion
  [ "$status" -eq 0 ]
  [[ $(<"$GANTRY_ROOT/etc/gantry/jump_keys") == *AAAAtwo ]]
  [ "$(grep -c 'PUT /store/bastion/jump' "$SERVICES/requests")" = 1 ]
  [ "$(grep -c systemctl "$UNITS/called")" = 1 ]
  touch "$SERVICES/denied"
  run bastion
  [ "$status" -eq 1 ]
  [[ $output == *'bastion: s3://store/bastion/keys/public.json cannot be read'* ]]
  [[ $(<"$GANTRY_ROOT/etc/gantry/jump_keys") == *AAAAtwo ]]
  rm "$SERVICES/denied"
  touch -d '2 days ago' "$GANTRY_HOME/told"
  run bastion
  [ "$(grep -c 'PUT /store/bastion/jump' "$SERVICES/requests")" = 2 ]
}

@test "a configuration that sshd refuses is undone" {
  printf '#!/bin/sh\necho "line 3: Bad configuration option" >&2; exit 255\n' >"$BATS_TEST_TMPDIR/bin/sshd"
  run bastion
  [ "$status" -eq 1 ]
  [[ $output == *'sshd does not take its configuration: line 3: Bad configuration option'* ]]
  [ ! -e "$GANTRY_ROOT/etc/ssh/sshd_config.d/10-gantry-bastion.conf" ]
}
