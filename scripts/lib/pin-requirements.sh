#!/usr/bin/env bash
# Pins tests/requirements.in and tests/checkov-requirements.in, with all that they depend on and the hash of each file.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

case ${1:-} in
  '') ;;
  --help | -h)
    echo 'Usage: scripts/lib/pin-requirements.sh'
    echo 'Writes tests/requirements.txt and tests/checkov-requirements.txt from their .in files, for Python 3.10 and newer'
    echo '(needs the network).'
    exit 0
    ;;
  *) usage_error "unknown argument: $1" ;;
esac

work=$(mktemp -d)
trap 'stop_ticker; rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
step 'Installing uv' pin-uv "$work/venv/bin/pip" install --disable-pip-version-check uv
for name in requirements checkov-requirements; do
  step "Resolving $name" pin-resolve "$work/venv/bin/uv" pip compile --universal --python-version 3.10 \
    --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links \
    "$ROOT/tests/$name.in" -o "$work/pinned.txt"
  ! grep -n '://' "$work/pinned.txt" || die 'an address got into the pinned list; nothing was written.'
  {
    echo "# Made from $name.in by scripts/lib/pin-requirements.sh; do not edit."
    cat "$work/pinned.txt"
  } >"$ROOT/tests/$name.txt"
  rm "$work/pinned.txt"
  good "tests/$name.txt is written."
done
