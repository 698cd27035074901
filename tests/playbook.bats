#!/usr/bin/env bats
# The example playbook (examples/health), applied as the command document does it, in a booted system of its own
# (systemd-nspawn, its own root in memory, no network but loopback). Needs root and the image of
# scripts/lib/instances/build-image.sh in $IMAGE.

# Run Command keeps this much of a plugin's standard output: the failing task has to be within it.
KEPT_OUTPUT=24000

setup_file() {
  load helpers/common
  local keep=()
  # Without systemd on the host, the system cannot get a unit of its own.
  [ -d /run/systemd/system ] || keep=(--keep-unit)
  systemd-nspawn -q --register=no "${keep[@]}" --boot --volatile=overlay -D "$IMAGE" -M "gantry-playbook-$$" \
    --private-network --resolv-conf=off --console=pipe </dev/null >"$BATS_FILE_TMPDIR/console" 2>&1 3>&- &
  NSPAWN=$!
  eventually leader_is_there
  export NSPAWN LEADER
  eventually inside test -S /run/dbus/system_bus_socket
  inside systemctl is-system-running --wait || [ "$(inside systemctl is-system-running)" = degraded ]
}

# The system's PID 1 is nspawn's child with the name systemd; nspawn starts other, short-lived helpers before it.
leader_is_there() { LEADER=$(pgrep -P "$NSPAWN" -x systemd); }

# If only nspawn were killed, its system would stay.
teardown_file() {
  [ -n "${NSPAWN:-}" ] || return 0
  local child
  for child in $(pgrep -P "$NSPAWN"); do kill -KILL "$child" || true; done
  eventually ended "$NSPAWN" || kill -KILL "$NSPAWN"
}

setup() { load helpers/common; }

inside() {
  nsenter -t "$LEADER" -a --wdns=/root env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 "$@"
}

# bring OPTION…: makes a bundle and unpacks it into /srv/bundle of the system.
bring() {
  local sha
  sha=$(sha_of --tree "$ROOT/examples/health" "$@")
  inside rm -rf /srv/bundle
  inside mkdir /srv/bundle
  inside python3 -c 'import io, sys, zipfile
zipfile.ZipFile(io.BytesIO(sys.stdin.buffer.read())).extractall("/srv/bundle")' <"$BATS_TEST_TMPDIR/out/$sha.zip"
}

# apply BUNDLE OPTION…: what the command document runs.
# shellcheck disable=SC2016 # sh expands it, inside
apply() {
  local bundle=$1
  shift
  run inside sh -c 'cd /srv/bundle && exec ansible-playbook -i "localhost," -c local -e "$0" "$@" -v playbook.yml' \
    "SSM=True gantry_bundle=$bundle" "$@"
}

@test "a dry run succeeds and changes nothing" {
  bring
  apply first --check
  [ "$status" -eq 0 ]
  run inside test -e /etc/gantry/instance.json
  [ "$status" -eq 1 ]
}

@test "the first run configures the system and proves that it serves" {
  bring
  apply first
  [ "$status" -eq 0 ]
  [ "${#output}" -lt "$KEPT_OUTPUT" ]
  run inside python3 -c 'import json; print(json.load(open("/etc/gantry/instance.json"))["bundle"])'
  [ "$output" = first ]
  run inside systemctl is-enabled gantry-health.service
  [ "$output" = enabled ]
}

@test "a second run changes nothing" {
  bring
  apply first
  [ "$status" -eq 0 ]
  [[ $output == *'changed=0 '* ]]
}

@test "another bundle shows in the health answer" {
  bring
  apply second
  [ "$status" -eq 0 ]
  run inside python3 -c 'import urllib.request as request
print(request.urlopen("http://127.0.0.1:8080/health.json").read().decode())'
  [[ $output == *'"bundle": "second"'* ]]
}

@test "a service that cannot serve fails the run, with its last log lines within what Run Command keeps" {
  bring --env "$ROOT/tests/bundles/broken.yml"
  apply broken
  [ "$status" -eq 2 ]
  [[ ${output:0:KEPT_OUTPUT} == *'gantry-health.service does not serve port 80'*'Permission denied'* ]]
}

@test "a port that another program uses fails the run, though something listens there" {
  inside systemd-run --quiet --unit=squatter python3 -c 'import socket, time
held = socket.create_server(("0.0.0.0", 8082))
time.sleep(1e6)'
  # systemd-run returns when the program has started, which is before it listens.
  inside timeout "$MOST_SECONDS" bash -c 'until (: </dev/tcp/127.0.0.1/8082) 2>/dev/null; do :; done'
  printf -- '---\nhealth_port: 8082\nhealth_attempts: 3\n' >"$BATS_TEST_TMPDIR/values.yml"
  bring --env "$BATS_TEST_TMPDIR/values.yml"
  apply squatted
  [ "$status" -eq 2 ]
  [[ ${output:0:KEPT_OUTPUT} == *'gantry-health.service does not serve port 8082'*'Address already in use'* ]]
}

@test "a value of the wrong type is refused before anything changes" {
  printf -- '---\nhealth_port: eighty\n' >"$BATS_TEST_TMPDIR/values.yml"
  bring --env "$BATS_TEST_TMPDIR/values.yml"
  apply wrong
  [ "$status" -eq 2 ]
  [[ $output == *health_port* && $output == *'changed=0 '* ]]
}
