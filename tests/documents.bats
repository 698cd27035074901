#!/usr/bin/env bats
# The Command documents and the program in them, as far as that needs neither root nor an instance: what is built, what
# the linter refuses, which zips are refused, how a run ends. A script stands for ansible-playbook.

# shellcheck disable=SC2016,SC2030,SC2031 # that script's sh expands what stands in single quotes; run sets status
setup_file() {
  # Options and records of another machine's run do not count here.
  unset AWS_SSM_INSTANCE_ID SSM_COMMAND_ID
}

setup() {
  load helpers/common
  load helpers/sandbox
  export EXECUTED=$BATS_TEST_TMPDIR/executed
  PROGRAM=$ROOT/ssm-documents/gantry_apply
  export GANTRY_HOME=$BATS_TEST_TMPDIR/home PYTHONDONTWRITEBYTECODE=1
  mkdir -p "$BATS_TEST_TMPDIR/bin" "$BATS_TEST_TMPDIR/downloads"
  cd "$BATS_TEST_TMPDIR/downloads" || return 1
}

# ansible_doing SHELL: what ansible-playbook does in this test.
ansible_doing() {
  cat >"$BATS_TEST_TMPDIR/bin/ansible-playbook" <<PROGRAM
#!/bin/sh
case "\$1" in --version) echo 'ansible-playbook [core 2.17.1]'; exit ;; esac
$1
PROGRAM
  chmod +x "$BATS_TEST_TMPDIR/bin/ansible-playbook"
  PATH=$BATS_TEST_TMPDIR/bin:$PATH
}

# download FILE…: a bundle of a playbook and these, named by its sha256.
download() {
  rm -f ./*.zip
  python3 - bundle.zip "$@" <<'PYTHON'
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w") as archive:
    for name in ["playbook.yml", *sys.argv[2:]]:
        archive.writestr(name, "- hosts: all\n")
PYTHON
  mv bundle.zip "$(sha256sum bundle.zip | cut -d' ' -f1).zip"
}

# apply NAME=VALUE…: runs the program as the document's step does.
apply() { printf '%s\n' PlaybookFile=playbook.yml "$@" | python3 -I "$PROGRAM"; }

# unpack: builds evil.zip by the Python on standard input, and unpacks it.
unpack() {
  mkdir -p unpacked
  PYTHONPATH=$PROGRAM run python3 - <<PYTHON
import stat, zipfile
from pathlib import Path
import archives
from results import Failed

archives.MAX_BYTES, archives.MAX_MEMBERS = 1000, 10

def link(name, aim):
    info = zipfile.ZipInfo(name)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    archive.writestr(info, aim)

with zipfile.ZipFile("evil.zip", "w", zipfile.ZIP_DEFLATED) as archive:
$(sed 's/^/    /')
try:
    archives.unpack(Path("evil.zip"), Path("unpacked"))
    print("accepted")
except Failed as failure:
    print(failure.kind.word, failure.fault.value, failure.message)
PYTHON
}

@test "what is published is what its sources say" {
  run "$ROOT/scripts/build-documents" --check
  [ "$status" -eq 0 ]
}

@test "the lock has every requirement, in the version that is wanted, with hashes" {
  run diff <(grep -v '^#' "$ROOT/ssm-documents/ansible-requirements.in" | sed 's/ *; */; /' | sort) \
    <(sed -nE 's/^([a-z].*) \\$/\1/p' "$PROGRAM/ansible-requirements.txt" | sort)
  [ "$status" -eq 0 ]
  run grep -c -- '--hash=sha256:' "$PROGRAM/ansible-requirements.txt"
  [ "$output" -ge 20 ]
}

# spoiled PYTHON: the linter's findings on a copy whose document that statement has changed.
spoiled() {
  local copy=$BATS_TEST_TMPDIR/copy
  [ -d "$copy" ] || { mkdir "$copy" && cp -r "$ROOT/scripts" "$ROOT/ssm-documents" "$copy"; }
  cp "$ROOT/ssm-documents/Gantry-ApplyAnsiblePlaybooks.json" "$copy/ssm-documents/"
  python3 - "$copy/ssm-documents/Gantry-ApplyAnsiblePlaybooks.json" <<PYTHON
import json, sys
from pathlib import Path
path = Path(sys.argv[1])
document = json.loads(path.read_text())
parameters, steps = document["parameters"], document["mainSteps"]
$1
path.write_text(json.dumps(document, indent=1))
PYTHON
  run python3 "$copy/scripts/lib/checks/ssm_documents.py"
  [ "$status" -eq 1 ]
}

@test "the linter finds a document that was edited by hand" {
  spoiled 'document["description"] = "Another one."'
  [[ $output == *'is not what its sources say'* ]]
}

