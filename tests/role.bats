#!/usr/bin/env bats
# The shipped workload on real instances of scripts/sandbox: launched by Auto Scaling, configured by Run Command. Its
# videos and its server's archive are in S3, and there is no route to the internet. ffprobe on this machine (the
# image's own, so that none has to be installed) plays the streams from outside. Needs root, and the image of
# scripts/lib/instances/build-image.sh.
# role_offline.bats has what only a longer run tests.
#
# The server is $MEDIAMTX_ARCHIVE, otherwise what scripts/ops/build-mediamtx built, otherwise a stand-in; the first test
# prints which.

# shellcheck disable=SC2016,SC2154 # sh inside expands it; run sets status and output

# Run Command keeps this much of a step's standard output: the failing task has to be within it.
KEPT_OUTPUT=24000

setup_file() {
  load helpers/common
  load helpers/sandbox
  load helpers/documents
  load helpers/instances
  load helpers/role
  use_own_aws
  start_sandbox "$BATS_FILE_TMPDIR/sandbox" --instances real
  export SANDBOX
  use_sandbox "$BATS_FILE_TMPDIR/sandbox"
  keep_values
  aws autoscaling set-desired-capacity --auto-scaling-group-name web --desired-capacity 1
  launch_by_hand
  publish_document Gantry-ApplyAnsiblePlaybooks
  eventually in_service
  INSTANCE=$(instance_of web InstanceId)
  BY_HAND=$(only_instance_of by-hand)
  export INSTANCE BY_HAND
  enter "$INSTANCE"
  hold_the_timer
}

setup() {
  load helpers/common
  load helpers/sandbox
  load helpers/instances
  load helpers/role
  enter "$INSTANCE"
}

teardown_file() {
  load helpers/common
  load helpers/sandbox
  [ -z "${SANDBOX:-}" ] || stop_sandbox "$SANDBOX" INT
}

@test "the instance is in service, and each of its streams plays from outside" {
  echo "# served by: $(inside cat /etc/gantry/instance.json |
    json_tool get rtsp_server)" >&3
  plays_size north 640x360
  plays_size south 320x240
}

@test "a stream that is not published is not found" {
  run plays nothing
  [[ $output == *'404 Not Found'* ]]
}

@test "applying the bundle again changes nothing" {
  apply "$(values)" playbook.yml
  [ "$status" -eq 0 ]
  [[ $output == *'changed=0 '* ]]
  [ "${#output}" -lt "$KEPT_OUTPUT" ]
}

@test "the hardened document configures a new instance in the same way" {
  enter "$BY_HAND"
  GANTRY_DOCUMENT=Gantry-ApplyAnsiblePlaybooks apply "$(values)" playbook.yml
  [ "$status" -eq 0 ]
  [[ $output == *'"mode":"apply"'*'"ok":true'* && $output != *'"changed":0,'* ]]
  eventually plays_size north 640x360
}

@test "the hardened document changes nothing when it is applied again, nor does AWS's after it" {
  longer
  local again
  again="ExtraVariables=SSM=True gantry_bundle=$(sha_of --env "$(values)") again=yes"
  enter "$BY_HAND"
  # With other variables the bundle is applied in full; the second time it is only verified.
  GANTRY_DOCUMENT=Gantry-ApplyAnsiblePlaybooks apply "$(values)" playbook.yml "$again"
  [[ $output == *'"mode":"apply"'*'"changed":0,'*'"ok":true'* ]]
  GANTRY_DOCUMENT=Gantry-ApplyAnsiblePlaybooks apply "$(values)" playbook.yml "$again"
  [[ $output == *'"mode":"verify"'*'"ok":true'* ]]
  apply "$(values)" playbook.yml
  [ "$status" -eq 0 ]
  [[ $output == *'changed=0 '* ]]
}

@test "a dry run succeeds and changes nothing" {
  longer
  apply "$(values)" playbook.yml Check=True
  [ "$status" -eq 0 ]
  [[ $output == *'changed=0 '* ]]
}

@test "RTSP can be reached from outside, the API and the metrics cannot" {
  run inside ss --listening --tcp --udp --numeric --no-header --processes
  echo "$output"
  # The image has sshd; apart from that only the RTSP port listens beyond loopback.
  run bash -c 'grep -v -e sshd -e "127\.0\.0\.1:" -e "\[::1\]:" -e "169\.254\." <<<"$1"' bash "$output"
  [[ ${lines[0]} == *':8554 '* ]]
  # IPv4 and IPv6.
  [ "${#lines[@]}" -le 2 ]
  [[ ${lines[-1]} == *':8554 '* ]]
}

