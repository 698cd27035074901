#!/usr/bin/env bats
# scripts/demo --fallback where instances cannot boot for real, and what it does not take.

setup() {
  load helpers/common
}

@test "where instances cannot boot for real --fallback says in one line that SSH is not simulated, and ends with 3" {
  local nobody=()
  if [ "$EUID" -eq 0 ]; then
    nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups env HOME=/nonexistent)
    "${nobody[@]}" test -r "$ROOT/scripts/demo" || skip 'nobody may not read this clone'
  fi
  run "${nobody[@]}" "$ROOT/scripts/demo" --fallback
  [ "$status" -eq 3 ]
  [ "${#lines[@]}" -eq 1 ]
  [[ $output == *'instances that boot for real, and none can here (not root); SSH is not simulated.'* ]]
}

@test "--fallback has no simulated instances" {
  run "$ROOT/scripts/demo" --fallback --instances simulated
  [ "$status" -eq 2 ]
  [[ $output == *'--fallback has no simulated instances'* ]]
}
