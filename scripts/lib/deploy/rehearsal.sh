# shellcheck shell=bash
# The account of a rehearsal, and what is done in it. Sourced by scripts/rehearse, which says what each case is.
# An account is moto's server with the sandbox before it; ends with end_account.

REHEARSAL='' SANDBOX='' BALANCER=''
# Whether the engine that judges policies is there, and what is in its way.
JUDGE='' JUDGE_OBSTACLE=''

# prepare_judge_of_calls: sets JUDGE where the engine can be installed.
prepare_judge_of_calls() {
  JUDGE_OBSTACLE=$(judge_obstacle)
  [[ -z $JUDGE_OBSTACLE ]] || return 0
  if step 'The IAM engine' iam-npm install_judge; then
    JUDGE=yes
  else
    JUDGE_OBSTACLE='npm cannot install the engine'
  fi
}

# new_account NAME: a folder, a copy of the repository, the two stand-ins, and the balancer where instances are real.
# Sets REHEARSAL, and AWS_ENDPOINT_URL to the one address.
new_account() {
  NAME=$1 REPOSITORY=()
  unset TF_VAR_check_protection
  # The folder of this run only: another run may be going on.
  REHEARSAL=$(mktemp -d "$STATE/rehearsals/$NAME-XXXXXX")
  use_terraform
  moto_credentials
  start_moto
  step "$NAME: a copy of the repository" rehearse-copy copy_for_moto "$REHEARSAL/copy" || return 1
  step "$NAME: a video, and a release of MediaMTX" rehearse-workload the_workload || return 1
  ZIPS=("$FUNCTION_ZIP" "$BASTION_ZIP")
  ! declare -F "before_$NAME" >/dev/null || "before_$NAME" || return 1
  start_sandbox
  [[ $INSTANCES != real ]] || start_balancer
}

end_account() {
  local process
  stop_ticker
  for process in "$BALANCER" "$SANDBOX" "$MOTO"; do
    [[ -z $process ]] || kill "$process" 2>/dev/null || true
  done
  for process in "$BALANCER" "$SANDBOX" "$MOTO"; do
    [[ -z $process ]] || wait "$process" 2>/dev/null || true
  done
  BALANCER='' SANDBOX='' MOTO=''
  if [[ -n $KEEP && -n $REHEARSAL ]]; then
    say "Kept: $REHEARSAL"
  elif [[ -n $REHEARSAL ]]; then
    rm -rf --one-file-system "$REHEARSAL"
  fi
  REHEARSAL=''
}

# the_workload: a video, and MediaMTX's archive: one that was built here, else the stand-in for it. Local instances have
# neither: the playbook of examples/local takes the place of the role's.
the_workload() {
  local archive environment
  archive=$MEDIAMTX_BUILT/$(archive_name)
  if [[ ! -s $archive ]]; then
    archive=$REHEARSAL/standin.tar.gz
    python3 -B "$ROOT/scripts/lib/media/standin.py" "$archive"
  fi
  released_mediamtx "$REHEARSAL/released" "$archive"
  for environment in dev prod; do
    mkdir -p "$REHEARSAL/copy/.gantry/workload/$environment/videos"
    if [[ $INSTANCES == local ]]; then
      echo film >"$REHEARSAL/copy/.gantry/workload/$environment/videos/sample.mp4"
    else
      # By the image's own ffmpeg: this machine needs none.
      test_video "$REHEARSAL/copy/.gantry/workload/$environment/videos/sample.mp4" \
        -f lavfi -i testsrc2=size=640x360:rate=25 -t 10
    fi
  done
  [[ $INSTANCES != local ]] || cp -R "$ROOT/examples/local/." "$REHEARSAL/copy/ansible/"
}

# start_sandbox: with moto behind it. Sets SANDBOX to its process, and AWS_ENDPOINT_URL to its address.
start_sandbox() {
  local zip environment options=(--behind "$AWS_ENDPOINT_URL" --instances "$INSTANCES")
  for zip in "${ZIPS[@]}"; do options+=(--zip "$zip"); done
  options+=(--session PUBLISHER)
  for environment in dev prod; do
    options+=(--session "gantry-$environment-apply" --session "gantry-$environment-plan")
  done
  if [[ $INSTANCES == real ]]; then options+=(--image "$IMAGE"); else options+=(--tools "${DEMO_PYTHON%/*}"); fi
  sandbox_java
  "${SANDBOX_JAVA[@]}" "${options[@]}" --journal "$REHEARSAL/journal" --json \
    >"$REHEARSAL/sandbox.json" 2>"$STATE/log/rehearse-sandbox.log" </dev/null &
  SANDBOX=$!
  for _ in {1..600}; do
    [[ ! -s $REHEARSAL/sandbox.json ]] || break
    kill -0 "$SANDBOX" 2>/dev/null || die "the sandbox ended: $(tail -n 5 "$STATE/log/rehearse-sandbox.log")"
    sleep 0.1
  done
  AWS_ENDPOINT_URL=$(json endpoint <"$REHEARSAL/sandbox.json")
}