@test "publishing is refused from outside, and from inside without the password" {
  local stream=(-nostdin -loglevel error -f lavfi -i testsrc=size=64x64:rate=5 -t 1 -c:v libx264
    -f rtsp -rtsp_transport tcp)
  run bounded chroot "$IMAGE" ffmpeg "${stream[@]}" "rtsp://$ADDRESS:8554/evil"
  [ "$status" -ne 0 ]
  [[ $output == *401* ]]
  run inside timeout "$MOST_SECONDS" ffmpeg "${stream[@]}" rtsp://publisher:wrong@127.0.0.1:8554/evil
  [ "$status" -ne 0 ]
  [[ $output == *401* ]]
}

@test "the publishers' password is in no log, and only root can read its file" {
  local password
  password=$(inside cat /etc/rtsp-server/publisher.env | sed -E 's/.*publisher://')
  [ "${#password}" -ge 20 ]
  run inside sh -c 'journalctl --no-pager | grep -F -e "$0"' "$password"
  [ "$status" -eq 1 ]
  run inside grep -F -e "$password" /etc/rtsp-server/mediamtx.yml /etc/gantry/instance.json
  [ "$status" -eq 1 ]
  run inside sh -c 'ps -eo args | grep -F -e "$0" | grep -v grep' "$password"
  [ "$output" = '' ]
  # Not even the publisher's own user can read it: a hostile video may control ffmpeg, which runs as that user.
  run inside setpriv --reuid=rtsp-publisher --regid=rtsp-publisher --clear-groups cat "/proc/$(pid_of north)/environ"
  [[ $output == *'Permission denied' ]]
  run inside find /etc/rtsp-server -type f ! -perm 0600 ! -name videos.json ! -name mediamtx.yml
  [ "$output" = '' ]
  [ "$(inside stat -c '%U:%G %a' /etc/rtsp-server/mediamtx.yml)" = 'root:mediamtx 640' ]
}

@test "the server and the publishers have no privileges" {
  local unit
  for unit in mediamtx rtsp-stream@north; do
    run inside sh -c 'cat /proc/$(systemctl show --property=MainPID --value "$0")/status' "$unit"
    [[ $output == *'CapEff:'$'\t''0000000000000000'* ]]
    [[ $output == *'NoNewPrivs:'$'\t''1'* ]]
    [[ $output != *'Uid:'$'\t''0'* ]]
  done
}

@test "a timer looks for changes, and will after a reboot too" {
  [ "$(inside systemctl is-active rtsp-videos.timer)" = active ]
  local unit
  for unit in rtsp-videos.timer mediamtx.service rtsp-stream@north.service; do
    [ "$(inside systemctl is-enabled "$unit")" = enabled ]
  done
}

@test "a changed video restarts only its own stream" {
  local before
  before=$(pid_of north)
  video "$BATS_TEST_TMPDIR/new.mp4" 160x120
  put "$BATS_TEST_TMPDIR/new.mp4" south.mp4
  synchronize
  eventually plays_size south 160x120
  [ "$(pid_of north)" = "$before" ]
}

@test "a new video gets its own stream, and a removed one stops only its own" {
  local before
  before=$(pid_of north)
  video "$BATS_TEST_TMPDIR/third.mp4" 128x96
  put "$BATS_TEST_TMPDIR/third.mp4" 'a third.mp4'
  synchronize
  eventually plays_size a-third 128x96
  drop 'a third.mp4'
  synchronize
  run plays a-third
  [[ $output == *'404 Not Found'* ]]
  run inside systemctl is-active rtsp-stream@a-third.service
  [ "$output" = inactive ]
  [ "$(pid_of north)" = "$before" ]
}

@test "a broken video is reported, stops no other stream, and fails the proof, which names it" {
  local before
  before=$(pid_of north)
  head -c 3000 "$ROOT/.gantry/objects/videos/web/north.mp4" >"$BATS_TEST_TMPDIR/broken.mp4"
  put "$BATS_TEST_TMPDIR/broken.mp4" broken.mp4
  run synchronize
  [ "$status" -ne 0 ]
  run inside journalctl --unit=rtsp-videos.service --lines=8 --no-pager --output=cat
  [[ $output == *'"broken": {"broken": "s3://gantry-sandbox/videos/web/broken.mp4: '* ]]
  [ "$(pid_of north)" = "$before" ]
  plays_size north 640x360
  apply "$(values)" verify.yml
  [ "$status" -eq 1 ]
  [[ $output == *'stream broken: s3://gantry-sandbox/videos/web/broken.mp4 is broken: '* ]]
  drop broken.mp4
  synchronize
}