@test "the linter finds a parameter that could put words into a script" {
  spoiled 'parameters["RunId"]["allowedPattern"] = "^.*$"'
  [[ $output == *'RunId: accepts '* ]]
  spoiled 'parameters["RunId"].pop("allowedPattern")'
  [[ $output == *'RunId: needs allowedValues, or an allowedPattern'* ]]
  spoiled 'parameters["RunId"].pop("interpolationType")'
  [[ $output == *'RunId: is used in a script: it must be a String with interpolationType ENV_VAR'* ]]
  spoiled 'steps[2]["inputs"]["runCommand"].append("echo {{ RunId }}")'
  [[ $output == *'runShellScript: a parameter stands outside of a quoted here-document'* ]]
}

@test "the linter finds what a document says in vain, and one that is too big" {
  spoiled 'steps[0]["onFailure"] = steps[0]["inputs"].pop("onFailure")'
  [[ $output == *'downloadContent: has what counts inside of inputs only'* ]]
  spoiled 'parameters["Unused"] = {"type": "String", "description": "x", "allowedValues": ["a"]}'
  [[ $output == *'Unused: is used nowhere'* ]]
  spoiled 'steps[2]["inputs"]["runCommand"].append("# " + "x" * 65536)'
  [[ $output == *'more than Systems Manager takes'* ]]
}

@test "links within a zip are kept, and so are modes" {
  unpack <<'PYTHON'
archive.writestr("files/run", "#!/bin/sh\n")
archive.getinfo("files/run").external_attr = 0o100755 << 16
link("files/link", "run")
link("other", "files/../files")
PYTHON
  [ "$output" = accepted ]
  [ "$(readlink unpacked/files/link)" = run ]
  [ -x unpacked/other/run ]
}

@test "whatever would land outside of its folder is refused" {
  local name
  for name in ../x a/../../x /x 'a\\..\\x' C:/x a//x; do
    unpack <<<"archive.writestr('$name', 'x')"
    [[ $output == 'bundle bundle evil.zip is refused: the member '*'would land outside of its folder' ]]
  done
}

@test "a link that leads out is refused, by itself or through another one" {
  unpack <<<"link('a', '/etc')"
  [[ $output == *"the link 'a' leads out of its folder" ]]
  unpack <<<"link('b/c', '../../x')"
  [[ $output == *"the link 'b/c' leads out of its folder" ]]
  unpack <<<"link('d', 'e/..'); link('e', '.')"
  [[ $output == *"the link 'd' leads out of its folder" ]]
}

@test "a zip bomb, too many members, a member that is there twice, an encrypted one and no zip at all are refused" {
  unpack <<<"archive.writestr('a', 'x' * 1001)"
  [[ $output == *'unpacked it has more than 1000 bytes' ]]
  unpack <<<"[archive.writestr(f'm{n}', '') for n in range(11)]"
  [[ $output == *'it has 11 members; 10 are allowed' ]]
  unpack <<<"archive.writestr('b', ''); archive.writestr('b', '')"
  [[ $output == *"the member 'b' "*'is there twice' ]]
  unpack <<<"archive.writestr('c', ''); archive.writestr('c/d', '')"
  [[ $output == *'two of its members need the same place'* ]]
  unpack <<<"archive.writestr('e', ''); archive.getinfo('e').flag_bits |= 1"
  [[ $output == *"the member 'e' is encrypted" ]]
  printf 'no zip' >evil.zip
  PYTHONPATH=$PROGRAM run python3 -c 'import archives, pathlib
archives.unpack(pathlib.Path("evil.zip"), pathlib.Path("unpacked"))'
  [[ $output == *'it is no zip that can be read'* ]]
}

