# shellcheck shell=bash
# The engine that judges policies (tests/iam). Sourced after common.sh, setup.sh and terraform.sh.

IAM=$STATE/iam

# iam_obstacle: prints why it cannot be used here; nothing where it can.
iam_obstacle() {
  local tool
  for tool in node npm; do
    has "$tool" || {
      echo "$tool is not installed"
      return 0
    }
  done
  terraform_obstacle
}

# install_judge: the engine and its inputs in a copy, so that no modules of npm lie in the repository.
install_judge() {
  make_state iam
  cp "$ROOT"/tests/iam/{.npmrc,package.json,package-lock.json,judge.mjs,calls.json,attacks.json,unused.json} "$IAM/"
  npm --prefix "$IAM" ci --no-audit --no-fund
}

# render FOLDER OUTPUT: what the modules make of that folder's values, with a mocked provider.
render() {
  use_terraform
  init_terraform "$ROOT/tests/$1" && terraform -chdir="$ROOT/tests/$1" test -json -verbose >"$2"
}

# prepare_judge: what it judges by.
prepare_judge() {
  render iam "$IAM/rendered.jsonl" &&
    "$VENV/bin/python" -B "$ROOT/scripts/lib/terraform/managed_policies.py" >"$IAM/managed.json"
}

# judge CALLS…
judge() { node "$IAM/judge.mjs" "$IAM/rendered.jsonl" "$IAM/managed.json" "$@"; }
