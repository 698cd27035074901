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

@test "--fallback has real instances only" {
  local kind
  for kind in simulated local; do
    run "$ROOT/scripts/demo" --fallback --instances "$kind"
    [ "$status" -eq 2 ]
    [[ $output == *"--fallback has no $kind instances"* ]]
  done
}

@test "where systems cannot boot the demo has local instances, says so first and last, and the pager quotes Ansible" {
  local less=()
  if [ "$EUID" -eq 0 ]; then
    less=(setpriv --bounding-set '-net_admin,-sys_admin' --inh-caps '-net_admin,-sys_admin')
  fi
  run "${less[@]}" "$ROOT/scripts/demo"
  echo "$output"
  [ "$status" -eq 0 ]
  [[ ${lines[0]} == 'Instances are local here: no system boots ('* ]]
  [[ $output == *"Gantry's demo, with LOCAL instances: a folder and processes each, no system boots;"* ]]
  [[ $output == *'console '*'open http://127.0.0.1:'*'/?token='*' and watch'* ]]
  [[ $output == *'GET http://127.'*'served by a local instance'* ]]
  [[ $output == *"task: Serve the instance's page"*'message: the service cannot listen on 127.'* ]]
  [[ $output == *'Address already in use'* ]]
  [[ $output == *'Not shown: the hardened Command document'* ]]
  [[ ${lines[-1]} == 'The demo ran with LOCAL instances: a folder and processes each, no system boots;'* ]]
}
