#!/usr/bin/env bash
# Pins tests/requirements.in, with all that it depends on and the hash of each file, into tests/requirements.txt, and of
# these what scripts/demo needs into scripts/demo-requirements.txt, with local instances scripts/local-requirements.txt.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

usage() {
  cat <<'EOT'
Usage: scripts/lib/pin-requirements.sh

Writes tests/requirements.txt and scripts/{demo,local}-requirements.txt from tests/requirements.in, and
tests/checkov-requirements.txt from tests/checkov-requirements.in, scripts/dev/bench-requirements.txt,
for Python 3.10 and newer (needs the network).
EOT
}

read_options "$@"

work=$(mktemp -d)
trap 'stop_ticker; rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
step 'Installing uv' pin-uv "$work/venv/bin/pip" install --disable-pip-version-check uv
# pin IN OUT [OPTION…]: writes all that IN needs into OUT.
pin() {
  local list=$1 pinned=$2
  shift 2
  step "Resolving ${list##*/}" pin-resolve "$work/venv/bin/uv" pip compile --universal --python-version 3.10 \
    --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links \
    "$@" "$list" -o "$work/pinned.txt"
  ! grep -n '://' "$work/pinned.txt" || die 'an address got into the pinned list; nothing was written.'
  {
    echo '# Made from requirements.in by scripts/lib/pin-requirements.sh; do not edit.'
    cat "$work/pinned.txt"
  } >"$pinned"
  rm "$work/pinned.txt"
  good "${pinned#"$ROOT/"} is written."
}

pin "$ROOT/tests/requirements.in" "$ROOT/tests/requirements.txt"
printf '%s\n' botocore >"$work/demo.in"
pin "$work/demo.in" "$ROOT/scripts/demo-requirements.txt" --constraint "$ROOT/tests/requirements.txt"
# Local instances apply their bundles with it.
printf '%s\n' botocore ansible-core >"$work/local.in"
pin "$work/local.in" "$ROOT/scripts/local-requirements.txt" --constraint "$ROOT/tests/requirements.txt"
pin "$ROOT/tests/checkov-requirements.in" "$ROOT/tests/checkov-requirements.txt"
# What a user's own handler runs under, for scripts/dev/bench-cold.
echo awslambdaric >"$work/bench.in"
pin "$work/bench.in" "$ROOT/scripts/dev/bench-requirements.txt"
