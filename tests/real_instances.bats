#!/usr/bin/env bats
# What scripts/lib/instances/real-instances tries before anything is installed, and what each command does if that was
# refused.

setup() {
  load helpers/common
  PROBE=$ROOT/scripts/lib/instances/real-instances
}

# without CAPABILITIES COMMAND…: runs it as root without these capabilities.
without() {
  local list
  list=-${1//,/,-}
  shift
  setpriv --bounding-set "$list" --inh-caps "$list" "$@"
}

# needs_root: skips the test if capabilities cannot be dropped.
needs_root() { [ "$EUID" -eq 0 ] || skip 'only root has capabilities to drop'; }

# holds CAPABILITY: does this shell have it? A restricted machine has fewer.
holds() {
  setpriv --dump | grep -E '^Capability bounding set:' | grep -qE "[ ,]$1(,|\$)"
}

# traces PID: what this try has made and not undone; other tries may be under way.
traces() {
  find /run -maxdepth 1 -name "gantry-try-$1"
  find /sys/class/net -maxdepth 1 \( -name "gtyt$1" -o -name "gtyt$1-0" \)
  find /sys/fs/cgroup /sys/fs/cgroup/{systemd,unified} -maxdepth 1 -name "gantry-try-$1" 2>/dev/null || true
  grep -o "/run/gantry-try-$1/[^ ]*" /proc/mounts || true
}

# ends COMMAND…: runs it to its end; sets PID to its pid, CODE to its exit code.
ends() {
  CODE=0
  "$@" >/dev/null 2>&1 3>&- &
  PID=$!
  wait "$PID" || CODE=$?
}

@test "without CAP_NET_ADMIN the refused thing is the bridge" {
  needs_root
  holds net_admin && holds sys_admin || skip 'this machine gives root neither'
  run without net_admin "$PROBE"
  [ "$status" -eq 1 ]
  [ "$output" = 'a network bridge was refused: Operation not permitted' ]
}

@test "without CAP_SYS_ADMIN, and without both, the refused thing is the first mount" {
  needs_root
  local dropped
  for dropped in sys_admin net_admin,sys_admin; do
    run without "$dropped" "$PROBE"
    [ "$status" -eq 1 ]
    [ "$output" = 'a file system in memory was refused: permission denied' ]
  done
}

@test "in each of these cases instances are local, and scripts/demo --fallback ends with 3 and the reason" {
  needs_root
  local dropped
  for dropped in net_admin sys_admin net_admin,sys_admin; do
    run without "$dropped" "$ROOT/scripts/demo" --fallback
    [ "$status" -eq 3 ]
    [[ $output == *"none can here ($(without "$dropped" "$PROBE" || true))"* ]]
    run without "$dropped" "$ROOT/scripts/demo" --instances real
    [ "$status" -eq 3 ]
    [[ $output == *"instances cannot boot for real here ("*"); --instances local works."* ]]
  done
}

@test "an ordinary user is refused in two words" {
  local nobody=()
  if [ "$EUID" -eq 0 ]; then
    nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups)
    "${nobody[@]}" test -r "$PROBE" || skip 'nobody may not read this clone'
  fi
  run "${nobody[@]}" "$PROBE"
  [ "$status" -eq 1 ]
  [ "$output" = 'not root' ]
}

@test "everything that was tried is undone, whatever was refused" {
  needs_root
  local dropped
  ends "$PROBE"
  [ "$CODE" -le 1 ]
  [ "$(traces "$PID")" = '' ]
  for dropped in net_admin sys_admin sys_chroot setpcap; do
    ends without "$dropped" "$PROBE"
    [ "$CODE" -eq 1 ]
    [ "$(traces "$PID")" = '' ]
  done
}

@test "what a killed try has made is removed by the next one" {
  needs_root
  "$PROBE" || skip 'instances cannot boot here'
  # Killed just before systemd-nspawn is tried, when everything else is made.
  mkdir "$BATS_TEST_TMPDIR/fake"
  # shellcheck disable=SC2016 # the fake expands it
  printf '#!/bin/sh\nkill -KILL "$PPID"\n' >"$BATS_TEST_TMPDIR/fake/timeout"
  chmod +x "$BATS_TEST_TMPDIR/fake/timeout"
  PATH=$BATS_TEST_TMPDIR/fake:$PATH ends "$PROBE"
  [ "$(traces "$PID" | wc -l)" -gt 5 ]
  "$PROBE"
  [ "$(traces "$PID")" = '' ]
}
