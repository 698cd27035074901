# shellcheck shell=bash
# Loaded by every bats file: where things are, and a small tree to bundle.

ROOT=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
export ROOT

# make_tree FOLDER: a small playbook tree with an executable, a link within the tree, and a name that is not ASCII.
make_tree() {
  mkdir -p "$1/roles/web/tasks" "$1/files"
  printf -- '---\n- hosts: all\n' >"$1/playbook.yml"
  printf -- '---\n- ansible.builtin.debug:\n' >"$1/roles/web/tasks/main.yml"
  printf '#!/bin/sh\n' >"$1/files/run"
  chmod 755 "$1/files/run"
  printf 'Grüße\n' >"$1/files/grüße.txt"
  ln -s grüße.txt "$1/files/link.txt"
}

# sha_of ARGUMENT…: the sha256 that gantry bundle prints; its zip goes into $BATS_TEST_TMPDIR/out. Fails where it
# prints none: two that are missing would be equal.
sha_of() {
  local sha
  sha=$("$ROOT/scripts/gantry" bundle --out "$BATS_TEST_TMPDIR/out" "$@" | head -n 1)
  [[ $sha =~ ^[0-9a-f]{64}$ ]] && echo "$sha"
}

# refuses WORDS COMMAND…: the command ends with 1 and says these words.
# shellcheck disable=SC2154 # run sets status and output
refuses() {
  local words=$1
  shift
  run "$@"
  [ "$status" -eq 1 ]
  [[ $output == *"$words"* ]]
}

# longer: the test runs with scripts/test --all only.
longer() { [ -n "${ALL:-}" ] || skip 'takes longer: scripts/test --all'; }

# gone COMMAND: no process has exactly this command line. That pgrep is missing or fails is no proof of it.
gone() {
  local code=0
  pgrep -fx -- "$1" || code=$?
  [ "$code" -eq 1 ]
}

# ended PID: no such process is there, or it waits for its parent alone. What is no process id is no proof of it.
ended() { [[ ${1:-} =~ ^[1-9][0-9]*$ ]] && { [[ ! -e /proc/$1 ]] || [[ $(ps -o stat= -p "$1") == Z* ]]; }; }

# The ceiling of every wait: an order of magnitude more than the longest one takes on a quiet machine, so that a busy
# one fails no test. What has come true is seen within a fifth of a second.
MOST_SECONDS=${MOST_SECONDS:-1200}

# eventually COMMAND…: asks until the command succeeds.
eventually() {
  local end=$((SECONDS + MOST_SECONDS))
  until "$@" 2>/dev/null; do
    if ((SECONDS >= end)); then
      printf 'not within %d s: %s\n' "$MOST_SECONDS" "$*" >&2
      return 1
    fi
    sleep 0.2
  done
}

# bounded COMMAND…: no longer than that either.
bounded() { timeout "$MOST_SECONDS" "$@"; }
