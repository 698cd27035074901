# shellcheck shell=bash
# checkov, in an environment of its own.
# Sourced after setup.sh.

CHECKOV=$STATE/checkov/bin

# install_checkov: unless what it is made from is there already.
install_checkov() {
  local stamp
  setup_system build
  make_state log
  stamp=$(cat "$ROOT/tests/checkov-requirements.txt" <(python3 --version) | sha256sum | cut -d' ' -f1)
  [[ $(cat "$STATE/checkov/.made-from" 2>/dev/null) != "$stamp" ]] || return 0
  step 'checkov into .gantry/checkov' checkov make_checkov && echo "$stamp" >"$STATE/checkov/.made-from"
}

make_checkov() {
  rm -rf "$STATE/checkov" && python3 -m venv "$STATE/checkov" &&
    "$CHECKOV/pip" install --disable-pip-version-check --no-input --require-hashes \
      -r "$ROOT/tests/checkov-requirements.txt"
}