@test "if a broken version replaces a video, the earlier one plays on" {
  local before
  before=$(pid_of south)
  aws s3 cp --quiet s3://gantry-sandbox/videos/web/south.mp4 "$BATS_TEST_TMPDIR/good.mp4"
  printf 'no video' >"$BATS_TEST_TMPDIR/broken.mp4"
  put "$BATS_TEST_TMPDIR/broken.mp4" south.mp4
  run synchronize
  [ "$status" -ne 0 ]
  [ "$(pid_of south)" = "$before" ]
  eventually plays_size south 160x120
  put "$BATS_TEST_TMPDIR/good.mp4" south.mp4
  synchronize
}

@test "if a prefix cannot be listed, nothing is removed" {
  inside python3 -c 'import json
settings = json.load(open("/etc/rtsp-server/videos.json"))
settings["videos"] = ["s3://no-such-bucket/videos/"]
json.dump(settings, open("/run/elsewhere.json", "w"))'
  run inside python3 -B /usr/local/lib/rtsp-server/videos.py /run/elsewhere.json
  [ "$status" -eq 1 ]
  [[ $output == *'cannot list s3://no-such-bucket/videos/'*NoSuchBucket* ]]
  plays_size north 640x360
  synchronize
}

@test "a codec that players do not commonly read is re-encoded" {
  inside ffmpeg -nostdin -loglevel error -f lavfi -i testsrc2=size=176x144:rate=25 -t 2 -c:v mjpeg /tmp/old.mkv
  inside cat /tmp/old.mkv >"$BATS_TEST_TMPDIR/old.mkv"
  put "$BATS_TEST_TMPDIR/old.mkv" old.mkv
  synchronize
  eventually plays_size old 176x144
  drop old.mkv
  synchronize
}

@test "videos are inspected and packed by a user without rights, in units of their own" {
  inside ffmpeg -nostdin -loglevel error -y -f lavfi -i testsrc2=size=144x96:rate=25 -f lavfi -i sine -t 2 \
    -c:v libx264 -preset ultrafast -c:a aac /tmp/packed.ts
  inside cat /tmp/packed.ts >"$BATS_TEST_TMPDIR/packed.ts"
  put "$BATS_TEST_TMPDIR/packed.ts" packed.ts
  # A script takes the place of the first ffprobe, and reports its user and its rights.
  inside mv /usr/bin/ffprobe /usr/bin/ffprobe.real
  inside sh -c 'cat >/usr/bin/ffprobe && chmod 755 /usr/bin/ffprobe' <<'EOT'
#!/bin/sh
denied=$(touch /var/lib/rtsp-server/files/north 2>&1)
nets=$(sed -n 's/^ *\([a-z0-9]*\):.*/\1/p' /proc/net/dev)
may=$(sed -n 's/^CapBnd:\t//p; s/^NoNewPrivs:\t//p' /proc/self/status)
echo $(id -un) $nets $may "$denied" >&2
exit 1
EOT
  run synchronize
  inside mv /usr/bin/ffprobe.real /usr/bin/ffprobe
  run inside cat /var/lib/rtsp-server/status.json
  echo "$output"
  [[ $output == *'"broken": "rtsp-inspector lo 0000000000000000 1 touch: '*'north'* ]]
  cat "$BATS_TEST_TMPDIR/packed.ts" "$BATS_TEST_TMPDIR/packed.ts" >"$BATS_TEST_TMPDIR/again.ts"
  put "$BATS_TEST_TMPDIR/again.ts" packed.ts
  synchronize
  eventually plays_size packed 144x96
  [ "$(inside stat -c '%U %a' /var/lib/rtsp-server/files/packed)" = 'root 644' ]
  drop packed.ts
  synchronize
}

@test "the proof fails when the server is stopped, and says which streams and why" {
  inside systemctl stop mediamtx.service
  apply "$(values 'rtsp_server_verify_seconds: 3')" verify.yml
  [ "$status" -eq 1 ]
  [[ ${output:0:KEPT_OUTPUT} == *"stream north: nothing listens on the server's port"* ]]
  [[ ${output:0:KEPT_OUTPUT} == *'stream south: '* ]]
  inside systemctl start mediamtx.service
  eventually plays_size north 640x360
}

@test "the proof fails when a stream's publisher is stopped, and says which one" {
  inside systemctl stop rtsp-stream@south.service
  apply "$(values 'rtsp_server_verify_seconds: 3')" verify.yml
  [ "$status" -eq 1 ]
  [[ $output == *'stream south: the server has no such stream: no publisher sends it'* ]]
  [[ $output != *'stream north'* ]]
  inside systemctl start rtsp-stream@south.service
}

@test "a server that is killed comes back, and its streams with it" {
  inside systemctl kill --signal=KILL mediamtx.service
  eventually plays_size north 640x360
}

