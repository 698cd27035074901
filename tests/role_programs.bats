#!/usr/bin/env bats
# The programs that the role rtsp_server installs, and the stand-in for MediaMTX, each by itself; no root needed. With
# $MEDIAMTX_ARCHIVE the configurations are shown to the real MediaMTX too.

setup() {
  load helpers/common
  LIB=$ROOT/ansible/roles/rtsp_server/files/lib
  PYTHON=$ROOT/.gantry/venv/bin/python
  "$PYTHON" -c 'import yaml' 2>/dev/null || skip 'no PyYAML in .gantry/venv'
  cd "$BATS_TEST_TMPDIR" || return 1
}

# refused CONFIG WORDS: by the role's check, by the stand-in, and by MediaMTX where it is.
# shellcheck disable=SC2154 # run sets status and output
refused() {
  printf '%s\n' "$1" >mediamtx.yml
  run "$PYTHON" -B "$LIB/mediamtx_config.py" mediamtx.yml
  [ "$status" -eq 1 ]
  [[ $output == *"$2"* ]]
  run timeout 10 "$PYTHON" -B "$(standin)" mediamtx.yml
  [ "$status" -eq 1 ]
  [ -n "${MEDIAMTX_ARCHIVE:-}" ] || return 0
  run timeout 10 "$(mediamtx)" mediamtx.yml
  [ "$status" -eq 1 ]
}

# standin: the program, unpacked from its archive.
standin() {
  [ -e standin/mediamtx ] || { mkdir -p standin && python3 -B "$ROOT/scripts/lib/standin.py" standin.tar.gz &&
    tar -xzf standin.tar.gz -C standin; }
  echo standin/mediamtx
}

mediamtx() {
  [ -e real/mediamtx ] || { mkdir -p real && tar -xzf "$MEDIAMTX_ARCHIVE" -C real; }
  echo real/mediamtx
}

@test "MediaMTX's own keys and types are taken" {
  printf '%s\n' 'rtsp: true' 'rtspTransports: [tcp]' 'readTimeout: 20s' 'writeQueueSize: 1024' \
    'authInternalUsers: [{user: any, pass: "", ips: [], permissions: [{action: read, path: north}]}]' \
    'pathDefaults: {record: false}' 'paths: {north: {maxReaders: 5}, all_others: {}}' >mediamtx.yml
  run "$PYTHON" -B "$LIB/mediamtx_config.py" mediamtx.yml
  echo "$output"
  [ "$status" -eq 0 ]
}

@test "keys that this version does not have are refused, on every level" {
  refused 'rtspPorts: true' 'rtspPorts: there is no such key'
  refused 'paths: {north: {maxViewers: 5}}' 'paths.north.maxViewers: there is no such key'
  refused 'pathDefaults: {nothing: 1}' 'pathDefaults.nothing: there is no such key'
  refused 'authInternalUsers: [{user: any, password: x}]' 'authInternalUsers[0].password: there is no such key'
}

@test "values of another type are refused" {
  refused 'rtspAddress: 8554' "rtspAddress: is 8554, but must be of the type str"
  refused 'writeQueueSize: true' 'writeQueueSize: is True, but must be of the type int'
  refused 'rtsp: "yes please"' "rtsp: is 'yes please', but must be of the type bool"
  refused 'paths: {north: {maxReaders: many}}' "paths.north.maxReaders: is 'many'"
  refused 'authInternalUsers: [{user: any, permissions: [{action: watch}]}]' "is 'watch', not one of"
}

@test "a password is not told, even where it is wrong" {
  printf '%s\n' 'authInternalUsers: [{user: any, pass: 987654321}]' >mediamtx.yml
  run "$PYTHON" -B "$LIB/mediamtx_config.py" mediamtx.yml
  [ "$status" -eq 1 ]
  [[ $output == *'is of the type int'* && $output != *987654321* ]]
}

