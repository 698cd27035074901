#!/usr/bin/env bash
# What the workflows do with an environment: show its plan to people, and apply it if it is the plan that they read.
source "$(dirname "${BASH_SOURCE[0]}")/../common.sh"
source "$ROOT/scripts/lib/terraform/terraform.sh"
source "$ROOT/scripts/lib/deploy/deploy.sh"

# GitHub takes comments of 65,536 characters; two plans and their frames have to fit.
readonly SHOWN=30000

usage() {
  cat <<'EOF'
Usage: scripts/lib/deploy/ci-plan.sh ENVIRONMENT [--markdown] [--digest FILE]
       scripts/lib/deploy/ci-plan.sh ENVIRONMENT --apply SHA256

Plans an environment whose state is in the bucket $STATE_BUCKET, or applies it if its plan still has that sha256.
  --markdown     prints the plan as a section that unfolds; by default as plain text
  --digest FILE  writes the sha256 of the plan's text there
  --apply SHA256 plans again, and applies only the very same plan
Exit codes: 0 done, 1 terraform failed, or the plan is another by now, 2 wrong options, 3 something is missing.
EOF
}

# plan ENVIRONMENT FOLDER LOCK: leaves FOLDER/plan, FOLDER/text and FOLDER/log.
plan() {
  {
    tf_init_environment "$1" "$STATE_BUCKET" &&
      tf "envs/$1" plan -no-color "$3" -out="$2/plan" &&
      tf "envs/$1" show -no-color "$2/plan" >"$2/text"
  } >"$2/log" 2>&1
}

digest_of() { sha256sum "$1" | cut -d' ' -f1; }

# markdown ENVIRONMENT FILE HEADLINE
markdown() {
  printf '### %s: %s\n\n<details><summary>The whole of it</summary>\n\n```\n' "$1" "$3"
  # A code fence inside the text would end ours.
  # shellcheck disable=SC2016 # backticks of Markdown
  head -c "$SHOWN" "$2" | sed 's/```/` ` `/g'
  (($(wc -c <"$2") <= SHOWN)) || printf '\n… the rest is in the log of the workflow.\n'
  printf '\n```\n\n</details>\n\n'
}

show() {
  local environment=$1 folder=$2 text=$2/text headline rc=0
  # The role that only reads can take no lock.
  plan "$environment" "$folder" -lock=false || rc=1
  if ((rc)); then
    text=$folder/log headline='the plan failed'
  else
    headline=$(grep -E '^(Plan:|No changes)' "$text" | tail -n 1)
  fi
  if given --markdown; then
    markdown "$environment" "$text" "$headline"
    # The comment may be cut; the log is not.
    cat "$text" >&2
  else
    cat "$text"
  fi
  if given --digest && ((rc == 0)); then digest_of "$text" >"${OPTION[--digest]}"; fi
  return "$rc"
}

apply() {
  local environment=$1 folder=$2 approved=$3 found
  plan "$environment" "$folder" -lock-timeout=5m || { cat "$folder/log" >&2 && die "$environment: the plan failed."; }
  found=$(digest_of "$folder/text")
  if [[ $found != "$approved" ]]; then
    cat "$folder/text" >&2
    die "$environment: the plan is no longer the approved one ($found, approved was $approved); something changed" \
      'meanwhile. Run the workflow again, and look at the new plan.'
  fi
  tf "envs/$environment" apply -no-color -lock-timeout=5m "$folder/plan"
}

check_command_line() {
  check_environment "${ARGUMENTS[@]}"
  check_value --apply '[0-9a-f]{64}' 'a sha256'
  ! given --apply || ((${#OPTION[@]} == 1)) || usage_error '--apply takes no other option'
  has terraform || cannot 'needs terraform on the PATH.'
  [[ -n ${STATE_BUCKET:-} ]] || cannot 'STATE_BUCKET is not set: the bucket that terraform/bootstrap made.'
}

main() {
  read_options "$@"
  check_command_line
  # Not local: the trap comes after main.
  WORK=$(mktemp -d)
  trap 'stop_ticker; rm -rf "$WORK"' EXIT
  if given --apply; then
    apply "${ARGUMENTS[0]}" "$WORK" "${OPTION[--apply]}"
  else
    show "${ARGUMENTS[0]}" "$WORK"
  fi
}

main "$@"
