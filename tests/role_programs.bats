#!/usr/bin/env bats
# The programs that the role rtsp_server installs, and the stand-in for MediaMTX, each by itself, without root. With
# $MEDIAMTX_ARCHIVE the real MediaMTX reads the configurations too.

setup() {
  load helpers/common
  LIB=$ROOT/ansible/roles/rtsp_server/files/lib
  PYTHON=$ROOT/.gantry/venv/bin/python
  "$PYTHON" -c 'import yaml' 2>/dev/null || skip 'no PyYAML in .gantry/venv'
  cd "$BATS_TEST_TMPDIR" || return 1
}

# refused CONFIG WORDS: the role's check, the stand-in, and MediaMTX if it is there, refuse it.
# shellcheck disable=SC2154 # run sets status and output
refused() {
  printf '%s\n' "$1" >mediamtx.yml
  run "$PYTHON" -B "$LIB/mediamtx_config.py" mediamtx.yml
  [ "$status" -eq 1 ]
  [[ $output == *"$2"* ]]
  run bounded "$PYTHON" -B "$(standin)" mediamtx.yml
  [ "$status" -eq 1 ]
  [ -n "${MEDIAMTX_ARCHIVE:-}" ] || return 0
  run bounded "$(mediamtx)" mediamtx.yml
  [ "$status" -eq 1 ]
}

# standin: prints the program's path, unpacked from its archive.
standin() {
  [ -e standin/mediamtx ] || { mkdir -p standin && python3 -B "$ROOT/scripts/lib/media/standin.py" standin.tar.gz &&
    tar -xzf standin.tar.gz -C standin; }
  echo standin/mediamtx
}

mediamtx() {
  [ -e real/mediamtx ] || { mkdir -p real && tar -xzf "$MEDIAMTX_ARCHIVE" -C real; }
  echo real/mediamtx
}