# start_balancer: load balancers' names lead to instances, for whatever runs with_names. Its addresses are not those of
# another rehearsal that runs here.
start_balancer() {
  cp /etc/hosts "$REHEARSAL/hosts"
  "$VENV/bin/python" -B "$ROOT/scripts/lib/deploy/balancer.py" "$AWS_ENDPOINT_URL" "$REHEARSAL/hosts" \
    "127.0.$((1 + $$ % 250))" \
    >"$STATE/log/rehearse-balancer.log" 2>&1 </dev/null &
  BALANCER=$!
}

# with_names COMMAND…: in a name space of its own, in which the load balancers' names are known.
with_names() {
  # shellcheck disable=SC2016 # the inner shell expands it
  unshare -m sh -c 'mount --bind "$1" /etc/hosts && shift && exec "$@"' sh "$REHEARSAL/hosts" "$@"
}

in_copy() { "$REHEARSAL/copy/scripts/$1" "${@:2}"; }

# set_value ENVIRONMENT KEY VALUE: in the section terraform of its configuration.
set_value() {
  local file=$REHEARSAL/copy/config/$1.yml
  sed -i "/^  $2: /d" "$file"
  printf '  %s: %s\n' "$2" "$3" >>"$file"
}

image_of() { sed -n 's/^  image_id: //p' "$REHEARSAL/copy/config/$1.yml"; }

# as_pipeline ENVIRONMENT…: from now on Terraform applies it as the pipeline's role, which bootstrap makes for a
# repository. So the journal has its calls as that role's. The aws CLI keeps the operator's keys. GitHub is not asked.
REPOSITORY=()
as_pipeline() {
  local environment
  REPOSITORY=(--repository example/gantry)
  export TF_VAR_check_protection=false
  for environment; do
    printf 'provider "aws" {\n  access_key = "gantry-%s-apply"\n  secret_key = "sandbox"\n}\n' "$environment" \
      >"$REHEARSAL/copy/terraform/envs/$environment/b_override.tf"
  done
}

# up ENVIRONMENT: where instances are real, it waits until the stream plays from the load balancer.
up() {
  if [[ $INSTANCES == real ]]; then
    with_names "$REHEARSAL/copy/scripts/up" "$1" --yes "${REPOSITORY[@]}" --mediamtx "$REHEARSAL/released"
  else
    in_copy up "$1" --yes "${REPOSITORY[@]}" --no-probe --mediamtx "$REHEARSAL/released"
  fi
}

# nothing_is_planned ENVIRONMENT: once more, scripts/up finds nothing to do.
nothing_is_planned() {
  local said
  said=$(in_copy up "$1" --yes --no-probe --mediamtx "$REHEARSAL/released" 2>&1) || { echo "$said" && return 1; }
  echo "$said"
  [[ $said == *'bootstrap: no changes.'*"$1: no changes."* ]]
}

# planned_by_the_pipeline ENVIRONMENT: what the workflow of a pull request runs, as the plan role: it may read what it
# has to, and finds nothing to do.
planned_by_the_pipeline() {
  local said override=$REHEARSAL/copy/terraform/envs/$1/b_override.tf
  sed -i "s/gantry-$1-apply/gantry-$1-plan/" "$override"
  said=$(AWS_ACCESS_KEY_ID=gantry-$1-plan STATE_BUCKET=gantry-tfstate-$MOTO_ACCOUNT-$AWS_REGION \
    in_copy lib/deploy/ci-plan.sh "$1" 2>&1) || true
  sed -i "s/gantry-$1-plan/gantry-$1-apply/" "$override"
  echo "$said"
  [[ $said == *'No changes'* ]]
}

