#!/usr/bin/env bats
# The aws CLI of the tests' virtual environment drives scripts/sandbox as an operator would. Only the endpoint's address
# differs from AWS. Instances are simulated; the last test boots a real one if the machine can.

# shellcheck disable=SC2016 # JMESPath has backticks of its own, Systems Manager a $LATEST

setup_file() {
  load helpers/common
  load helpers/sandbox
  [ -x "$ROOT/.gantry/venv/bin/aws" ] || skip 'no aws CLI in .gantry/venv'
  use_own_aws
  start_sandbox "$BATS_FILE_TMPDIR/sandbox" --instances simulated
  export SANDBOX
  use_sandbox "$BATS_FILE_TMPDIR/sandbox"
  aws autoscaling set-desired-capacity --auto-scaling-group-name web --desired-capacity 1
  INSTANCE=$(wait_for group web InService)
  export INSTANCE
}

setup() {
  load helpers/common
  load helpers/sandbox
}

teardown_file() {
  load helpers/common
  load helpers/sandbox
  [ -z "${SANDBOX:-}" ] || stop_sandbox "$SANDBOX" TERM
}

# SQS needs its endpoint as an option: version 1 of the CLI ignores AWS_ENDPOINT_URL there (docs/decisions/0003).
sqs() { aws sqs --endpoint-url "$AWS_ENDPOINT_URL" --output text "$@"; }

# state_is INSTANCE STATE
state_is() { [ "$(lifecycle_state "$1")" = "$2" ]; }

# send DOCUMENT PARAMETERS OPTION…: prints the command's id.
send() {
  aws ssm send-command --document-name "$1" --instance-ids "$INSTANCE" --parameters "$2" "${@:3}" \
    --output text --query Command.CommandId
}

# ansible_parameters NAME: for AWS-ApplyAnsiblePlaybooks and the bundle NAME.zip, as in the README.
ansible_parameters() {
  local url=https://s3.eu-central-1.amazonaws.com/gantry-sandbox/bundles/web/$1.zip
  printf '{"SourceType":["S3"],"SourceInfo":["{\\"path\\":\\"%s\\"}"],%s}' "$url" \
    '"InstallDependencies":["False"],"PlaybookFile":["playbook.yml"]'
}

# fails_with CODE OPERATION COMMAND…: the CLI ends with 254 or 255, with the error in AWS's words.
# shellcheck disable=SC2154 # run sets status and output
fails_with() {
  run "${@:3}"
  [ "$status" -ge 254 ]
  [[ $output == *"An error occurred ($1) when calling the $2 operation"* ]]
}

@test "the caller has the sandbox's account" {
  run aws sts get-caller-identity --output text --query Account
  [ "$output" = 111122223333 ]
}

@test "an instance came into service because a command succeeded on it" {
  run aws ssm list-command-invocations --details --instance-id "$INSTANCE" --output text \
    --query 'CommandInvocations[?starts_with(Comment, `gantry run-`)].[Status, CommandPlugins[-1].Status]'
  [ "$output" = $'Success\tSuccess' ]
  run aws autoscaling describe-scaling-activities --auto-scaling-group-name web --output text \
    --query 'Activities[].[StatusCode, Description]'
  [[ $output == *"Successful"*"Launching a new EC2 instance: $INSTANCE"* ]]
}

@test "a shell command sent by hand succeeds, and is listed with its details" {
  local id elapsed
  id=$(send AWS-RunShellScript 'commands=["echo hello"]' --comment 'by hand')
  wait_for command "$id" "$INSTANCE" Success
  run aws ssm list-command-invocations --command-id "$id" --details --output text \
    --query 'CommandInvocations[].[InstanceId, DocumentName, Comment, CommandPlugins[0].Name]'
  [ "$output" = "$INSTANCE"$'\tAWS-RunShellScript\tby hand\taws:runShellScript' ]
  run aws ssm get-command-invocation --command-id "$id" --instance-id "$INSTANCE" --output text \
    --query '[ResponseCode, ExecutionElapsedTime, StandardOutputContent]'
  # In milliseconds, as on AWS.
  elapsed=$'^0\tPT[0-9]+(\\.[0-9]{1,3})?S\t'
  [[ $output =~ $elapsed ]]
  [[ $output != *PLAY* ]]
}

@test "the playbook bundle applied by hand, as in the README, succeeds and does not change the fleet" {
  local sha id
  sha=$("$ROOT/scripts/gantry" bundle --out "$BATS_TEST_TMPDIR" | head -n 1)
  id=$(send AWS-ApplyAnsiblePlaybooks "$(ansible_parameters "$sha")" --document-version 1)
  wait_for command "$id" "$INSTANCE" Success runShellScript
  state_is "$INSTANCE" InService
}