@test "MediaMTX's own keys and types are accepted" {
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

@test "a password is not shown, even if it is wrong" {
  printf '%s\n' 'authInternalUsers: [{user: any, pass: 987654321}]' >mediamtx.yml
  run "$PYTHON" -B "$LIB/mediamtx_config.py" mediamtx.yml
  [ "$status" -eq 1 ]
  [[ $output == *'is of the type int'* && $output != *987654321* ]]
}

@test "the stand-in says that it is not MediaMTX" {
  run "$PYTHON" -B "$(standin)" --version
  [[ $output == *stand-in*'not MediaMTX'* ]]
  run cmp <(python3 -B "$ROOT/scripts/lib/media/standin.py" /dev/stdout) standin.tar.gz
  [ "$status" -eq 0 ]
}

# archive FILE NAME…: makes a tar.gz of these files.
archive() {
  tar -czf "$1" "${@:2}"
  sha256sum <"$1" | cut -d' ' -f1
}

# place URI SHA256 [MEMBER]
place() { python3 -B "$LIB/artifact.py" "$1" "$2" "$BATS_TEST_TMPDIR/placed" "${3:-tool}"; }

@test "an archive is unpacked once and only whole, and its program is found wherever it is" {
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

@test "an archive that has another digest, lacks its program or cannot be downloaded leaves nothing" {
  echo program >tool
  local sha
  sha=$(archive a.tar.gz tool)
  serve
  refuses 'is expected: nothing of it was used' place "$SERVED/a.tar.gz" "${sha//[0-9]/0}"
  refuses 'has no file other' place "$SERVED/a.tar.gz" "$sha" other
  refuses 'scripts/ops/mirror-artifacts' place "$SERVED/gone.tar.gz" "$sha"
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

# serve: serves this test's folder at $SERVED until the test ends. (A file:// address, so that nothing listens.)
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

# ansible PLAYBOOK VALUES: runs it here, as an ordinary user, for an instance of Debian 12.
ansible() {
  ANSIBLE_LOCALHOST_WARNING=False ANSIBLE_ROLES_PATH=$ROOT/ansible/roles HOME=$BATS_TEST_TMPDIR \
    PATH=$ROOT/.gantry/venv/bin:$PATH ansible-playbook -i localhost, -c local "$1" -e "$2"
}

@test "a server that the publishers and the proof could not reach is refused before anything changes" {
  cat >case.yml <<'EOT'
- block:
    - ansible.builtin.include_role: {name: rtsp_server, tasks_from: preflight, rolespec_validate: false}
      vars:
        rtsp_server_address: "{{ given.address | default('') }}"
        rtsp_server_transports: "{{ given.transports | default(['tcp']) }}"
        rtsp_server_mediamtx: "{{ given.mediamtx | default({}) }}"
    - ansible.builtin.debug: {msg: "{{ given }} is taken"}
  rescue:
    - ansible.builtin.debug: {msg: "{{ given }} is refused: {{ ansible_failed_result.msg }}"}
EOT
  cat >play.yml <<'EOT'
- hosts: localhost
  gather_facts: false
  tasks:
    - ansible.builtin.set_fact:
        {cacheable: true, service_mgr: systemd, architecture: x86_64, distribution: Debian, user_id: root,
         distribution_version: "12", distribution_major_version: "12"}
    - ansible.builtin.include_tasks: case.yml
      loop:
        - {address: 127.0.0.2, transports: [udp, tcp]}
        - {transports: [udp]}
        - {mediamtx: {rtspAddress: ":9554"}}
        - {address: example.com}
        - {mediamtx: {rtspEncryption: strict}}
        - {address: 192.0.2.1}
      loop_control: {loop_var: given}
EOT
  run ansible play.yml "{rtsp_server_free_mib: 0, rtsp_server_sha256: {amd64: '$(printf 'a%.0s' {1..64})'},
    rtsp_server_videos: ['s3://films/v/'], ansible_python_interpreter: '{{ ansible_playbook_python }}'}"
  echo "$output"
  [ "$status" -eq 0 ]
  [ "$(grep -c 'is taken' <<<"$output")" -eq 1 ]
  [ "$(grep -c 'is refused: The publishers of this instance and the proof reach the server' <<<"$output")" -eq 4 ]
  [[ $output == *'is refused: rtsp_server_address is 192.0.2.1, which is no address of this instance'* ]]
}

@test "one setting says where the server listens, for the server, the publishers and the proof" {
  cat >render.yml <<EOT
- hosts: localhost
  gather_facts: false
  vars_files: ["$ROOT/ansible/roles/rtsp_server/defaults/main.yml", "$ROOT/ansible/roles/rtsp_server/vars/main.yml"]
  tasks:
    - ansible.builtin.template:
        src: "$ROOT/ansible/roles/rtsp_server/templates/{{ item }}.j2"
        dest: "$BATS_TEST_TMPDIR/{{ item }}"
        mode: "0644"
      loop: [mediamtx.yml, rtsp-stream@.service]
    - ansible.builtin.copy: {content: "{{ _rtsp_server_videos_json | to_json }}", dest: "$BATS_TEST_TMPDIR/videos.json", mode: "0644"}
EOT
  # Ansible looks for templates here if a playbook belongs to no role.
  ln -s "$ROOT/ansible/roles/rtsp_server/templates" templates
  local address
  for address in '' ::1; do
    run ansible render.yml "{rtsp_server_address: '$address', _rtsp_server_hashes: {publish: 'sha256:p', read: ''},
      _rtsp_server_growing_delay: true, _rtsp_server_ffmpeg_bin: /usr/bin,
      ansible_python_interpreter: '{{ ansible_playbook_python }}'}"
    echo "$output"
    [ "$status" -eq 0 ]
    "$PYTHON" - "$address" <<'EOT'
import json, pathlib, sys
import yaml
address = sys.argv[1]
server = yaml.safe_load(pathlib.Path("mediamtx.yml").read_text())
read = json.loads(pathlib.Path("videos.json").read_text())
host = address or "127.0.0.1"
listens = f"[{address}]" if ":" in address else address
assert server["rtspAddress"] == f"{listens}:8554" and server["rtpAddress"] == f"{listens}:8000", server
assert read["server"] == {"host": host, "port": 8554}, read
assert host in server["authInternalUsers"][0]["ips"], server
assert "NoNewPrivileges=yes" in read["confinement"] and "ProtectSystem=strict" in read["confinement"], read
assert not [line for line in read["confinement"] if line.startswith("#") or "=" not in line], read
assert f"IPAddressAllow=localhost {host}\n" in pathlib.Path("rtsp-stream@.service").read_text()
EOT
    "$PYTHON" -B "$LIB/mediamtx_config.py" mediamtx.yml
  done
}

# put_files JSON [OPTION]: runs the program as the role does, in a folder of its own.
put_files() { python3 -B "${LIB%/lib}/put.py" "${@:2}" <<<"$1"; }

@test "folders and files are made as requested, once, whatever was there" {
  ((EUID == 0)) || skip 'root alone gives files to root'
  local at=$BATS_TEST_TMPDIR/at from=$BATS_TEST_TMPDIR/from spec
  mkdir -p "$from/inner" "$at" && echo one >"$from/one" && chmod 0600 "$from/one"
  echo kept >"$at/kept" && ln -s /etc/passwd "$at/link"
  spec=$(spec_of "$at" "$from")
  umask 077
  run put_files "$spec" --check
  [ "$status" -eq 0 ]
  [[ $output == *"$at/copied/one"* && ! -e $at/copied ]]
  run put_files "$spec"
  [ "$status" -eq 0 ]
  [ "$(stat -c '%a %u %n' "$at/copied" "$at/copied/one" "$at/text" "$at/link" "$at/value")" = "755 0 $at/copied
644 0 $at/copied/one
644 0 $at/text
644 0 $at/link
644 0 $at/value" ]
  [ "$(<"$at/text")" = 'a text' ] && [ "$(<"$at/value")" = $'{\n  "port": 8554\n}' ]
  # A link is replaced, and its target stays as it is.
  [[ ! -L $at/link && $(head -c 4 /etc/passwd) == root ]]
  [ "$(<"$at/kept")" = kept ]
  run put_files "$spec"
  [ "$output" = '[]' ]
  chmod 0666 "$at/text"
  run put_files "$spec"
  [ "$output" = "[\"$at/text\"]" ]
  [ "$(find "$at" -name '.*.*' | wc -l)" -eq 0 ]
}

spec_of() {
  python3 -c 'import json, sys
at, source = sys.argv[1:]
print(json.dumps({"folders": [at + "/folder"], "copies": {at + "/copied": source},
    "json": {at + "/value": {"port": 8554}},
    "files": {at + "/text": "a text\n", at + "/link": "no link\n"}}))' "$1" "$2"
}

@test "a file that cannot be written is named, and the usage is one line" {
  ((EUID == 0)) || skip 'root alone gives files to root'
  echo a file >"$BATS_TEST_TMPDIR/file"
  run put_files "{\"files\": {\"$BATS_TEST_TMPDIR/file/below\": \"\"}}"
  [ "$status" -eq 1 ]
  [[ $output == *'Not a directory' ]]
  run put_files '{}' --wrong
  [ "$status" -eq 2 ]
}