# address_of ENVIRONMENT: of its stream, as scripts/up prints it.
address_of() {
  local url
  url=$(terraform -chdir="$REHEARSAL/copy/terraform/envs/$1" output -json environment | json urls rtsp) || return 1
  echo "$url/sample"
}

# plays ENVIRONMENT: ffprobe reads the stream; it is the image's own.
plays() {
  local address found
  address=$(address_of "$1") || return 1
  # shellcheck disable=SC2016 # the inner shell expands it
  found=$(unshare -m sh -c 'mount --bind "$1" "$2/etc/hosts" && chroot "$2" ffprobe -v error -rtsp_transport tcp \
    -show_entries stream=codec_name -of csv=p=0 "$3"' sh "$REHEARSAL/hosts" "$IMAGE" "$address") || return 1
  echo "ffprobe: $address has $found"
  [[ $found == *h264* ]]
}

look() { "$VENV/bin/python" -B "$ROOT/scripts/lib/deploy/rehearse.py" "$@"; }

# both_agree: what took effect in the sandbox did so in moto, too. What else the sandbox says on standard error is no
# finding: while Terraform destroys, it can read a rule that is just being deleted.
both_agree() { ! grep 'and not upstream' "$STATE/log/rehearse-sandbox.log"; }

# is_up ENVIRONMENT…: what each rehearsal of an environment ends with.
is_up() {
  local environment
  step "$NAME: every instance is in service, and none was abandoned" rehearse-service \
    look in-service "$AWS_ENDPOINT_URL" || return 1
  for environment; do
    step "$NAME: instances call AWS with the role of their launch template's profile" rehearse-principal \
      look principal "$REHEARSAL/journal" "gantry-$environment-rtsp-instance" || return 1
    [[ $INSTANCES != real ]] ||
      step "$NAME: ffprobe reads the stream of $environment from the load balancer's address" rehearse-play \
        plays "$environment" || return 1
    step "$NAME: a second scripts/up $environment changes nothing" rehearse-again nothing_is_planned "$environment" ||
      return 1
    ((${#REPOSITORY[@]} == 0)) ||
      step "$NAME: a pull request's plan of $environment changes nothing" rehearse-pull-request \
        planned_by_the_pipeline "$environment" || return 1
  done
  step "$NAME: the policies that were applied" rehearse-policies remember_policies
}

# remember_policies: who may do what, while everything is there.
remember_policies() {
  "$VENV/bin/python" -B "$ROOT/scripts/lib/terraform/account_policies.py" "$AWS_ENDPOINT_URL" >"$REHEARSAL/account.json"
}

# every_call_is_allowed: judges what functions, instances, bastion and pipeline called, by those policies.
every_call_is_allowed() {
  "$VENV/bin/python" -B "$ROOT/scripts/lib/terraform/journal_calls.py" "$REHEARSAL/journal" "$REHEARSAL/account.json" \
    >"$REHEARSAL/calls.json" && judge_calls "$REHEARSAL/account.json" "$REHEARSAL/calls.json"
}

# is_as_it_must: what each rehearsal ends with, when all is down.
is_as_it_must() {
  step "$NAME: what took effect in the sandbox did so in moto, too" rehearse-agree both_agree || return 1
  if [[ -n $JUDGE ]]; then
    step "$NAME: the policies that were applied allow every call of a role" rehearse-judged every_call_is_allowed
  else
    warn "$NAME: whether the policies allow what was called was not judged ($JUDGE_OBSTACLE)."
  fi
}

# is_down ENVIRONMENT: what each rehearsal of an environment does at its end.
is_down() {
  step "$NAME: scripts/down $1 takes it away" rehearse-down in_copy down "$1" --yes && has_nothing "$1"
}

has_nothing() { step "$NAME: of $1 nothing is left" rehearse-left look left "$AWS_ENDPOINT_URL" "$1"; }

# one_environment: up, and down again.
one_environment() {
  as_pipeline dev
  step "$NAME: scripts/up dev, from nothing" rehearse-up up dev && is_up dev && is_down dev
}

# their_balancer: a network load balancer in the account's default network. The configuration names both.
their_balancer() {
  local vpc subnets balancer group
  vpc=$(aws ec2 describe-vpcs --filters Name=is-default,Values=true --query 'Vpcs[0].VpcId' --output text)
  subnets=$(aws ec2 describe-subnets --filters "Name=vpc-id,Values=$vpc" --query 'Subnets[].SubnetId' --output text)
  # shellcheck disable=SC2086 # one word for each subnet
  balancer=$(aws elbv2 create-load-balancer --name live --type network --subnets $subnets --output text \
    --query 'LoadBalancers[0].LoadBalancerArn') || return 1
  group=$(aws elbv2 create-target-group --name live --protocol TCP --port 8554 --vpc-id "$vpc" --output text \
    --health-check-interval-seconds 10 --healthy-threshold-count 2 --query 'TargetGroups[0].TargetGroupArn') || return 1
  aws elbv2 create-listener --load-balancer-arn "$balancer" --protocol TCP --port 8554 \
    --default-actions "Type=forward,TargetGroupArn=$group" || return 1
  set_value dev network "{vpc_id: $vpc, private_subnet_ids: [${subnets//$'\t'/, }]}"
  set_value dev target_groups "{arns: [\"$group\"], url: \"rtsp://$(balancer_name live):8554\"}"
}

balancer_name() { aws elbv2 describe-load-balancers --names "$1" --query 'LoadBalancers[0].DNSName' --output text; }

# one_balancer: theirs, and no other; and dev has no Elastic IP.
one_balancer() {
  local names addresses
  names=$(aws elbv2 describe-load-balancers --query 'LoadBalancers[].LoadBalancerName' --output text)
  addresses=$(aws ec2 describe-addresses --filters Name=tag:Environment,Values=dev --query 'length(Addresses)')
  echo "load balancers: $names; Elastic IPs of dev: $addresses"
  [[ $names == live && $addresses == 0 ]]
}

behind_theirs() {
  as_pipeline dev
  step "$NAME: a network and a load balancer, without Gantry" rehearse-theirs their_balancer &&
    step "$NAME: scripts/up dev, from nothing" rehearse-up up dev &&
    step "$NAME: no other load balancer was made, and no Elastic IP" rehearse-one one_balancer && is_up dev &&
    is_down dev && step "$NAME: theirs is still there" rehearse-one one_balancer
}

# by_hand HEADING [COUNT]: the commands of docs/operations/terraform.md below it, as they stand there; the first COUNT
# blocks, or all.
by_hand() {
  local commands
  commands=$(look commands "$ROOT/docs/operations/terraform.md" "$1" "${2:-}") || return 1
  commands=${commands//ACCOUNT/$MOTO_ACCOUNT}
  # What a person is asked, and what this machine cannot fetch.
  commands=${commands//scripts\/ops\/prepare dev/scripts\/ops\/prepare dev --mediamtx "$REHEARSAL/released"}
  echo "$commands"
  export TF_INPUT=0 TF_CLI_ARGS_apply='-auto-approve -no-color' TF_CLI_ARGS_init='-force-copy -no-color'
  export TF_CLI_ARGS_destroy=$TF_CLI_ARGS_apply
  (cd "$REHEARSAL/copy" && bash -euo pipefail -c "$commands")
  commands=$?
  unset TF_INPUT TF_CLI_ARGS_apply TF_CLI_ARGS_init TF_CLI_ARGS_destroy
  return "$commands"
}

the_plain_way() {
  step "$NAME: terraform init and apply, as the document has them" rehearse-up by_hand 'The same by hand' &&
    is_up dev &&
    step "$NAME: publishing, and the right to it, as the document has them" rehearse-publish publish_by_hand &&
    step "$NAME: the policies, the publisher's too" rehearse-policies remember_policies &&
    step "$NAME: terraform destroy, as the document has it" rehearse-down by_hand Destroying &&
    step "$NAME: Terraform knows of nothing any more" rehearse-state nothing_is_known && has_nothing dev
}

# publish_by_hand: for a role that the operator has, which the document calls PUBLISHER. Then the role publishes, too.
publish_by_hand() {
  local trust='{"Version": "2012-10-17", "Statement": []}'
  aws iam create-role --role-name PUBLISHER --assume-role-policy-document "$trust" &&
    by_hand 'Who publishes' &&
    (export AWS_ACCESS_KEY_ID=PUBLISHER && by_hand 'Who publishes' 1)
}

nothing_is_known() {
  local left
  left=$(terraform -chdir="$REHEARSAL/copy/terraform/envs/dev" state list) || return 1
  echo "left: ${left:-nothing}"
  [[ -z $left ]]
}

# beside: prod in the account of dev. Its protection is taken away as the document says, before it is destroyed.
beside() {
  as_pipeline dev prod
  step "$NAME: scripts/up dev, from nothing" rehearse-up up dev &&
    step "$NAME: scripts/up prod, beside it" rehearse-up-prod up prod && is_up dev prod &&
    set_value prod deletion_protection false && set_value prod keep_data false &&
    step "$NAME: prod without its protection" rehearse-unprotect up prod &&
    is_down prod && step "$NAME: ffprobe still reads the stream of dev" rehearse-play-dev still_plays dev && is_down dev
}

still_plays() { [[ $INSTANCES != real ]] || plays "$1"; }

# an_existing_group: a group that Gantry did not make, with one instance. Its launch template has no user data.
an_existing_group() {
  local trust image
  trust='{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
    "Principal": {"Service": "ec2.amazonaws.com"}}]}'
  image=$(image_of dev)
  aws iam create-role --role-name web-instances --assume-role-policy-document "$trust"
  aws iam create-instance-profile --instance-profile-name web-instances
  aws iam add-role-to-instance-profile --instance-profile-name web-instances --role-name web-instances
  aws ec2 create-launch-template --launch-template-name web --launch-template-data \
    '{"ImageId": "'"$image"'", "InstanceType": "t3.small", "IamInstanceProfile": {"Name": "web-instances"}}'
  # shellcheck disable=SC2016 # $Latest is Auto Scaling's
  aws autoscaling create-auto-scaling-group --auto-scaling-group-name web --min-size 0 --max-size 3 \
    --desired-capacity 1 --availability-zones eu-central-1a --launch-template 'LaunchTemplateName=web,Version=$Latest'
  look wait "$AWS_ENDPOINT_URL" web 1
}

example() { terraform -chdir="$REHEARSAL/copy/terraform/examples/existing-group" "$@"; }

adopt() {
  printf 'provider "aws" {\n  s3_use_path_style = true\n}\n' \
    >"$REHEARSAL/copy/terraform/examples/existing-group/a_override.tf"
  example init -no-color -input=false && example apply -no-color -input=false -auto-approve
}

publish_to_web() {
  local tree=$ROOT/examples/health
  [[ $INSTANCES != local ]] || tree=$ROOT/examples/local
  "$ROOT/scripts/gantry" publish web --tree "$tree" --bucket "gantry-web-$MOTO_ACCOUNT-$AWS_REGION" \
    --function gantry-web-operator
}

# launch_one COUNT COMMANDS: the group's next instance gets into service, and so many commands were sent then.
launch_one() {
  aws autoscaling set-desired-capacity --auto-scaling-group-name web --desired-capacity "$1"
  look wait "$AWS_ENDPOINT_URL" web "$1" && look commands-sent "$AWS_ENDPOINT_URL" "$2"
}

# enforce: functions keep settings for 60 s at most (S3Fleets); until then they may let an instance in.
enforce() {
  sed -i 's/"observe"/"enforce"/' "$REHEARSAL/copy/terraform/examples/existing-group/main.tf"
  example apply -no-color -input=false -auto-approve && sleep 60
}

nothing_more() { example plan -no-color -input=false -detailed-exitcode; }

# let_go: the group stays, without a hook. The bucket keeps its data until a person empties it, as the document says.
let_go() {
  local hooks said bucket=gantry-web-$MOTO_ACCOUNT-$AWS_REGION
  said=$(example destroy -no-color -input=false -auto-approve 2>&1) && echo "$said" && return 1
  echo "$said"
  [[ $said == *BucketNotEmpty* ]] || return 1
  aws s3 rm --recursive --quiet "s3://$bucket" && example destroy -no-color -input=false -auto-approve || return 1
  look wait "$AWS_ENDPOINT_URL" web 3 || return 1
  hooks=$(aws autoscaling describe-lifecycle-hooks --auto-scaling-group-name web --query 'length(LifecycleHooks)')
  [[ $hooks == 0 ]]
}

adopted() {
  step "$NAME: a group with an instance, without Gantry" rehearse-group an_existing_group &&
    step "$NAME: terraform apply of examples/existing-group, in observe" rehearse-adopt adopt &&
    step "$NAME: a bundle is published" rehearse-publish publish_to_web &&
    step "$NAME: the next instance is only watched" rehearse-observe launch_one 2 0 &&
    step "$NAME: terraform apply of mode = enforce" rehearse-enforce enforce &&
    step "$NAME: the next instance gets into service by a run" rehearse-enforced launch_one 3 1 &&
    step "$NAME: a second plan is empty" rehearse-plan nothing_more &&
    step "$NAME: the policies that were applied" rehearse-policies remember_policies &&
    step "$NAME: terraform destroy leaves the group and its instances" rehearse-let-go let_go
}

# before_upgrade: the commit that the upgrade begins from, built by its own scripts, with its own values. Sets OLDER to
# it; its packages are among those that functions may have.
before_upgrade() {
  OLDER=$REHEARSAL/older
  step "$NAME: the commit $FROM is built" rehearse-older older_copy || return 1
  ZIPS+=("$OLDER${FUNCTION_ZIP#"$ROOT"}" "$OLDER${BASTION_ZIP#"$ROOT"}")
}

older_copy() {
  local folder
  mkdir -p "$OLDER/.gantry"
  git -C "$ROOT" archive "$FROM" | tar -C "$OLDER" -x
  # Its own: an override of a resource that it does not have would be refused.
  cp -R "$OLDER/terraform/tests/moto/." "$OLDER/terraform/"
  for folder in bootstrap envs/dev; do
    rm -f "$OLDER/terraform/$folder/override.tf"
    cp "$REHEARSAL/copy/terraform/$folder/a_override.tf" "$OLDER/terraform/$folder/"
  done
  printf '  image_id: %s\n' "$(image_of dev)" >>"$OLDER/config/dev.yml"
  cp -R "$REHEARSAL/copy/.gantry/workload" "$OLDER/.gantry/"
  [[ $INSTANCES != local ]] || cp -R "$ROOT/examples/local/." "$OLDER/ansible/"
  # Scripts were moved into folders.
  "$(find "$OLDER/scripts" -type f -name prepare)" dev --mediamtx "$REHEARSAL/released"
}

up_older() { "$OLDER/scripts/up" dev --yes "${REPOSITORY[@]}" --no-probe --mediamtx "$REHEARSAL/released"; }

# publish_waiting: a bundle like the older commit's, whose play waits for a file first.
publish_waiting() {
  local tree=$REHEARSAL/waiting plays
  GOES_ON=/tmp/${REHEARSAL##*/}
  cp -R "$OLDER/ansible" "$tree"
  plays=$(sed '1{/^---$/d}' "$tree/playbook.yml") || return 1
  cat >"$tree/playbook.yml" <<END
---
- name: Wait until the rehearsal goes on
  hosts: all
  gather_facts: false
  tasks:
    - name: Wait for a file
      ansible.builtin.wait_for: {path: $GOES_ON, timeout: 800}

$plays
END
  in_copy gantry publish gantry-dev-rtsp --tree "$tree" --env dev --function gantry-dev-operator \
    --bucket "gantry-dev-$MOTO_ACCOUNT-$AWS_REGION"
}

# in_flight: the group's second instance; its run has begun, and waits. Sets nothing: the instance's id is in a file.
in_flight() {
  aws autoscaling set-desired-capacity --auto-scaling-group-name gantry-dev-rtsp --desired-capacity 2
  look running "$AWS_ENDPOINT_URL" | tee "$REHEARSAL/flying"
}

# landed: no run was begun anew: the first instance's, the waiting one, and the command that ends the wait.
landed() {
  aws ssm send-command --document-name AWS-RunShellScript --instance-ids "$(<"$REHEARSAL/flying")" \
    --parameters "commands=touch $GOES_ON"
  look wait "$AWS_ENDPOINT_URL" gantry-dev-rtsp 2 && look commands-sent "$AWS_ENDPOINT_URL" 3
  local code=$?
  [[ $INSTANCES != local ]] || rm -f "$GOES_ON"
  return "$code"
}

upgrade() {
  as_pipeline dev
  cp "$REHEARSAL/copy/terraform/envs/dev/b_override.tf" "$OLDER/terraform/envs/dev/"
  step "$NAME: scripts/up dev of $FROM" rehearse-up-older up_older &&
    step "$NAME: a bundle whose play waits" rehearse-waiting publish_waiting &&
    step "$NAME: a launch whose run has begun" rehearse-flight in_flight &&
    step "$NAME: scripts/up dev of this commit" rehearse-up up dev &&
    step "$NAME: the launch that $FROM began gets into service" rehearse-landed landed && is_up dev && is_down dev
}
