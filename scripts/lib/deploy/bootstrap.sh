# shellcheck shell=bash
# What is made once for each account (terraform/bootstrap). Sourced after deploy.sh; scripts/up has plan_and_apply.

BOOTSTRAP_OVERRIDE=$TERRAFORM/bootstrap/local_override.tf
GITHUB_ISSUER=token.actions.githubusercontent.com

bootstrapped() { aws s3api head-bucket --bucket "$STATE_BUCKET" >/dev/null 2>&1; }

# bootstrap_state: bootstrap's own state is in the bucket that it made.
bootstrap_state() {
  tf_init bootstrap -reconfigure -backend-config="bucket=$STATE_BUCKET" -backend-config=key=bootstrap.tfstate \
    -backend-config=use_lockfile=true -backend-config="region=$AWS_REGION"
}

# unmoved: whether an interrupted bootstrap's state is still here.
unmoved() { [[ -s $TERRAFORM/bootstrap/terraform.tfstate ]]; }

# has_state: a bucket of that name may be there without a bootstrap's state in it.
has_state() { aws s3api head-object --bucket "$STATE_BUCKET" --key bootstrap.tfstate >/dev/null 2>&1; }

# bootstrap: at first its state is here, because its bucket does not exist yet; then it moves there. An existing bucket
# without a state is taken over.
bootstrap() {
  local options=(-var "region=$AWS_REGION")
  if unmoved || ! bootstrapped || ! has_state; then
    trap 'stop_ticker; rm -f "$BOOTSTRAP_OVERRIDE"' EXIT
    printf 'terraform {\n  backend "local" {}\n}\n' >"$BOOTSTRAP_OVERRIDE"
    step 'terraform init of bootstrap' init-bootstrap tf_init bootstrap -reconfigure || return 1
    ! bootstrapped || take_bucket_over || return 1
    add_repository
    plan_and_apply bootstrap bootstrap "${options[@]}" || return 1
    rm -f "$BOOTSTRAP_OVERRIDE"
    step "Bootstrap's state moves into its bucket" move-bootstrap move_state || return 1
    rm -f "$TERRAFORM"/bootstrap/terraform.tfstate*
  else
    step 'terraform init of bootstrap' init-bootstrap bootstrap_state || return 1
    add_repository
    plan_and_apply bootstrap bootstrap "${options[@]}"
  fi
}

move_state() {
  tf_init bootstrap -migrate-state -force-copy -backend-config="bucket=$STATE_BUCKET" \
    -backend-config=key=bootstrap.tfstate -backend-config=use_lockfile=true -backend-config="region=$AWS_REGION"
}

# bootstrap_has PATTERN: whether a resource of this name is in bootstrap's state. The list is read to its end: grep -q
# ends at the first match, and a Terraform that still writes would then fail the pipeline, as if there were none.
bootstrap_has() {
  local resources
  resources=$(tf bootstrap state list 2>/dev/null) && grep -q -- "$1" <<<"$resources"
}

# take_bucket_over: the account has the bucket of states already; bootstrap's settings are applied to it.
take_bucket_over() {
  ! bootstrap_has '^aws_s3_bucket\.state$' || return 0
  step "The bucket $STATE_BUCKET is there already: bootstrap takes it over" import-bootstrap \
    tf bootstrap import -no-color -var "region=$AWS_REGION" aws_s3_bucket.state "$STATE_BUCKET"
}

# add_repository: adds to bootstrap's options the repository of --repository, otherwise that of the last apply; and the
# provider of GitHub's tokens, if the account has one that is not bootstrap's.
add_repository() {
  # shellcheck disable=SC2153 # scripts/up sets it
  local repository=$REPOSITORY provider
  # As JSON: without outputs -raw prints a warning instead of a value, and succeeds.
  [[ -n $repository ]] || repository=$(tf bootstrap output -json 2>/dev/null | json repository value) || repository=''
  [[ -n $repository && $repository != null ]] || return 0
  options+=(-var "repository=$repository")
  ! bootstrap_has '^aws_iam_openid_connect_provider' || return 0
  provider=$(aws iam list-open-id-connect-providers --output text --query 'OpenIDConnectProviderList[].[Arn]' |
    grep -- "/$GITHUB_ISSUER\$" || true)
  [[ -z $provider ]] || options+=(-var "github_provider_arn=$provider")
}
