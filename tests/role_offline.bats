#!/usr/bin/env bats
# The shipped workload on an instance without Ansible, ffmpeg and any route out of its network except to S3: with what
# scripts/ops/build-wheelhouse and scripts/ops/mirror-artifacts put there, and with a repository of the
# distribution's packages. Takes longer: scripts/test --all. Needs root, the image, and the network to build the
# wheelhouse.

# shellcheck disable=SC2016,SC2154 # sh inside expands it; run sets status and output

setup_file() {
  load helpers/common
  load helpers/sandbox
  load helpers/documents
  load helpers/instances
  load helpers/role
  use_own_aws
  local told
  told=$("$ROOT/scripts/ops/build-wheelhouse" --python "$(python_of_the_image)" --arch "$(uname -m)" --json) ||
    skip 'the wheels cannot be fetched: no network'
  WHEELHOUSE=$(json_tool get sha256 <<<"$told")
  start_sandbox "$BATS_FILE_TMPDIR/sandbox" --instances real
  export SANDBOX
  use_sandbox "$BATS_FILE_TMPDIR/sandbox"
  keep_values
  publish_document Gantry-ApplyAnsiblePlaybooks
  launch_by_hand
  client put "$ROOT/.gantry/wheelhouses/$WHEELHOUSE.zip" "wheelhouses/$WHEELHOUSE.zip"
  INSTANCE=$(only_instance_of by-hand)
  export INSTANCE WHEELHOUSE GANTRY_DOCUMENT=Gantry-ApplyAnsiblePlaybooks
  enter "$INSTANCE"
  inside env DEBIAN_FRONTEND=noninteractive dpkg --purge ansible-core ffmpeg
}

setup() {
  load helpers/common
  load helpers/sandbox
  load helpers/documents
  load helpers/instances
  load helpers/role
  enter "$INSTANCE"
}

teardown_file() {
  load helpers/common
  load helpers/sandbox
  [ -z "${SANDBOX:-}" ] || stop_sandbox "$SANDBOX" INT
}

# from_the_wheelhouse VALUES [NAME=VALUE…]: applies the workload with Ansible from the wheelhouse.
from_the_wheelhouse() {
  apply "$1" playbook.yml AnsibleVersion=2.19 InstallDependencies=True InstallFrom=Wheelhouse \
    "WheelhouseUri=$(s3_url "wheelhouses/$WHEELHOUSE.zip")" "${@:2}"
}

# ffmpeg_archive FILE: the image's ffmpeg and ffprobe with all that they load, so that they run in any folder; it takes
# the place of the static build that an operator would use.
ffmpeg_archive() {
  local work=$BATS_TEST_TMPDIR/ffmpeg name
  mkdir -p "$work/bin" "$work/lib"
  for name in ffmpeg ffprobe; do
    cp "$IMAGE/usr/bin/$name" "$work/lib/$name"
    # shellcheck disable=SC2016 # its own shell expands it
    printf '%s\n' '#!/bin/sh' 'lib=$(dirname "$(readlink -f "$0")")/../lib' \
      'exec "$lib/'"$(loader)"'" --library-path "$lib" "$lib/'"$name"'" "$@"' >"$work/bin/$name"
  done
  chroot "$IMAGE" ldd /usr/bin/ffmpeg /usr/bin/ffprobe | grep -oE '/[^ ]+' | grep -v : | sort -u |
    while read -r name; do cp -L "$IMAGE$name" "$work/lib/"; done
  chmod -R a+rx "$work"
  tar -C "$work" -czf "$1" bin lib
}

# loader: the name of these programs' dynamic loader.
loader() { basename "$(readelf -l "$IMAGE/usr/bin/ffmpeg" | grep -oE '/lib[^]]*/ld-linux[^]]*')"; }

# mirrored_ffmpeg: puts the archive into S3, and prints the line of values for it.
mirrored_ffmpeg() {
  local archive=$BATS_TEST_TMPDIR/ffmpeg-own.tar.gz digest
  ffmpeg_archive "$archive"
  digest=$(sha256sum <"$archive" | cut -d' ' -f1)
  GANTRY_AWS=$ROOT/.gantry/venv/bin/aws "$ROOT/scripts/ops/mirror-artifacts" --to "s3://$BUCKET/artifacts/web/" \
    --archive "$archive" --sha256 "$digest" >&2
  printf 'rtsp_server_ffmpeg_archive: {%s: {name: ffmpeg-own.tar.gz, sha256: "%s"}}' \
    "$(dpkg --print-architecture)" "$digest"
}

# programs_of STREAM: what its publisher runs, with a blank before and after each.
programs_of() {
  inside sh -c 'for one in $(pgrep -P "$0"); do printf " %s " "$(readlink -f "/proc/$one/exe")"; done' "$(pid_of "$1")"
}

@test "the instance has no route out, no Ansible and no ffmpeg" {
  run inside ip route get 192.0.2.1
  [[ $output == *'Network is unreachable'* ]]
  run inside sh -c 'command -v ansible-playbook ffmpeg ffprobe || true'
  [ "$output" = '' ]
  run inside sh -c '. /etc/environment; curl -so /dev/null -w "%{http_code}" "$AWS_ENDPOINT_URL"'
  [ "$status" -eq 0 ]
}

@test "with a wheelhouse and mirrored archives of MediaMTX and ffmpeg the streams play; again changes nothing" {
  local with again
  with=$(mirrored_ffmpeg)
  from_the_wheelhouse "$(values "$with")"
  [[ $output == *'"ansible":"2.19.'*'"ansibleFrom":"wheelhouse"'*'"ok":true'* ]]
  eventually plays_size north 640x360
  [[ $(programs_of north) == *' /usr/local/lib/rtsp-server/ffmpeg-'* ]]
  again="ExtraVariables=SSM=True gantry_bundle=$(sha_of --env "$(values "$with")") again=yes"
  from_the_wheelhouse "$(values "$with")" "$again"
  [[ $output == *'"mode":"apply"'*'"changed":0,'*'"ok":true'* ]]
}

@test "without an archive ffmpeg comes from the distribution's packages; a second run changes nothing" {
  local again version
  version=$(chroot "$IMAGE" dpkg-query --show --showformat='${Version}' ffmpeg)
  mkdir "$BATS_TEST_TMPDIR/packages"
  (cd "$BATS_TEST_TMPDIR/packages" && apt-get -q download "ffmpeg=$version" && dpkg-scanpackages . >Packages) ||
    skip 'the package cannot be fetched: no network'
  bring_packages "$BATS_TEST_TMPDIR/packages"
  from_the_wheelhouse "$(values)"
  [[ $output == *'"ok":true'* ]]
  [ "$(inside dpkg-query --show --showformat='${Status}' ffmpeg)" = 'install ok installed' ]
  eventually plays_size north 640x360
  [[ $(programs_of north) == *' /usr/bin/ffmpeg '* ]]
  again="ExtraVariables=SSM=True gantry_bundle=$(sha_of --env "$(values)") again=yes"
  from_the_wheelhouse "$(values)" "$again"
  [[ $output == *'"mode":"apply"'*'"changed":0,'*'"ok":true'* ]]
}
