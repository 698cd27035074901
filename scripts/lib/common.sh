# shellcheck shell=bash
# Sourced by every script: strict mode, options, messages, progress. ROOT is the top of the repository, STATE the folder
# of what git ignores.

set -euo pipefail
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
STATE=$ROOT/.gantry
export ROOT STATE
source "$ROOT/scripts/lib/options.sh"

if [[ -t 2 && -z ${NO_COLOR:-} && ${TERM:-dumb} != dumb ]]; then
  BOLD=$'\e[1m' RED=$'\e[31m' GREEN=$'\e[32m' YELLOW=$'\e[33m' PLAIN=$'\e[0m'
else
  BOLD='' RED='' GREEN='' YELLOW='' PLAIN=''
fi

say() { printf '%s\n' "$*" >&2; }
title() { printf '%s%s%s\n' "$BOLD" "$*" "$PLAIN" >&2; }
good() { printf '%s%s%s\n' "$GREEN" "$*" "$PLAIN" >&2; }
warn() { printf '%s%s%s\n' "$YELLOW" "$*" "$PLAIN" >&2; }
fail() { printf '%s%s%s\n' "$RED" "$*" "$PLAIN" >&2; }

# die MESSAGE…: ends the script with 1.
die() {
  fail "${0##*/}: $*"
  exit 1
}

# cannot MESSAGE…: ends the script with 3, the code for what this machine lacks or refuses.
cannot() {
  fail "${0##*/}: $*"
  exit 3
}

# usage_error MESSAGE…: ends the script with 2, the code of every wrong command line here.
usage_error() {
  fail "${0##*/}: $*"
  say "${0##*/} --help shows the usage."
  exit 2
}

# has COMMAND: is it on the PATH?
has() { command -v "$1" >/dev/null 2>&1; }

# need COMMAND REASON: ends the script when the command is not there.
need() { has "$1" || die "needs $1 ($2), which is not on the PATH."; }

# json KEY…: prints a value of the JSON on standard input; fails if it is not there. Lists and objects stay JSON.
json() { python3 -B "$ROOT/scripts/lib/json_tool.py" get "$@"; }

# json_fields KEY…: prints each field of the object there as NAME=VALUE.
json_fields() { python3 -B "$ROOT/scripts/lib/json_tool.py" fields "$@"; }

# json_find NAME TEXT: prints the first object of the list on standard input whose field has this text.
json_find() { python3 -B "$ROOT/scripts/lib/json_tool.py" find "$@"; }

# json_object NAME=TEXT… NAME:=JSON…: prints an object.
json_object() { python3 -B "$ROOT/scripts/lib/json_tool.py" object "$@"; }

# json_list TEXT…: prints a list.
json_list() { python3 -B "$ROOT/scripts/lib/json_tool.py" list "$@"; }

is_root() { [[ $EUID -eq 0 ]]; }

# make_state FOLDER…: makes folders below .gantry, or names their owner.
make_state() {
  local folder
  for folder in "$@"; do
    mkdir -p "$STATE/$folder" 2>/dev/null && [[ -w $STATE/$folder ]] && continue
    die "cannot write to $STATE/$folder (owner: $(stat -c %U "$STATE" 2>/dev/null || stat -c %U "$ROOT"));" \
      "use a clone of your own, or remove that folder."
  done
}

# The pid of the running ticker, so that it ends with the script, however the script ends.
TICKER=''

stop_ticker() {
  [[ -z $TICKER ]] && return 0
  # One that ends by SIGTERM before its first second has begun says of itself that it has no record of a process.
  kill -KILL "$TICKER" 2>/dev/null || true
  wait "$TICKER" 2>/dev/null || true
  TICKER=''
  [[ ! -t 2 ]] || printf '\r\e[K' >&2
}
trap stop_ticker EXIT

# tick NAME: after one second a terminal shows the seconds; a log gets a line every 20 seconds.
tick() {
  local name=$1 start=$SECONDS
  while sleep 1; do
    local passed=$((SECONDS - start))
    if [[ -t 2 ]]; then
      ((passed < 2)) || printf '\r\e[K%s … %d s' "$name" "$passed" >&2
    elif ((passed % 20 == 0)); then
      say "$name … $passed s"
    fi
  done
}

# step NAME LOG COMMAND…: runs the command in the foreground (Ctrl-C reaches it), its output into .gantry/log/LOG.log,
# and says how long it took; when it fails shows the end of the log and returns the command's code.
step() {
  local name=$1 log=$STATE/log/$2.log rc=0 start=$SECONDS
  shift 2
  make_state log
  tick "$name" &
  TICKER=$!
  "$@" >"$log" 2>&1 </dev/null || rc=$?
  stop_ticker
  if ((rc == 0)); then
    say "$name: $((SECONDS - start)) s"
  else
    fail "$name: failed with $rc after $((SECONDS - start)) s. The end of ${log#"$ROOT"/}:"
    tail -n 60 "$log" | sed 's/^/  /' >&2
  fi
  return "$rc"
}
