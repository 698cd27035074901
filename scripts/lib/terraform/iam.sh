# shellcheck shell=bash
# The engine that judges policies (tests/iam). Sourced after common.sh, setup.sh and terraform.sh.

IAM=$STATE/iam

# judge_obstacle: prints why the engine cannot be installed here, or nothing.
judge_obstacle() {
  local tool
  for tool in node npm; do
    has "$tool" || {
      echo "$tool is not installed"
      return 0
    }
  done
}

# iam_obstacle: prints why nothing can be rendered and judged here, or nothing.
iam_obstacle() {
  local obstacle
  obstacle=$(judge_obstacle)
  if [[ -n $obstacle ]]; then echo "$obstacle"; else terraform_obstacle; fi
}

# install_judge: the engine and its inputs in a copy, so that no modules of npm lie in the repository.
install_judge() {
  make_state iam
  cp "$ROOT"/tests/iam/{.npmrc,package.json,package-lock.json,judge.mjs,calls.json,attacks.json,unused.json} "$IAM/"
  npm --prefix "$IAM" ci --no-audit --no-fund
}

# without_schemas: leaves out the provider's schema, which Terraform adds to each run: 44 MB of the 45 that the judge's
# tests would parse for each hole that they plant.
without_schemas() {
  python3 -B -c 'import json, sys
for line in sys.stdin:
    # What Terraform says before it can write JSON.
    if not line.startswith("{"):
        sys.stderr.write(line)
        continue
    event = json.loads(line)
    for part in event.values():
        if isinstance(part, dict):
            part.pop("provider_schemas", None)
    print(json.dumps(event))'
}

# render FOLDER [OPTION…]: prints what the modules make of that folder's values, with a mocked provider.
render() {
  use_terraform
  init_terraform "$ROOT/$1" >&2 && terraform -chdir="$ROOT/$1" test -json -verbose "${@:2}" | without_schemas
}

# render_into OUTPUT FOLDER
render_into() { render "$2" >"$1"; }

# prepare_judge: makes the policies that it judges by.
prepare_judge() {
  {
    render tests/iam && render terraform/bootstrap -filter=tests/render.tftest.hcl
  } >"$IAM/rendered.jsonl" &&
    "$VENV/bin/python" -B "$ROOT/scripts/lib/terraform/managed_policies.py" >"$IAM/managed.json"
}

# judge_calls ACCOUNT CALLS…: those calls alone, against the policies that an account has.
judge_calls() { node "$IAM/judge.mjs" --account "$@"; }

# judge CALLS…
judge() { node "$IAM/judge.mjs" "$IAM/rendered.jsonl" "$IAM/managed.json" "$@"; }