@test "the stand-in says that it is none of MediaMTX" {
  run "$PYTHON" -B "$(standin)" --version
  [[ $output == *stand-in*'not MediaMTX'* ]]
  run cmp <(python3 -B "$ROOT/scripts/lib/standin.py" /dev/stdout) standin.tar.gz
  [ "$status" -eq 0 ]
}

# archive FILE NAME…: a tar.gz of these files.
archive() {
  tar -czf "$1" "${@:2}"
  sha256sum <"$1" | cut -d' ' -f1
}

# place URI SHA256 [MEMBER]
place() { python3 -B "$LIB/artifact.py" "$1" "$2" "$BATS_TEST_TMPDIR/placed" "${3:-tool}"; }

@test "an archive is unpacked once, its program found wherever it is, and only whole" {
  mkdir -p release/deep
  echo program >release/deep/tool
  chmod +x release/deep/tool
  local sha
  sha=$(archive a.tar.gz release)
  serve
  run place "$SERVED/a.tar.gz" "$sha"
  [ "$output" = unpacked ]
  [ "$(cat placed/bin/tool)" = program ]
  run place "$SERVED/gone.tar.gz" "$sha"
  [ "$output" = 'there already' ]
}

@test "an archive with another digest, without its program, or that cannot be had leaves nothing" {
  echo program >tool
  local sha
  sha=$(archive a.tar.gz tool)
  serve
  refuses 'is expected: nothing of it was used' place "$SERVED/a.tar.gz" "${sha//[0-9]/0}"
  refuses 'has no file other' place "$SERVED/a.tar.gz" "$sha" other
  refuses 'scripts/mirror-artifacts' place "$SERVED/gone.tar.gz" "$sha"
  [ ! -e placed ]
}

@test "links and names that lead out of an archive are refused" {
  echo program >tool
  ln -s /etc/passwd link
  serve
  refuses 'link is no plain file' place "$SERVED/a.tar.gz" "$(archive a.tar.gz tool link)"
  mkdir below
  refuses 'is no plain file below' place "$SERVED/b.tar.gz" "$(cd below && tar -P -czf ../b.tar.gz ../tool &&
    sha256sum <../b.tar.gz | cut -d' ' -f1)"
  [ ! -e placed ]
}

# serve: this test's folder, at $SERVED, until the test ends. (A file:// address, so that nothing listens.)
serve() { SERVED=file://$BATS_TEST_TMPDIR; }

@test "without boto3 the aws command lists and fetches, and its failures name the resource" {
  mkdir bin
  cat >bin/aws <<'EOT'
#!/bin/sh
case "$1 $2" in
  's3api list-objects-v2')
    [ "$4" = films ] || { echo 'An error occurred (AccessDenied)' >&2; exit 254; }
    echo '{"Contents": [{"Key": "videos/north.mp4", "ETag": "\"1a\"", "Size": 3}, {"Key": "videos/", "ETag": "\"0\"", "Size": 0}]}' ;;
  's3api get-object') printf abc >"$7" ;;
  'ssm get-parameter') echo '{"Parameter": {"Value": "secret"}}' ;;
esac
EOT
  chmod +x bin/aws
  PATH=$BATS_TEST_TMPDIR/bin:$PATH AWS_REGION=eu-central-1 run "$PYTHON" -B - "$LIB" <<'EOT'
import pathlib, sys
sys.path.insert(0, sys.argv[1])
sys.modules["boto3"] = None
import cloud
found = cloud.Cloud()
print(found.below("s3://films/videos/"))
found.download("s3://films/videos/north.mp4", pathlib.Path("north"))
print(pathlib.Path("north").read_text(), found.parameter("/p"))
try:
    found.below("s3://other/videos/")
except cloud.CloudError as error:
    print(error)
EOT
  echo "$output"
  [[ $output == *"[Stored(bucket='films', key='videos/north.mp4', etag='1a', size=3)]"* ]]
  [[ $output == *'abc secret'* ]]
  [[ $output == *'cannot list s3://other/videos/: '*AccessDenied* ]]
}