@test "a bundle that is not there fails the command, and the invocation says so" {
  local id
  id=$(send AWS-ApplyAnsiblePlaybooks "$(ansible_parameters none)")
  wait_for command "$id" "$INSTANCE" Failed downloadContent
}

@test "a command that is cancelled while it runs ends as Cancelled" {
  local id
  id=$(send AWS-RunShellScript 'commands=["sleep 3600"]')
  aws ssm cancel-command --command-id "$id"
  wait_for command "$id" "$INSTANCE" Cancelled
}

@test "objects are copied, listed and removed, in your own bucket" {
  local bucket=cli-$BATS_TEST_NUMBER-$$
  aws s3 mb "s3://$bucket"
  echo hello >"$BATS_TEST_TMPDIR/a file"
  aws s3 cp --quiet "$BATS_TEST_TMPDIR/a file" "s3://$bucket/folder/a file"
  run aws s3 ls "s3://$bucket/folder/"
  [[ $output == *' 6 a file' ]]
  run aws s3 cp "s3://$bucket/folder/a file" -
  [ "$output" = hello ]
  fails_with BucketNotEmpty DeleteBucket aws s3api delete-bucket --bucket "$bucket"
  aws s3 rb --force "s3://$bucket"
  fails_with NoSuchBucket ListObjectsV2 aws s3api list-objects-v2 --bucket "$bucket"
}

@test "a document of your own runs in the version that was asked for" {
  local id
  cat >"$BATS_TEST_TMPDIR/document.json" <<'DOCUMENT'
{"schemaVersion": "2.2", "parameters": {"Who": {"type": "String", "allowedPattern": "^[a-z]+$"}},
 "mainSteps": [{"action": "aws:runShellScript", "name": "greet", "inputs": {"runCommand": ["echo {{ Who }}"]}}]}
DOCUMENT
  aws ssm create-document --name Greet --document-type Command --content "file://$BATS_TEST_TMPDIR/document.json"
  sed -i 's/echo/echo hello/' "$BATS_TEST_TMPDIR/document.json"
  aws ssm update-document --name Greet --document-version '$LATEST' --content "file://$BATS_TEST_TMPDIR/document.json"
  id=$(send Greet Who=me --document-version 2)
  wait_for command "$id" "$INSTANCE" Success
  fails_with InvalidParameters SendCommand send Greet Who=ME
  fails_with InvalidDocumentVersion SendCommand send Greet Who=me --document-version 3
  aws ssm delete-document --name Greet
  fails_with InvalidDocument SendCommand send Greet Who=me
}

@test "a hook that is not Gantry's notifies its queue, holds, accepts heartbeats, and lets go when it is completed" {
  local queue arn id body
  # What was received stays away, and the hook holds, however slow this machine is.
  queue=$(sqs create-queue --queue-name hooks --attributes VisibilityTimeout=43200)
  arn=$(sqs get-queue-attributes --queue-url "$queue" --attribute-names QueueArn --query Attributes.QueueArn)
  aws autoscaling create-launch-configuration --launch-configuration-name own --image-id ami-0123456789abcdef0 \
    --instance-type t3.micro
  aws autoscaling create-auto-scaling-group --auto-scaling-group-name own --launch-configuration-name own \
    --min-size 0 --max-size 2 --desired-capacity 0 --availability-zones eu-central-1a
  aws autoscaling put-lifecycle-hook --auto-scaling-group-name own --lifecycle-hook-name foreign \
    --lifecycle-transition autoscaling:EC2_INSTANCE_LAUNCHING --heartbeat-timeout 7200 \
    --notification-target-arn "$arn" --role-arn arn:aws:iam::111122223333:role/hooks
  run sqs receive-message --queue-url "$queue" --wait-time-seconds 10 --query 'Messages[0].Body'
  [[ $output == *autoscaling:TEST_NOTIFICATION* ]]
  aws autoscaling set-desired-capacity --auto-scaling-group-name own --desired-capacity 1
  id=$(wait_for group own Pending:Wait)
  body=$(sqs receive-message --queue-url "$queue" --wait-time-seconds 10 --query 'Messages[0].Body')
  [[ $body == *"$id"*autoscaling:EC2_INSTANCE_LAUNCHING* || $body == *autoscaling:EC2_INSTANCE_LAUNCHING*"$id"* ]]
  aws autoscaling record-lifecycle-action-heartbeat --auto-scaling-group-name own --lifecycle-hook-name foreign \
    --instance-id "$id"
  state_is "$id" Pending:Wait
  aws autoscaling complete-lifecycle-action --auto-scaling-group-name own --lifecycle-hook-name foreign \
    --instance-id "$id" --lifecycle-action-result CONTINUE
  wait_for group own InService
  fails_with ValidationError CompleteLifecycleAction aws autoscaling complete-lifecycle-action \
    --auto-scaling-group-name own --lifecycle-hook-name foreign --instance-id "$id" --lifecycle-action-result CONTINUE
  [[ $output == *"No active Lifecycle Action found with instance ID $id"* ]]
  aws autoscaling delete-auto-scaling-group --auto-scaling-group-name own --force-delete
}

