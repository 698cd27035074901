# shellcheck shell=bash
# Starts and ends scripts/sandbox for bats files, by pid.

# Python first restores the default meaning of SIGINT: a shell starts background processes with SIGINT ignored.
# shellcheck disable=SC2016 # it is Python
WITH_SIGINT='import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.execv(sys.argv[1], sys.argv[1:])'

# use_own_aws: the aws command of .gantry/venv comes first, and the machine's own configuration does not count. Until
# the server that forks it is ready, it is started as usual.
use_own_aws() {
  export AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null AWS_EC2_METADATA_DISABLED=true AWS_PAGER=''
  export OWN_AWS=$ROOT/.gantry/venv/bin/aws GANTRY_AWS=$ROOT/tests/helpers/bin/aws AWS_SERVER=$BATS_FILE_TMPDIR/aws
  export PATH=$ROOT/tests/helpers/bin:$ROOT/.gantry/venv/bin:$PATH
  unset AWS_PROFILE AWS_SESSION_TOKEN GANTRY_BUCKET GANTRY_FUNCTION GANTRY_TREE
  "$ROOT/.gantry/venv/bin/python" -B "$ROOT/tests/helpers/aws_server.py" "$AWS_SERVER" >/dev/null 2>&1 </dev/null 3>&- &
}

# start_sandbox FOLDER OPTION…: its first line goes to FOLDER/line, its pid to FOLDER/pid and SANDBOX.
start_sandbox() {
  mkdir -p "$1"
  python3 -c "$WITH_SIGINT" "$ROOT/scripts/sandbox" --json "${@:2}" >"$1/line" 2>"$1/errors" </dev/null 3>&- &
  SANDBOX=$!
  echo "$SANDBOX" >"$1/pid"
  eventually has_line_or_ended "$1" && [ -s "$1/line" ] && return 0
  cat "$1/errors"
  return 1
}

# start_sandbox_of FOLDER ZIP: the same, with functions of this zip; the example fleet has no bundle.
start_sandbox_of() {
  mkdir -p "$1"
  (
    source "$ROOT/scripts/lib/common.sh"
    source "$ROOT/scripts/lib/setup.sh"
    source "$ROOT/scripts/lib/java.sh"
    JAVA_HOME=$(jdk_home)
    build_if_needed
    sandbox_java
    keep_calls "$2"
    exec "${SANDBOX_JAVA[@]}" --zip "$2" --json
  ) >"$1/line" 2>"$1/errors" </dev/null 3>&- &
  SANDBOX=$!
  echo "$SANDBOX" >"$1/pid"
  eventually has_line_or_ended "$1" && [ -s "$1/line" ] && return 0
  cat "$1/errors"
  return 1
}

has_line_or_ended() { [ -s "$1/line" ] || ended "$(<"$1/pid")"; }

# use_sandbox FOLDER: exports the environment that the sandbox prints.
use_sandbox() {
  local name value
  while IFS='=' read -r name value; do
    export "$name=$value"
  done < <(json_tool fields environment <"$1/line")
}

# work_folder FOLDER: where the sandbox keeps its files.
work_folder() {
  dirname "$(dirname "$(json_tool get logs <"$1/line")")"
}

# stop_sandbox PID SIGNAL
stop_sandbox() {
  kill -s "$2" "$1" 2>/dev/null || true
  eventually ended "$1" || kill -KILL "$1"
}

# traces_of PID [machine]: what a sandbox with real instances has on this machine, all of it named by its pid. With
# "machine" it succeeds only once an instance has begun to boot.
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

# lifecycle_state INSTANCE: Pending:Wait, InService…
lifecycle_state() {
  aws autoscaling describe-auto-scaling-instances --instance-ids "$1" --output text \
    --query 'AutoScalingInstances[0].LifecycleState'
}

# wait_for WHAT…: as helpers/wait_for.py says.
# shellcheck disable=SC2031 # the subshell above has a ROOT of its own
wait_for() { "$ROOT/.gantry/venv/bin/python" -B "$ROOT/tests/helpers/wait_for.py" "$@"; }
