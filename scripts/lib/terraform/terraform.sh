# shellcheck shell=bash
# Terraform with the AWS provider, from a mirror if there is one. Sourced after common.sh.

TERRAFORM=$ROOT/terraform

# terraform_obstacle: prints why Terraform cannot be used here, or nothing.
terraform_obstacle() {
  has terraform || {
    echo 'terraform is not installed'
    return 0
  }
  local version
  version=$(terraform version -json 2>/dev/null | json terraform_version)
  printf '1.11\n%s\n' "$version" | sort -VC || echo "terraform is $version; the modules need 1.11"
}

# provider_mirror: prints a folder laid out as a filesystem mirror that has the AWS provider, if there is one in the
# usual places.
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

# use_terraform: sets TF_CLI_CONFIG_FILE to the user's own if there is one, otherwise to one that names the mirror.
# Without a mirror it sets nothing, and Terraform downloads.
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

# spare_the_processors: turns garbage collection down for tests, whose Terraform and provider live for seconds. It took
# two fifths of their processor time.
spare_the_processors() { export GOGC=${GOGC:-off} GOMEMLIMIT=${GOMEMLIMIT:-1GiB}; }

# provider_of FOLDER: prints the AWS provider's program that init_terraform has chosen for it, if it has.
provider_of() {
  local place=$1/.terraform/providers/registry.terraform.io/hashicorp/aws
  [[ ! -d $place ]] || find -L "$place" -name 'terraform-provider-aws_*' -print -quit
}

# share_provider FOLDER: starts the provider of an initialized folder, which mocked_terraform then uses. Otherwise
# Terraform starts it anew for each step of each run, although it asks a mocked provider for its schemas only. It ends
# with this shell, however that ends.
share_provider() {
  local program said
  program=$(provider_of "$1")
  # As Terraform names it: aws/VERSION/PLATFORM/PROGRAM.
  SHARED_VERSION=$(basename "$(dirname "$(dirname "$program")")")
  SHARED_FOLDER=$(mktemp -d)
  said=$SHARED_FOLDER/said
  TMPDIR=$SHARED_FOLDER TF_LOG_SDK=off TF_LOG_SDK_PROTO=off setpriv --pdeathsig KILL "$program" -debug \
    >"$said" 2>&1 </dev/null &
  SHARED_PROVIDER=$!
  until SHARED_REATTACH=$(sed -n "s/^[[:space:]]*TF_REATTACH_PROVIDERS='\(.*\)'$/\1/p" "$said") &&
    [[ -n $SHARED_REATTACH ]]; do
    kill -0 "$SHARED_PROVIDER" 2>/dev/null || { cat "$said" >&2 && return 1; }
    sleep 0.1
  done
  export SHARED_VERSION SHARED_REATTACH
}

end_shared_provider() {
  [[ -n ${SHARED_PROVIDER:-} ]] || return 0
  kill -KILL "$SHARED_PROVIDER" 2>/dev/null || true
  wait "$SHARED_PROVIDER" 2>/dev/null || true
  rm -rf "$SHARED_FOLDER"
}

# init_mocked FOLDER: a folder that locks no version uses the shared provider, so Terraform need not read all of its
# 700 MB for their checksum.
init_mocked() {
  if [[ -e $1/.terraform.lock.hcl ]]; then
    init_terraform "$1"
  else
    TF_REATTACH_PROVIDERS=$SHARED_REATTACH init_terraform "$1"
  fi
}

# mocked_terraform FOLDER ARGUMENT…: by the shared provider, unless the folder has chosen another version.
mocked_terraform() {
  local own
  own=$(provider_of "$1")
  if [[ -z $own || $own == */"$SHARED_VERSION"/* ]]; then
    TF_REATTACH_PROVIDERS=$SHARED_REATTACH terraform -chdir="$1" "${@:2}"
  else
    terraform -chdir="$1" "${@:2}"
  fi
}

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
