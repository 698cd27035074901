# shellcheck shell=bash
# Starts and ends scripts/sandbox for bats files, by pid.

# Python first gives SIGINT its default meaning: a shell starts what it puts in the background with SIGINT ignored.
# shellcheck disable=SC2016 # it is Python
WITH_SIGINT='import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.execv(sys.argv[1], sys.argv[1:])'

# start_sandbox FOLDER OPTION…: its line goes to FOLDER/line, its pid to FOLDER/pid and SANDBOX.
start_sandbox() {
  mkdir -p "$1"
  python3 -c "$WITH_SIGINT" "$ROOT/scripts/sandbox" --json "${@:2}" >"$1/line" 2>"$1/errors" </dev/null 3>&- &
  SANDBOX=$!
  echo "$SANDBOX" >"$1/pid"
  eventually has_line_or_ended "$1" && [ -s "$1/line" ] && return 0
  cat "$1/errors"
  return 1
}

# start_sandbox_of FOLDER ZIP: the same, whose functions run this package; the example fleet has no bundle.
start_sandbox_of() {
  mkdir -p "$1"
  (
    source "$ROOT/scripts/lib/common.sh"
    source "$ROOT/scripts/lib/setup.sh"
    source "$ROOT/scripts/lib/java.sh"
    JAVA_HOME=$(jdk_home)
    build_if_needed
    sandbox_java
    exec "${SANDBOX_JAVA[@]}" --zip "$2" --json
  ) >"$1/line" 2>"$1/errors" </dev/null 3>&- &
  SANDBOX=$!
  echo "$SANDBOX" >"$1/pid"
  eventually has_line_or_ended "$1" && [ -s "$1/line" ] && return 0
  cat "$1/errors"
  return 1
}

has_line_or_ended() { [ -s "$1/line" ] || ended "$(<"$1/pid")"; }

# use_sandbox FOLDER: exports what the sandbox says.
use_sandbox() {
  local name value
  while IFS='=' read -r name value; do
    export "$name=$value"
  done < <(python3 -c 'import json, sys
for pair in json.load(open(sys.argv[1]))["environment"].items(): print("=".join(pair))' "$1/line")
}

# work_folder FOLDER: where the sandbox keeps its files.
work_folder() {
  dirname "$(dirname "$(python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["logs"])' "$1/line")")"
}

# stop_sandbox PID SIGNAL
stop_sandbox() {
  kill -s "$2" "$1" 2>/dev/null || true
  eventually ended "$1" || kill -KILL "$1"
}

# traces_of PID [machine]: what a sandbox with real instances has on this machine, all of it named by its pid; with
# "machine" succeeds only when an instance has begun to boot.
traces_of() {
  local found
  found=$({
    ip netns list | grep "^gantry-$1-" || true
    find /sys/class/net -maxdepth 1 \( -name "gty$1" -o -name "gty$1-*" \)
    grep -o "/run/gantry-sandbox/$1-[^ ]*" /proc/mounts || true
    find /sys/fs/cgroup /sys/fs/cgroup/systemd /sys/fs/cgroup/unified -maxdepth 1 -name "gantry-$1" 2>/dev/null || true
    find /run/gantry-sandbox -maxdepth 1 -name "$1-*" 2>/dev/null || true
  })
  printf '%s' "$found"
  [[ ${2:-} != machine || ($found == *"/sys/fs/cgroup"* && $found == *"/root"*) ]]
}

# wait_for WHAT…: as helpers/wait_for.py says.
# shellcheck disable=SC2031 # the subshell above has a ROOT of its own
wait_for() { "$ROOT/.gantry/venv/bin/python" -B "$ROOT/tests/helpers/wait_for.py" "$@"; }
