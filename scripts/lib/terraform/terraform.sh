# shellcheck shell=bash
# Terraform with the AWS provider, from a mirror where there is one. Sourced after common.sh.

TERRAFORM=$ROOT/terraform

# terraform_obstacle: prints why Terraform cannot be used here; nothing where it can.
terraform_obstacle() {
  has terraform || {
    echo 'terraform is not installed'
    return 0
  }
  local version
  version=$(terraform version -json 2>/dev/null | json terraform_version)
  printf '1.11\n%s\n' "$version" | sort -VC || echo "terraform is $version; the modules need 1.11"
}

# provider_mirror: prints a folder laid out as a filesystem mirror that has the AWS provider, if there is one: of the
# usual roots, the one with the fewest surprises first.
provider_mirror() {
  local place found
  for place in "$HOME/.terraform.d" "${XDG_DATA_HOME:-$HOME/.local/share}/terraform" /usr/local/share/terraform \
    /usr/share/terraform /opt /srv; do
    [[ -d $place ]] || continue
    found=$(find "$place" -maxdepth 5 -type d -path '*/registry.terraform.io/hashicorp/aws' -print -quit \
      2>/dev/null) || true
    [[ -z $found ]] || {
      dirname "$(dirname "$(dirname "$found")")"
      return 0
    }
  done
}

# use_terraform: sets TF_CLI_CONFIG_FILE: the user's own where it is there, otherwise one that names the mirror, and
# where there is none nothing, so that Terraform downloads.
use_terraform() {
  local mirror
  export TF_IN_AUTOMATION=1 CHECKPOINT_DISABLE=1
  [[ ! -f ${TF_CLI_CONFIG_FILE:-} ]] || return 0
  unset TF_CLI_CONFIG_FILE
  mirror=$(provider_mirror)
  [[ -n $mirror ]] || return 0
  make_state terraform
  TF_CLI_CONFIG_FILE=$STATE/terraform/cli.tfrc
  export TF_CLI_CONFIG_FILE
  printf 'provider_installation {\n  filesystem_mirror {\n    path = "%s"\n  }\n}\n' "$mirror" >"$TF_CLI_CONFIG_FILE"
}

# spare_the_processors: for tests, where Terraform and its provider live for seconds. Collecting their garbage was two
# fifths of what they used.
spare_the_processors() { export GOGC=${GOGC:-off} GOMEMLIMIT=${GOMEMLIMIT:-1GiB}; }

PLATFORMS=(linux_amd64 linux_arm64 darwin_amd64 darwin_arm64)

# lock_providers FOLDER: a lock file written from a mirror knows the mirror's one platform (h1). From the registry it
# gets the checksums of all of them (zh), so that it can be used on other systems.
lock_providers() {
  [[ -z ${TF_CLI_CONFIG_FILE:-} ]] || return 0
  ! grep -q '"zh:' "$1/.terraform.lock.hcl" 2>/dev/null || return 0
  terraform -chdir="$1" providers lock "${PLATFORMS[@]/#/-platform=}"
}

# terraform_folders: every folder that is planned or tested by itself.
terraform_folders() {
  find "$TERRAFORM" -name versions.tf -o -path '*/envs/*/main.tf' | grep -v '/\.terraform/' | xargs -n 1 dirname | sort
}

# init_terraform FOLDER: without its backend, which only an apply needs.
init_terraform() { terraform -chdir="$1" init -backend=false -input=false -no-color; }
