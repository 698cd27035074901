# shellcheck shell=bash
# shellcheck disable=SC2154 # run sets output, helpers/instances ADDRESS
# Applies the shipped workload to an instance (helpers/instances), and plays its streams from outside.

in_service() { [ "$(instance_of web LifecycleState)" = InService ]; }

# keep_values: keeps those of a sandbox with real instances, because any other sandbox of this clone overwrites them.
keep_values() {
  bash -c 'source "$ROOT/scripts/lib/common.sh"; source "$ROOT/scripts/lib/media/workload.sh"; VALUES=$1
    write_values "$OBJECTS/artifacts/web/$(archive_name)"' bash "$BATS_FILE_TMPDIR/values.yml"
}

# values [LINE…]: makes a file with the sandbox's values, and these lines after them.
values() {
  # A key among the lines replaces the example's, with the lines indented below it: no key may be there twice.
  awk -v "given=$(printf '%s\n' "$@" | sed -n 's/^\([a-z0-9_]*\):.*/ \1 /p' | tr -d '\n')" '
    /^[a-z0-9_]+:/ { key = $0; sub(/:.*/, "", key); drops = index(given, " " key " ") > 0 }
    !drops' "$BATS_FILE_TMPDIR/values.yml" >"$BATS_TEST_TMPDIR/values.yml"
  [ $# -eq 0 ] || printf '%s\n' "$@" >>"$BATS_TEST_TMPDIR/values.yml"
  echo "$BATS_TEST_TMPDIR/values.yml"
}

# apply VALUES PLAYBOOK [NAME=VALUE…]: by the document, as an operator does by hand.
apply() {
  local sha
  sha=$(sha_of --env "$1")
  run python3 -B "$ROOT/tests/helpers/apply.py" "$INSTANCE" "$BATS_TEST_TMPDIR/out/$sha.zip" "${@:2}"
  echo "$output"
}

# plays STREAM [CREDENTIALS]: codec, size and number of frames that ffprobe reads of it from outside in a second.
plays() {
  chroot "$IMAGE" ffprobe -v error -rtsp_transport tcp -read_intervals '%+#25' -count_frames -select_streams v:0 \
    -show_entries stream=codec_name,width,height,nb_read_frames -of csv=p=0 "rtsp://${2:-}$ADDRESS:8554/$1" 2>&1
}

# plays_size STREAM WIDTHxHEIGHT: does it play in that size? Before the first key frame ffprobe may complain.
plays_size() { [[ $(plays "$1") == *"h264,${2/x/,},"[1-9]* ]]; }

# hold_the_timer: its next look is a day away. One in the middle of a test would start what the test has stopped.
hold_the_timer() {
  inside sh -c 'cd /etc/systemd/system && mkdir rtsp-videos.timer.d &&
    printf "[Timer]\nOnActiveSec=\nOnActiveSec=1d\n" >rtsp-videos.timer.d/tests.conf &&
    systemctl daemon-reload && systemctl restart rtsp-videos.timer'
}

# synchronize: runs what the timer starts.
synchronize() { inside systemctl start rtsp-videos.service; }

# pid_of STREAM: its publisher's pid; another one after a restart.
pid_of() { inside systemctl show --property=MainPID --value "rtsp-stream@$1.service"; }

# video FILE SIZE: makes a video of two seconds.
video() {
  bash -c 'source "$ROOT/scripts/lib/common.sh"; source "$ROOT/scripts/lib/media/workload.sh"; test_video "$@"' bash \
    "$1" -f lavfi -i "testsrc2=size=$2:rate=25" -t 2
}

put() { python3 -B "$ROOT/tests/helpers/sandbox_client.py" put "$1" "videos/web/$2"; }

drop() { python3 -B "$ROOT/tests/helpers/sandbox_client.py" drop "videos/web/$1"; }

# bring_announcer QUEUE: brings what user data brings if a fleet announces (terraform/modules/fleet/instances.tf), with
# the queue's address as instances see it in QUEUES.
bring_announcer() {
  local files=$ROOT/terraform/modules/fleet/files
  QUEUES=$(inside sed -n 's/^AWS_ENDPOINT_URL=//p' /etc/environment)/111122223333
  inside mkdir -p /usr/local/lib/gantry /etc/gantry /var/lib/amazon/ssm/runtimeconfig
  inside sh -c 'cat >/usr/local/lib/gantry/gantry-announce.py' <"$files/gantry-announce.py"
  inside sh -c 'cat >/etc/systemd/system/gantry-announce.service' <"$files/gantry-announce.service"
  printf '%s\n' "GANTRY_QUEUE_URL=$QUEUES/$1" AWS_REGION=eu-central-1 AWS_DEFAULT_REGION=eu-central-1 |
    inside sh -c 'cat >/etc/gantry/announce.env'
  inside systemctl daemon-reload
}

# agent_knows EXPIRES: writes what an agent with credentials until then has on disk; the sandbox's agent writes nothing.
agent_knows() {
  printf '{"InstanceId":"%s","IdentityType":"EC2","ShareFile":"","CredentialsExpiresAt":"%s"}' "$INSTANCE" "$1" |
    inside sh -c 'cat >/var/lib/amazon/ssm/runtimeconfig/identity_config.json'
}