@test "messages wait in your own queue, and go to its dead-letter queue" {
  local queue dead arn policy handle
  dead=$(sqs create-queue --queue-name cli-dead)
  arn=$(sqs get-queue-attributes --queue-url "$dead" --attribute-names QueueArn --query Attributes.QueueArn)
  policy='{\"deadLetterTargetArn\":\"'$arn'\",\"maxReceiveCount\":1}'
  queue=$(sqs create-queue --queue-name cli-work \
    --attributes '{"VisibilityTimeout":"43200","RedrivePolicy":"'"$policy"'"}')
  sqs send-message --queue-url "$queue" --message-body poison
  handle=$(sqs receive-message --queue-url "$queue" --query 'Messages[0].ReceiptHandle')
  sqs change-message-visibility --queue-url "$queue" --receipt-handle "$handle" --visibility-timeout 0
  run sqs receive-message --queue-url "$queue" --query 'Messages[0].Body'
  [ "$output" = None ]
  run sqs receive-message --queue-url "$dead" --wait-time-seconds 10 --query 'Messages[0].Body'
  [ "$output" = poison ]
}

@test "gantry publish makes a bundle current, and is refused for a group that is no fleet" {
  local sha
  make_tree "$BATS_TEST_TMPDIR/tree"
  run "$ROOT/scripts/gantry" publish web --tree "$BATS_TEST_TMPDIR/tree" --bucket gantry-sandbox
  [ "$status" -eq 0 ]
  sha=$(sha_of --tree "$BATS_TEST_TMPDIR/tree")
  [[ $output == *"web: $sha is current"* ]]
  run aws s3 cp s3://gantry-sandbox/fleets/web/release.json -
  [[ $output == *"\"current\":\"$sha\""* ]]
  refuses 'no settings' "$ROOT/scripts/gantry" publish nobody --tree "$BATS_TEST_TMPDIR/tree" --bucket gantry-sandbox
}

@test "the operator's function answers a direct invocation" {
  run aws lambda invoke --function-name gantry-operator --output text --query StatusCode \
    --payload "{\"action\":\"look\",\"instance\":\"$INSTANCE\"}" "$BATS_TEST_TMPDIR/answer"
  [ "$output" = 200 ]
  run cat "$BATS_TEST_TMPDIR/answer"
  [[ $output == *'"status":'* && $output != *'"status":"error"'* ]]
}

@test "errors are AWS's own" {
  fails_with ValidationError SetDesiredCapacity aws autoscaling set-desired-capacity \
    --auto-scaling-group-name nobody --desired-capacity 1
  fails_with InvalidInstanceId SendCommand aws ssm send-command --document-name AWS-RunShellScript \
    --instance-ids i-00000000000000000 --parameters 'commands=["true"]'
  fails_with InvalidDocument SendCommand send Nothing 'commands=["true"]'
  fails_with NoSuchKey GetObject aws s3api get-object --bucket gantry-sandbox --key nothing "$BATS_TEST_TMPDIR/out"
  fails_with ResourceNotFoundException Invoke aws lambda invoke --function-name nothing "$BATS_TEST_TMPDIR/out"
  AWS_ACCESS_KEY_ID=unknown fails_with InvalidClientTokenId GetCallerIdentity aws sts get-caller-identity
}

# leaves_nothing FOLDER SIGNAL: the sandbox that has started there ends on the signal, with its functions and files.
leaves_nothing() {
  local pid files functions
  pid=$(<"$1/pid")
  files=$(work_folder "$1")
  functions=$(pgrep -P "$pid")
  [ -d "$files" ]
  [ -n "$functions" ]
  kill -s "$2" "$pid"
  eventually ended "$pid"
  [ ! -e "$files" ]
  local function
  for function in $functions; do ended "$function"; done
}

@test "Ctrl-C and SIGTERM end the sandbox with its functions and files" {
  local signal
  for signal in INT TERM; do
    start_sandbox "$BATS_TEST_TMPDIR/$signal" --instances simulated
    leaves_nothing "$BATS_TEST_TMPDIR/$signal" "$signal"
  done
}

@test "Ctrl-C during a real instance's launch leaves no namespace, link, mount or group" {
  [ -z "${NO_REAL_INSTANCES:-}" ] || skip "$NO_REAL_INSTANCES"
  local folder=$BATS_TEST_TMPDIR/real pid
  start_sandbox "$folder" --instances real
  use_sandbox "$folder"
  pid=$(<"$folder/pid")
  aws autoscaling set-desired-capacity --auto-scaling-group-name web --desired-capacity 1
  eventually traces_of "$pid" machine
  leaves_nothing "$folder" INT
  run traces_of "$pid"
  [ "$output" = '' ]
}