@test "a key that this version does not have fails the run, and the server keeps its configuration" {
  apply "$(values 'rtsp_server_mediamtx: {rtmpPort: 1935}')" playbook.yml
  [ "$status" -eq 1 ]
  [[ ${output:0:KEPT_OUTPUT} == *'rtmpPort: there is no such key in this version'* ]]
  plays_size north 640x360
}

@test "an archive whose sha256 is unknown is not installed; the message names the command that finds it" {
  apply "$(values 'rtsp_server_sha256: {}')" playbook.yml
  [ "$status" -eq 1 ]
  [[ $output == *'Run scripts/ops/lock-artifacts where there is internet'* && $output == *'changed=0 '* ]]
}

@test "an archive with another sha256 is not unpacked" {
  local other
  other=$(printf 'a%.0s' {1..64})
  apply "$(values "rtsp_server_sha256: {amd64: $other, arm64: $other}")" playbook.yml
  [ "$status" -eq 1 ]
  [[ $output == *'is expected: nothing of it was used'* ]]
}

@test "a bundle without videos is refused, with what to do about it" {
  apply "$(values 'rtsp_server_videos: []')" playbook.yml
  [ "$status" -eq 1 ]
  [[ $output == *'gantry publish --env NAME'* && $output == *'changed=0 '* ]]
}

@test "with passwords in Parameter Store, publishing and reading need them, and the proof knows the reader's" {
  aws ssm put-parameter --name /web/rtsp/viewer --type SecureString --value correct-horse-battery
  aws ssm put-parameter --name /web/rtsp/publisher --type SecureString --value correct-horse-publishes
  apply "$(values 'rtsp_server_read_user: viewer' 'rtsp_server_read_parameter: /web/rtsp/viewer' \
    'rtsp_server_publish_parameter: /web/rtsp/publisher' "rtsp_server_address: $ADDRESS")" playbook.yml
  [ "$status" -eq 0 ]
  [[ $output != *correct-horse* ]]
  inside grep -Fq publisher:correct-horse-publishes /etc/rtsp-server/publisher.env
  run plays north
  [[ $output == *'401 Unauthorized'* ]]
  # The server listens on that address only, and publishers and proof use it.
  run inside ss --listening --tcp --numeric --no-header 'sport = :8554'
  [[ ${#lines[@]} -eq 1 && ${lines[0]} == *" $ADDRESS:8554 "* ]]
  eventually shows_h264 north viewer:correct-horse-battery@
  run inside sh -c 'journalctl --no-pager | grep -F correct-horse'
  [ "$status" -eq 1 ]
}

shows_h264() { [[ $(plays "$@") == h264* ]]; }

# Version 1 of the aws command has an endpoint of its own for SQS, and takes another one only as an option.
queues() { aws sqs --endpoint-url "$AWS_ENDPOINT_URL" "$@"; }

# messages_in QUEUE: their number.
messages_in() {
  queues get-queue-attributes --queue-url "$QUEUES/$1" --attribute-names All --output text \
    --query 'Attributes.ApproximateNumberOfMessages'
}

has_message() { [ "$(messages_in "$1")" = 1 ]; }

@test "an instance announces itself once its agent has registered, and not before" {
  local before
  queues create-queue --queue-name announcements
  bring_announcer announcements
  agent_knows 0001-01-01T00:00:00Z
  inside systemctl start gantry-announce.service
  [ "$(inside systemctl is-active gantry-announce.service)" = active ]
  before=$(date +%s%3N)
  agent_knows "$(date -u +%FT%T.123456789Z -d '1 hour')"
  eventually has_message announcements
  run queues receive-message --queue-url "$QUEUES/announcements" --attribute-names SentTimestamp --output json
  python3 - "$output" "$INSTANCE" "$before" <<'PYTHON'
import json, sys
[message] = json.loads(sys.argv[1])["Messages"]
assert int(message["Attributes"]["SentTimestamp"]) >= int(sys.argv[3]), message
announced = {"source": "gantry", "detail-type": "Instance Announcement", "detail": {"EC2InstanceId": sys.argv[2]}}
assert json.loads(message["Body"]) == announced, message
PYTHON
  eventually inside sh -c '! systemctl is-active --quiet gantry-announce.service'
  [ "$(inside systemctl show --property=Result --value gantry-announce.service)" = success ]
  [ "$(messages_in announcements)" = 0 ]
}

@test "a queue that refuses is tried again, and gets the message once" {
  bring_announcer later
  agent_knows "$(date -u +%FT%TZ -d '1 hour')"
  inside systemctl start gantry-announce.service
  eventually inside sh -c 'journalctl -u gantry-announce.service | grep "NonExistentQueue.*again in 2 s"'
  queues create-queue --queue-name later
  eventually has_message later
  eventually inside sh -c '! systemctl is-active --quiet gantry-announce.service'
  [ "$(messages_in later)" = 1 ]
}