@test "a bundle without BundleSha256 must be named by its sha256" {
  ansible_doing true
  download
  run apply
  [ "$status" -eq 0 ]
  mv ./*.zip latest.zip
  run apply
  [ "$status" -eq 10 ]
  [[ $output == *', not latest: nothing of it was read'* ]]
}

@test "a bundle without the playbook speaks against the bundle" {
  ansible_doing true
  download
  run apply PlaybookFile=site.yml
  [ "$status" -eq 10 ]
  [[ $output == *'"fault":"bundle"'*'has no site.yml'* ]]
}

@test "the result comes first, and the output's end behind it is what Run Command can keep" {
  ansible_doing 'seq 1 20000; exit 2'
  download
  run apply
  [ "$status" -eq 12 ]
  [[ ${lines[0]} == '{"gantry":1,'*'"kind":"playbook"'* ]]
  [ "${#output}" -lt 24000 ]
  [ "${lines[-1]}" = 20000 ]
}

@test "a run whose id has a result is not executed, and one with another bundle is refused" {
  ansible_doing 'echo x >>"$EXECUTED"'
  download
  run apply RunId=one BundleSha256="$(basename ./*.zip .zip)"
  [ "$status" -eq 0 ]
  run apply RunId=one BundleSha256="$(basename ./*.zip .zip)"
  [ "$status" -eq 0 ]
  [[ $output == *'"repeated":true'* ]]
  [ "$(<"$EXECUTED")" = x ]
  download more.yml
  run apply RunId=one BundleSha256="$(basename ./*.zip .zip)"
  [ "$status" -eq 16 ]
  [[ $output == *'was executed already, with another BundleSha256; use a new RunId'* ]]
}

@test "a dry run is no run of that id" {
  ansible_doing true
  download
  apply RunId=one Check=True
  run apply RunId=one
  [ "$status" -eq 16 ]
  [[ $output == *'with another Check;'* ]]
}

@test "what a run that was killed has left is removed by the next one" {
  ansible_doing true
  download
  mkdir -p "$GANTRY_HOME/work-killed/bundle"
  run apply
  [ "$status" -eq 0 ]
  [ ! -e "$GANTRY_HOME/work-killed" ]
}

@test "what a disk image brought of another instance's runs does not count" {
  ansible_doing 'echo x >>"$EXECUTED"'
  download verify.yml
  AWS_SSM_INSTANCE_ID=i-0123456789abcdef0 apply RunId=one
  AWS_SSM_INSTANCE_ID=i-0fedcba9876543210 run apply RunId=one
  [[ $output != *repeated* && $output == *'"mode":"apply"'* ]]
  [ "$(<"$EXECUTED")" = $'x\nx' ]
}

@test "a run that does not get its turn says who has it, and did nothing" {
  ansible_doing 'echo x >>"$EXECUTED"; sleep 30'
  download
  apply RunId=first >/dev/null 3>&- &
  local first=$!
  within_seconds 20 test -e "$EXECUTED"
  run apply RunId=second TimeoutSeconds=5
  [ "$status" -eq 15 ]
  [[ $output == *'"fault":"nobody"'*'another run (first as process '* ]]
  [ "$(<"$EXECUTED")" = x ]
  pkill -P "$first" -TERM || kill "$first"
  wait "$first" || true
}

@test "a run that is ended from outside ends its play, and has no result that would be repeated" {
  ansible_doing 'echo x >>"$EXECUTED"; exec sleep 4713'
  download
  printf '%s\n' PlaybookFile=playbook.yml RunId=one >../options
  python3 -I "$PROGRAM" <../options >../output 3>&- &
  local program=$!
  within_seconds 20 test -e "$EXECUTED"
  kill -TERM "$program"
  wait "$program" || [ "$?" -eq 18 ]
  [[ $(cat ../output) == *'"kind":"ended"'*'"fault":"nobody"'* ]]
  run pgrep -fx 'sleep 4713'
  [ "$status" -ne 0 ]
  ansible_doing true
  run apply RunId=one
  [ "$status" -eq 0 ]
  [[ $output != *repeated* ]]
}

@test "what Ansible leaves running is ended with it" {
  ansible_doing 'sleep 4714 & exit 0'
  download
  run apply
  [ "$status" -eq 0 ]
  run pgrep -fx 'sleep 4714'
  [ "$status" -ne 0 ]
}

@test "a package manager that stays busy is the instance's fault, and its process is named" {
  python3 - "$BATS_TEST_TMPDIR/lock" <<'PYTHON' 3>&- &
import fcntl, sys, time
handle = open(sys.argv[1], "w")
fcntl.lockf(handle, fcntl.LOCK_EX)
open(sys.argv[1] + ".held", "w").close()
time.sleep(30)
PYTHON
  local holder=$!
  within_seconds 20 test -e "$BATS_TEST_TMPDIR/lock.held"
  PYTHONPATH=$PROGRAM run python3 - "$BATS_TEST_TMPDIR/lock" <<'PYTHON'
import sys, waits
from results import Failed
try:
    waits.for_package_managers(waits.Deadline(3), (sys.argv[1],))
except Failed as failure:
    print(failure.kind.word, failure.fault.value, failure.message)
PYTHON
  kill "$holder"
  [[ $output == "dependencies instance "*"is held by process $holder (python3)"* ]]
}

@test "a wheelhouse that is not the one its name says is not read" {
  download
  printf 'no wheels' >"$(printf '%064d' 1).zip"
  run apply AnsibleVersion=2.99 InstallFrom=Wheelhouse \
    "WheelhouseUri=https://s3.eu-central-1.amazonaws.com/b/wheelhouses/$(printf '%064d' 1).zip"
  [ "$status" -eq 11 ]
  [[ $output == *'nothing of it was read'* ]]
}

@test "an option that nobody knows, and a value that does not fit, are refused by name" {
  run apply Colour=red
  [ "$status" -eq 16 ]
  [[ $output == *"there is no option 'Colour'"* ]]
  run apply TimeoutSeconds=172801
  [ "$status" -eq 16 ]
  [[ $output == *'TimeoutSeconds does not match'* ]]
}

@test "a wheelhouse is built for Pythons and architectures that are locked only" {
  [ -x "$ROOT/.gantry/venv/bin/python" ] || skip 'no .gantry/venv'
  run "$ROOT/scripts/build-wheelhouse" --python 2.7
  [ "$status" -eq 2 ]
  run "$ROOT/scripts/build-wheelhouse" --python 3.11 --arch sparc
  [ "$status" -eq 2 ]
}
