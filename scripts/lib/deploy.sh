# shellcheck shell=bash
# What scripts that deploy share: environments, which account and Region, bootstrap's state, addresses and their cost.
# Sourced after common.sh and terraform.sh.

PROJECT=gantry
TF_READY=''
# Dollars an hour for a public IPv4 address, attached or idle (docs/cost.md), and hours a month.
ADDRESS_PRICE=0.005
MONTH=730

# The environments that can be deployed: those that Terraform composes.
environments() { find "$TERRAFORM/envs" -mindepth 1 -maxdepth 1 -type d -printf '%f\n' 2>/dev/null | sort; }

# is_environment NAME
is_environment() { [[ $1 =~ ^[a-z][a-z0-9-]*$ ]] && grep -qx -- "$1" < <(environments); }

# tf FOLDER ARGUMENT…: terraform in that folder below terraform/, never asking anybody.
tf() {
  local folder=$1
  shift
  [[ -n $TF_READY ]] || { use_terraform && TF_READY=yes; }
  TF_INPUT=0 terraform -chdir="$TERRAFORM/$folder" "$@"
}

# tf_init FOLDER ARGUMENT…
tf_init() { tf "$1" init -input=false -no-color "${@:2}"; }

# tf_init_environment NAME BUCKET: with the environment's state in the bootstrap's bucket, locked by S3 itself.
tf_init_environment() {
  tf_init "envs/$1" -reconfigure -backend-config="bucket=$2" -backend-config="key=envs/$1/terraform.tfstate" \
    -backend-config=use_lockfile=true -backend-config="region=${AWS_REGION:-eu-central-1}"
}

# surroundings MESSAGE…: ends with 3.
surroundings() {
  fail "${0##*/}: $*"
  exit 3
}

# json KEY…: a value of the JSON on standard input; fails where it is not there. Lists and objects stay JSON.
json() {
  python3 -c 'import json, sys
value = json.load(sys.stdin)
for key in sys.argv[1:]:
    value = value[int(key)] if isinstance(value, list) else value[key]
print(value if isinstance(value, str) else json.dumps(value))' "$@" 2>/dev/null
}

# configured ENVIRONMENT KEY…: a value of config/ENVIRONMENT.yml; fails where it is not there. Terraform reads the
# file: Python has no YAML everywhere.
configured() {
  local config=$ROOT/config/$1.yml empty value
  shift
  empty=$(mktemp -d)
  value=$(cd "$empty" && terraform console 2>/dev/null <<<"jsonencode(yamldecode(file(\"$config\")))")
  rmdir "$empty"
  # The console shows the JSON as a quoted text.
  json <<<"$value" | json "$@"
}

# find_account ENVIRONMENT: sets ACCOUNT, AWS_REGION and STATE_BUCKET.
find_account() {
  has terraform || surroundings 'needs terraform 1.11 or newer on the PATH.'
  has aws || surroundings 'needs the aws CLI on the PATH.'
  AWS_REGION=$(configured "$1" terraform region) || surroundings "config/$1.yml names no Region (terraform: region:)."
  export AWS_REGION AWS_DEFAULT_REGION=$AWS_REGION AWS_PAGER=''
  ACCOUNT=$(aws sts get-caller-identity --query Account --output text 2>"$STATE/log/account.log") ||
    surroundings "AWS does not know you: $(tail -n 1 "$STATE/log/account.log")"
  STATE_BUCKET=$PROJECT-tfstate-$ACCOUNT-$AWS_REGION
}

# agree QUESTION: asked on a terminal; without one only --yes (YES) agrees.
agree() {
  [[ -z ${YES:-} ]] || return 0
  [[ -t 0 && -t 2 ]] || usage_error 'nobody to ask: say --yes.'
  local answer
  read -r -p "$1 [y/N] " answer
  [[ $answer == [yY]* ]] || { say 'Nothing was changed.' && exit 1; }
}

bootstrapped() { aws s3api head-bucket --bucket "$STATE_BUCKET" >/dev/null 2>&1; }

# bootstrap_state: bootstrap's own state lies in the bucket that it made.
bootstrap_state() {
  tf_init bootstrap -reconfigure -backend-config="bucket=$STATE_BUCKET" -backend-config=key=bootstrap.tfstate \
    -backend-config=use_lockfile=true -backend-config="region=$AWS_REGION"
}

# addresses ENVIRONMENT: the public addresses that are kept for it, one a line.
addresses() {
  aws ec2 describe-addresses --output text --query 'Addresses[].[PublicIp]' \
    --filters "Name=tag:Project,Values=$PROJECT" "Name=tag:Environment,Values=$1" Name=tag:Purpose,Values=load-balancer
}

# cost_of COUNT: of so many addresses, in dollars a month.
cost_of() { awk -v n="$1" -v price="$ADDRESS_PRICE" -v hours="$MONTH" 'BEGIN { printf "%.2f", n * price * hours }'; }
