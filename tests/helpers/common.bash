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

# json_tool get KEY… < JSON, and more: as scripts/lib/json_tool.py says.
json_tool() { python3 -B "$ROOT/scripts/lib/json_tool.py" "$@"; }

# sha_of ARGUMENT…: the sha256 that gantry bundle prints; its zip goes into $BATS_TEST_TMPDIR/out. Fails if it
# prints none: otherwise two missing ones would be equal.
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

# longer: the test runs only with scripts/test --all.
longer() { [ -n "${ALL:-}" ] || skip 'takes longer: scripts/test --all'; }

# For processes that a test finds by their command line, `sleep $NAP`: no other test, here or in another clone, sleeps
# as long.
# shellcheck disable=SC2034 # tests read it
NAP=4700.$$

# gone COMMAND: no process has exactly this command line. A missing or failing pgrep does not prove that.
gone() {
  local code=0
  pgrep -fx -- "$1" || code=$?
  [ "$code" -eq 1 ]
}

# ended PID: there is no such process, or it only waits for its parent. A word that is no pid does not prove that.
ended() { [[ ${1:-} =~ ^[1-9][0-9]*$ ]] && { [[ ! -e /proc/$1 ]] || [[ $(ps -o stat= -p "$1") == Z* ]]; }; }

# The limit of every wait: ten times the longest one on a quiet machine, so that no test fails because the machine is
# busy. The end of a wait is noticed within a fifth of a second.
MOST_SECONDS=${MOST_SECONDS:-1200}

# eventually COMMAND…: repeats it until it succeeds.
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

# bounded COMMAND…: runs it with the same limit.
bounded() { timeout "$MOST_SECONDS" "$@"; }
