# shellcheck shell=bash
# For the test that runs the documents' commands one after the other.

# in_group QUERY: asks for the example fleet's group.
in_group() {
  aws autoscaling describe-auto-scaling-groups --auto-scaling-group-names web --output text \
    --query "AutoScalingGroups[0].$1"
}

# settle: what somebody who types would wait for: the group has what it wants, all of it in service.
settle() {
  local tries=0
  until [[ $(in_group "length(Instances[?LifecycleState=='InService'])") == "$(in_group DesiredCapacity)" ]]; do
    tries=$((tries + 1))
    ((tries < 1200)) || { echo 'the group did not settle' >&2 && return 1; }
    sleep 0.5
  done
}