# killed_during_a_launch FOLDER: a sandbox that was killed while a real instance booted, and left things; sets KILLED.
# Each start of a sandbox on this machine removes them, so that another one's may come before this test's.
killed_during_a_launch() {
  start_sandbox "$1" --instances real
  use_sandbox "$1"
  KILLED=$(<"$1/pid")
  aws autoscaling set-desired-capacity --auto-scaling-group-name web --desired-capacity 1
  eventually traces_of "$KILLED" machine
  kill -KILL "$KILLED"
  eventually ended "$KILLED"
}

@test "scripts/sandbox --clean removes what a killed sandbox with real instances has left" {
  [ -z "${NO_REAL_INSTANCES:-}" ] || skip "$NO_REAL_INSTANCES"
  killed_during_a_launch "$BATS_TEST_TMPDIR/killed"
  run "$ROOT/scripts/sandbox" --clean
  [ "$status" -eq 0 ]
  [ "$(traces_of "$KILLED")" = '' ]
  [ ! -e "$(work_folder "$BATS_TEST_TMPDIR/killed")" ]
}

@test "any start removes it too, also with simulated instances" {
  [ -z "${NO_REAL_INSTANCES:-}" ] || skip "$NO_REAL_INSTANCES"
  killed_during_a_launch "$BATS_TEST_TMPDIR/killed"
  start_sandbox "$BATS_TEST_TMPDIR/next" --instances simulated
  [ "$(traces_of "$KILLED")" = '' ]
  stop_sandbox "$SANDBOX" TERM
}

# service_of FOLDER: the pid of a local instance's service, which has a session of its own.
service_of() { cat "$(work_folder "$1")"/instances/i-*/service.pid; }

@test "the processes of a killed sandbox's local instances end at the next check, and their folders are gone" {
  local folder=$BATS_TEST_TMPDIR/killed pid service
  # A folder of its own, so that no other start removes the leftovers first.
  mkdir "$BATS_TEST_TMPDIR/tmp"
  export JAVA_TOOL_OPTIONS=-Djava.io.tmpdir=$BATS_TEST_TMPDIR/tmp
  start_sandbox "$folder" --instances local
  use_sandbox "$folder"
  pid=$(<"$folder/pid")
  aws autoscaling set-desired-capacity --auto-scaling-group-name web --desired-capacity 1
  wait_for group web InService
  service=$(service_of "$folder")
  kill -KILL "$pid"
  eventually ended "$pid"
  # It goes on after the sandbox, as a daemon does.
  [ -e "/proc/$service" ]
  run "$ROOT/scripts/sandbox" --clean
  [ "$status" -eq 0 ]
  [[ $output == *"removed: $(work_folder "$folder")"* ]]
  eventually ended "$service"
  [ ! -e "$(work_folder "$folder")" ]
}

# may_write_nowhere FOLDER: starts a sandbox with local instances that can write in /tmp, which is FOLDER/tmp there, and
# where its script writes before it; nowhere else.
may_write_nowhere() {
  mkdir -p "$1/tmp"
  # shellcheck disable=SC2016 # the inner sh expands it
  unshare --mount sh -c 'mount --make-rprivate / && mount --bind "$1/tmp" /tmp &&
    mount --bind "$2/.gantry" "$2/.gantry" && mount -o remount,bind,ro / && ! touch "$2/written" &&
    exec "$2/scripts/sandbox" --json --instances local' sh "$1" "$ROOT" \
    >"$1/line" 2>"$1/errors" </dev/null 3>&- &
  SANDBOX=$!
  echo "$SANDBOX" >"$1/pid"
  eventually has_line_or_ended "$1"
  cat "$1/errors"
  [ -s "$1/line" ]
}

@test "a local instance writes nowhere but in the sandbox's folder" {
  unshare --mount true 2>/dev/null || skip 'this machine gives no mount namespace'
  local folder=$BATS_TEST_TMPDIR/confined
  may_write_nowhere "$folder"
  use_sandbox "$folder"
  aws autoscaling set-desired-capacity --auto-scaling-group-name web --desired-capacity 1
  wait_for group web InService
  # The JVM's counters have a folder of their own.
  run find "$folder/tmp" -mindepth 1 -maxdepth 1 ! -name 'gantry-sandbox-*' ! -name 'hsperfdata_*'
  echo "$output"
  [ "$output" = '' ]
  stop_sandbox "$SANDBOX" TERM
  run find "$folder/tmp" -mindepth 1 -maxdepth 1 ! -name 'hsperfdata_*'
  [ "$output" = '' ]
}
