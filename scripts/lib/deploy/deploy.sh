# shellcheck shell=bash
# What scripts that deploy share: environments, which account and Region, bootstrap's state, addresses and their cost.
# Sourced after common.sh and terraform.sh.

PROJECT=gantry
declare -A CONFIG_OF=()
OURS=("Name=tag:Project,Values=$PROJECT")
TF_READY=''
# Dollars an hour for a public IPv4 address, attached or idle (docs/cost.md), and hours a month.
ADDRESS_PRICE=0.005
MONTH=730

# The environments that can be deployed: those that Terraform composes.
environments() { find "$TERRAFORM/envs" -mindepth 1 -maxdepth 1 -type d -printf '%f\n' 2>/dev/null | sort; }

# is_environment NAME
is_environment() { [[ $1 =~ ^[a-z][a-z0-9-]*$ ]] && grep -qx -- "$1" < <(environments); }

# check_environment [NAME]: ends the script with 2 if that is none.
check_environment() {
  is_environment "${1:-}" || usage_error "no such environment: ${1:-(none given)}; there are: $(environments | xargs)"
}

ready_terraform() { [[ -n $TF_READY ]] || { use_terraform && TF_READY=yes; }; }

# tf FOLDER ARGUMENT…: terraform in that folder below terraform/, without questions.
tf() {
  local folder=$1
  shift
  ready_terraform
  TF_INPUT=0 terraform -chdir="$TERRAFORM/$folder" "$@"
}

# tf_init FOLDER ARGUMENT…
tf_init() {
  ready_terraform
  lock_providers "$TERRAFORM/$1" && tf "$1" init -input=false -no-color "${@:2}"
}

# tf_init_environment NAME BUCKET: with the environment's state in the bootstrap's bucket, locked by S3 itself.
tf_init_environment() {
  tf_init "envs/$1" -reconfigure -backend-config="bucket=$2" -backend-config="key=envs/$1/terraform.tfstate" \
    -backend-config=use_lockfile=true -backend-config="region=${AWS_REGION:-eu-central-1}"
}

# read_config ENVIRONMENT: prints config/ENVIRONMENT.yml as JSON. Terraform reads it: Python has no YAML everywhere.
read_config() {
  local config=$ROOT/config/$1.yml empty value
  empty=$(mktemp -d)
  value=$(cd "$empty" && terraform console 2>/dev/null <<<"jsonencode(yamldecode(file(\"$config\")))")
  rmdir "$empty"
  # The console shows the JSON as a quoted text.
  json <<<"$value"
}

# load_config ENVIRONMENT…: caches what configured answers, because Terraform takes a moment to start.
load_config() {
  local environment
  for environment in "$@"; do CONFIG_OF[$environment]=${CONFIG_OF[$environment]:-$(read_config "$environment")}; done
}

# configured ENVIRONMENT KEY…: a value of config/ENVIRONMENT.yml; fails if it is not there.
configured() {
  local environment=$1
  shift
  load_config "$environment"
  json "$@" <<<"${CONFIG_OF[$environment]}"
}

# find_account ENVIRONMENT: sets ACCOUNT, AWS_REGION and STATE_BUCKET.
find_account() {
  has terraform || cannot 'needs terraform 1.11 or newer on the PATH.'
  has aws || cannot 'needs the aws CLI on the PATH.'
  load_config "$1"
  AWS_REGION=$(configured "$1" terraform region) || cannot "config/$1.yml names no Region (terraform: region:)."
  export AWS_REGION AWS_DEFAULT_REGION=$AWS_REGION AWS_PAGER=''
  ACCOUNT=$(aws sts get-caller-identity --query Account --output text 2>"$STATE/log/account.log") ||
    cannot "AWS does not know you: $(tail -n 1 "$STATE/log/account.log")"
  # shellcheck disable=SC2034 # those who source this read it
  STATE_BUCKET=$PROJECT-tfstate-$ACCOUNT-$AWS_REGION
}

# agree QUESTION: asks on a terminal; without a terminal only --yes (YES) agrees.
agree() {
  [[ -z ${YES:-} ]] || return 0
  [[ -t 0 && -t 2 ]] || usage_error 'there is no terminal for questions: use --yes.'
  local answer
  read -r -p "$1 [y/N] " answer
  [[ $answer == [yY]* ]] || { say 'Nothing was changed.' && exit 1; }
}

# addresses ENVIRONMENT: the public addresses that are kept for it, one a line.
addresses() {
  aws ec2 describe-addresses --output text --query 'Addresses[].[PublicIp]' \
    --filters "Name=tag:Project,Values=$PROJECT" "Name=tag:Environment,Values=$1" Name=tag:Purpose,Values=load-balancer
}

# check_account ENVIRONMENT: a configuration may name its account, and then no other one is used.
check_account() {
  local wanted
  wanted=$(configured "$1" terraform account || true)
  [[ -z $wanted || $wanted == "$ACCOUNT" ]] ||
    cannot "config/$1.yml is for the account $wanted, and the aws CLI is signed in to $ACCOUNT."
}

# kept_addresses ENVIRONMENT: the number of Elastic IPs that bootstrap keeps for its load balancer.
kept_addresses() {
  if [[ $(configured "$1" terraform keep_addresses || true) == true ]]; then zones_of "$1"; else echo 0; fi
}

zones_of() { configured "$1" terraform zones || echo 2; }

