# shellcheck shell=bash
# For the test that runs the commands of the documents one after the other.

# in_group QUERY: a value of the example fleet's group.
in_group() {
  aws autoscaling describe-auto-scaling-groups --auto-scaling-group-names web --output text \
    --query "AutoScalingGroups[0].$1"
}

# settle: waits as a person would who types: until the group has what it wants, all of it in service.
settle() {
  local tries=0
  until [[ $(in_group "length(Instances[?LifecycleState=='InService'])") == "$(in_group DesiredCapacity)" ]]; do
    tries=$((tries + 1))
    ((tries < 1200)) || { echo 'the group did not settle' >&2 && return 1; }
    sleep 0.5
  done
}
