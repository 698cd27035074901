# shellcheck shell=bash
# Terraform as the scripts call it. Sourced after common.sh.

TERRAFORM_FOLDER=$ROOT/terraform
# The environments that can be deployed: those that Terraform composes.
environments() { find "$TERRAFORM_FOLDER/envs" -mindepth 1 -maxdepth 1 -type d -printf '%f\n' 2>/dev/null | sort; }

# is_environment NAME
is_environment() { [[ $1 =~ ^[a-z][a-z0-9-]*$ ]] && grep -qx -- "$1" < <(environments); }

# A mirror of providers, laid out as a file system mirror, saves the download where there is one.
plugin_mirror() {
  local folder
  for folder in "${GANTRY_TF_PLUGINS:-}" /opt/tf-plugins /usr/share/terraform/plugins \
    /usr/local/share/terraform/plugins; do
    [[ -z $folder || ! -d $folder/registry.terraform.io/hashicorp/aws ]] || { echo "$folder" && return 0; }
  done
}

# tf FOLDER ARGUMENT…: terraform in that folder below terraform/, never asking anybody.
tf() {
  local folder=$1
  shift
  TF_IN_AUTOMATION=1 TF_INPUT=0 terraform -chdir="$TERRAFORM_FOLDER/$folder" "$@"
}

# tf_init FOLDER ARGUMENT…
tf_init() {
  local folder=$1 mirror options=()
  shift
  mirror=$(plugin_mirror)
  [[ -z $mirror ]] || options+=("-plugin-dir=$mirror")
  tf "$folder" init -input=false -no-color "${options[@]}" "$@"
}

# tf_init_environment NAME BUCKET: with the environment's state in the bootstrap's bucket, locked by S3 itself.
tf_init_environment() {
  tf_init "envs/$1" -reconfigure -backend-config="bucket=$2" -backend-config="key=envs/$1/terraform.tfstate" \
    -backend-config=use_lockfile=true -backend-config="region=${AWS_REGION:-eu-central-1}"
}