# nat_addresses ENVIRONMENT: the number of its NAT gateways' addresses. A network that is there already gets none.
nat_addresses() {
  if [[ $(configured "$1" terraform outbound || true) == endpoints ]] ||
    configured "$1" terraform network >/dev/null; then
    echo 0
  elif [[ $(configured "$1" terraform nat_per_zone || true) == true ]]; then
    zones_of "$1"
  else
    echo 1
  fi
}

# target_groups ENVIRONMENT: those of a load balancer of the operator's, one ARN a line.
target_groups() {
  local arns
  arns=$(configured "$1" terraform target_groups arns) || return 0
  # A list in JSON; an ARN of a target group has no comma.
  tr -d '[]" ' <<<"$arns" | tr ',' '\n'
}

# check_balancer ENVIRONMENT: says if no load balancer is made; one of the operator's must be there.
check_balancer() {
  local arns
  mapfile -t arns < <(target_groups "$1")
  if ((${#arns[@]})); then
    say "$1: instances are registered in ${#arns[@]} target group(s) of yours. No load balancer is made, and no" \
      'Elastic IP for one.'
    aws elbv2 describe-target-groups --target-group-arns "${arns[@]}" --query 'length(TargetGroups)' --output text \
      >/dev/null 2>"$STATE/log/target-groups.log" ||
      cannot "config/$1.yml (terraform: target_groups): $(tail -n 1 "$STATE/log/target-groups.log")"
  elif [[ $(configured "$1" terraform load_balancer || true) == false ]]; then
    say "$1: no load balancer is made, and no Elastic IP for one. Clients reach the instances themselves, at port 8554."
  fi
}

# in_service FLEET: the group has as many instances in service as it shall; prints their ids, one a line.
in_service() {
  local wanted ids
  wanted=$(aws autoscaling describe-auto-scaling-groups --auto-scaling-group-names "$1" --output text \
    --query 'AutoScalingGroups[0].DesiredCapacity') || return 1
  # shellcheck disable=SC2016 # JMESPath has backticks of its own
  mapfile -t ids < <(aws autoscaling describe-auto-scaling-groups --auto-scaling-group-names "$1" --output text \
    --query 'AutoScalingGroups[0].Instances[?LifecycleState==`InService`].[InstanceId]' | sed '/^None$/d')
  echo "$1: ${#ids[@]} of $wanted instance(s) in service" >&2
  printf '%s\n' "${ids[@]}"
  [[ ${#ids[@]} == "$wanted" ]]
}

# healthy ARN INSTANCE…: whether the target group's checks find each of these healthy.
healthy() {
  local arn=$1 found instance
  shift
  found=$(aws elbv2 describe-target-health --target-group-arn "$arn" --output text \
    --query 'TargetHealthDescriptions[].[Target.Id, TargetHealth.State]') || return 1
  echo "$arn: ${found:-no target}" >&2
  for instance; do grep -q "^${instance}[[:space:]]healthy$" <<<"$found" || return 1; done
}

# served ENVIRONMENT FLEET: what can be known without an address: every instance is in service, and healthy in each
# target group.
served() {
  local ids arn
  ids=$(in_service "$2") || return 1
  # shellcheck disable=SC2086 # one word for each instance
  for arn in $(target_groups "$1"); do healthy "$arn" $ids || return 1; done
}

# addresses_needed ENVIRONMENT: the number when it is up, with those that bootstrap keeps for all environments.
addresses_needed() {
  local each needed
  needed=$(nat_addresses "$1")
  for each in $(environments); do needed=$((needed + $(kept_addresses "$each"))); done
  echo "$needed"
}

# count_addresses FILTER…: of this account and Region.
count_addresses() {
  local filters=()
  (($# == 0)) || filters=(--filters "$@")
  aws ec2 describe-addresses "${filters[@]}" --query 'length(Addresses)' --output text
}

# check_addresses ENVIRONMENT: reports a too small quota before anything is made. L-0263D0A3 is "EC2-VPC Elastic IPs"
# (docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html): 5 by default.
check_addresses() {
  local quota others needed names
  quota=$(aws service-quotas get-service-quota --service-code ec2 --quota-code L-0263D0A3 --query Quota.Value \
    --output text 2>/dev/null) || quota=''
  [[ $quota =~ ^[0-9]+ ]] || {
    say 'The quota of Elastic IPs cannot be read here; AWS gives 5 in each Region.'
    return 0
  }
  others=$(($(count_addresses) - $(count_addresses "${OURS[@]}" Name=tag:Purpose,Values=load-balancer) -
    $(count_addresses "${OURS[@]}" "Name=tag:Environment,Values=$1") +
    $(count_addresses "${OURS[@]}" "Name=tag:Environment,Values=$1" Name=tag:Purpose,Values=load-balancer)))
  mapfile -t names < <(environments)
  load_config "${names[@]}"
  needed=$(addresses_needed "$1")
  say "Elastic IPs: $needed needed, $others in use by others, ${quota%.*} allowed."
  ((others + needed <= ${quota%.*})) && return 0
  cannot "$1 needs $needed Elastic IP(s), and $others of this Region's ${quota%.*} are in use by others. Ask" \
    'AWS for more (aws service-quotas request-service-quota-increase --service-code ec2 --quota-code L-0263D0A3' \
    "--desired-value $((others + needed))), or use fewer: keep_addresses, nat_per_zone and outbound in config/$1.yml."
}

# cost_of COUNT: the cost of this many addresses, in dollars a month.
cost_of() { awk -v n="$1" -v price="$ADDRESS_PRICE" -v hours="$MONTH" 'BEGIN { printf "%.2f", n * price * hours }'; }
