#!/usr/bin/env bats
# The Command documents and the program in them, as far as that needs neither root nor an instance: what is built, what
# the linter refuses, which zips are refused, how a run ends. A script takes the place of ansible-playbook.

# shellcheck disable=SC2016,SC2030,SC2031 # that script's sh expands what stands in single quotes; run sets status
setup_file() {
  # Options and records of this machine's own runs do not count here.
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

# ansible_doing SHELL: what ansible-playbook does in this test. It inherits no variable that the program does not know.
ansible_doing() {
  cat >"$BATS_TEST_TMPDIR/bin/ansible-playbook" <<PROGRAM
#!/bin/sh
case "\$1" in --version) echo 'ansible-playbook [core 2.17.1]'; exit ;; esac
EXECUTED=$EXECUTED
$1
PROGRAM
  chmod +x "$BATS_TEST_TMPDIR/bin/ansible-playbook"
  PATH=$BATS_TEST_TMPDIR/bin:$PATH
}

# download FILE…: a bundle of a playbook and these files, named by its sha256.
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

archives.MAX_BYTES, archives.MAX_MEMBERS = 1000, 10

def link(name, aim):
    info = zipfile.ZipInfo(name)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    archive.writestr(info, aim)

with zipfile.ZipFile("evil.zip", "w", zipfile.ZIP_DEFLATED) as archive:
$(sed 's/^/    /')
# The limit on a zip's size is not tested here.
archives.MAX_BYTES += Path("evil.zip").stat().st_size
copy = archives.copied(Path("evil.zip"), Path("."))
archives.MAX_BYTES = 1000
try:
    archives.unpack(copy, Path("unpacked"))
    print("accepted")
except archives.Refused as refusal:
    print(refusal)
PYTHON
}

@test "the published documents are those that their sources make" {
  run "$ROOT/scripts/dev/build-documents" --check
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
  [ -d "$copy" ] || { mkdir "$copy" && (cd "$ROOT" && cp -r --parents scripts ssm-documents \
    terraform/modules/fleet/variables.tf lambda/launch/src/main/java/dev/gantry/launch/fleet "$copy"); }
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

@test "the linter finds a parameter that could put text into a script" {
  spoiled 'parameters["RunId"]["allowedPattern"] = "^.*$"'
  [[ $output == *'RunId: accepts '* ]]
  spoiled 'parameters["RunId"].pop("allowedPattern")'
  [[ $output == *'RunId: needs allowedValues, or an allowedPattern'* ]]
  spoiled 'parameters["RunId"].pop("interpolationType")'
  [[ $output == *'RunId: is used in a script: it must be a String with interpolationType ENV_VAR'* ]]
  spoiled 'steps[2]["inputs"]["runCommand"].append("echo {{ RunId }}")'
  [[ $output == *'runShellScript: a parameter stands outside of a quoted here-document'* ]]
}

@test "the linter finds a script that goes on after its parameters, and a different rule for playbooks or variables" {
  spoiled 'steps[2]["inputs"]["runCommand"].append("rm -rf somewhere")'
  [[ $output == *'runShellScript: a here-document with parameters must be its script'*'end'* ]]
  spoiled 'at = next(n for n, line in enumerate(steps[2]["inputs"]["runCommand"]) if line.startswith("exec "))
steps[2]["inputs"]["runCommand"][at] = steps[2]["inputs"]["runCommand"][at].removeprefix("exec ")'
  [[ $output == *'must be its script'*'end, and belong to an exec'* ]]
  spoiled 'parameters["PlaybookFile"]["allowedPattern"] = "^[a-z]+[.]yml$"'
  [[ $output == *'Fleet.java:1: takes '*'variables.tf:1: takes '*'takes ^[a-z]+[.]yml$'* ]]
  spoiled 'parameters["ExtraVariables"]["allowedPattern"] = "^[a-z]+=[a-z]+$"'
  [[ $output == *'ExtraVariables.java:1: takes '*'variables.tf:1: takes '*'takes ^[a-z]+=[a-z]+$'* ]]
}

@test "the linter finds parts of a document that have no effect, and a document that is too big" {
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

@test "a member that would land outside of its folder is refused" {
  local name
  for name in ../x a/../../x /x 'a\\..\\x' C:/x a//x; do
    unpack <<<"archive.writestr('$name', 'x')"
    [[ $output == 'evil.zip is refused: the member '*'would land outside of its folder' ]]
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
archives.unpack(archives.copied(pathlib.Path("evil.zip"), pathlib.Path(".")), pathlib.Path("unpacked"))'
  [[ $output == *'it is no zip that can be read'* ]]
}

@test "a zip that cannot be unpacked is a failure of the bundle" {
  unpack <<<"link('l', '')"
  [[ $output == "evil.zip is refused: the link 'l' leads nowhere"* ]]
  unpack <<<"link('l', 'a\0b')"
  [[ $output == "evil.zip is refused: the link 'l' leads nowhere"* ]]
  unpack <<<"archive.writestr('n' * 300, '')"
  [[ $output == *'a member cannot be written: File name too long' ]]
  unpack <<<"archive.writestr('/'.join(['n' * 200] * 30), '')"
  [[ $output == *'a member cannot be written: File name too long' ]]
  unpack <<<"link('l', 'n' * 4096)"
  [[ $output == 'evil.zip is refused: '* ]]
  # By their bytes: a name that claims to be UTF-8, a stream that is no deflate, an offset before the file.
  local spoiled
  for spoiled in "content.replace('grün'.encode(), b'gr\xff\xffn')" "content[:36] + b'\xff\xff\xff' + content[39:]" \
    "content.replace(b'PK\x05\x06', b'PK\x05\x07')" "content[:40] + content[50:]"; do
    unpack <<<"archive.writestr('grün', 'hijklmnop' * 9)"
    [ "$output" = accepted ]
    rm -r unpacked
    PYTHONPATH=$PROGRAM run python3 - <<PYTHON
from pathlib import Path
import archives
content = Path("evil.zip").read_bytes()
assert $spoiled != content
Path("evil.zip").write_bytes($spoiled)
try:
    archives.unpack(archives.copied(Path("evil.zip"), Path(".")), Path("unpacked"))
except archives.Refused as refusal:
    print(refusal)
PYTHON
    echo "$output"
    [[ $output == 'evil.zip is refused: it is no zip that can be read'* ]]
    rm -rf unpacked
  done
}

@test "any bytes in a zip are a failure of the bundle, and a full disk is one of the instance" {
  PYTHONPATH=$PROGRAM run python3 - <<'PYTHON'
import errno, io, random, shutil, zipfile
from pathlib import Path
import archives

whole = io.BytesIO()
with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
    for name in ("playbook.yml", "roles/a/tasks/main.yml", "grün"):
        archive.writestr(name, "- hosts: all\n" * 20)
chance = random.Random(13)
for _ in range(400):
    content = bytearray(whole.getvalue())
    for _ in range(chance.randrange(1, 6)):
        content[chance.randrange(len(content))] = chance.randrange(256)
    Path("evil.zip").write_bytes(content)
    copy = archives.copied(Path("evil.zip"), Path("."))
    try:
        archives.unpack(copy, Path("unpacked"))
    except archives.Refused:
        pass
    copy.file.close()
    shutil.rmtree("unpacked", ignore_errors=True)

def full(*_):
    raise OSError(errno.ENOSPC, "No space left on device")

Path("evil.zip").write_bytes(whole.getvalue())
archives._extract = full
try:
    archives.unpack(archives.copied(Path("evil.zip"), Path(".")), Path("unpacked"))
except OSError as error:
    print(error.strerror)
PYTHON
  [ "$output" = 'No space left on device' ]
}

@test "the bytes that are hashed are those that are unpacked, also if the download changes in between" {
  PYTHONPATH=$PROGRAM run python3 - <<'PYTHON'
import zipfile
from pathlib import Path
import archives

def write(text):
    with zipfile.ZipFile("one.zip", "w") as archive:
        archive.writestr("playbook.yml", text)

write("good")
copy = archives.copied(Path("one.zip"), Path("."))
write("evil")
archives.unpack(copy, Path("unpacked"))
print(Path("unpacked/playbook.yml").read_text())
PYTHON
  [ "$output" = good ]
  ln -s one.zip two.zip
  PYTHONPATH=$PROGRAM run python3 -c 'import archives, pathlib
archives.copied(pathlib.Path("two.zip"), pathlib.Path("."))'
  [[ $output == *'Too many levels of symbolic links'* ]]
}

@test "a tree whose callback_plugins is no folder, or has our callback's name, is a failure of the bundle" {
  ansible_doing true
  local name
  for name in callback_plugins callback_plugins/gantry_report.py callback_plugins/gantry_report.py/x; do
    download "$name"
    run apply
    [ "$status" -eq 10 ]
    [[ $output == *'"fault":"bundle"'*'callback_plugins'* ]]
  done
  download callback_plugins/other.py
  run apply
  [ "$status" -eq 0 ]
}

@test "the play says which Ansible it is; it is asked before only if the answer matters" {
  ansible_doing 'echo "{\"event\":\"start\",\"plays\":1,\"ansible\":\"2.18.2\"}" >"$GANTRY_REPORT"'
  download
  run apply InstallDependencies=False
  [[ $output == *'"ansible":"2.18.2","ansibleFrom":"image"'*'"ok":true'* ]]
  run apply InstallDependencies=False AnsibleVersion=2.18
  [ "$status" -eq 11 ]
  [[ $output == *'ansible-core 2.18 is wanted, the image has 2.17.1, and InstallDependencies is False'* ]]
}

@test "an Ansible that cannot start is the instance's fault, a play that ends before it begins is the bundle's" {
  download
  printf '#!/bin/sh\necho no module named jinja2\nexit 1\n' >"$BATS_TEST_TMPDIR/bin/ansible-playbook"
  chmod +x "$BATS_TEST_TMPDIR/bin/ansible-playbook"
  PATH=$BATS_TEST_TMPDIR/bin:$PATH
  run apply InstallDependencies=False
  [ "$status" -eq 11 ]
  [[ $output == *'"fault":"instance"'*"the image's $BATS_TEST_TMPDIR/bin/ansible-playbook does not start"* ]]
  ansible_doing 'echo "ERROR! the playbook is no YAML" >&2; exit 4'
  run apply InstallDependencies=False
  [ "$status" -eq 12 ]
  [[ $output == *'"fault":"bundle"'*'ended with 4: ERROR! the playbook is no YAML'* ]]
}

@test "text that a play writes into the report does not prevent reading it" {
  ansible_doing 'printf "%s\n" nothing 1 "[]" "{}" "{\"event\":\"stats\"}" \
    "{\"event\":\"failed\",\"name\":[],\"message\":{}}" "{\"event\":\"stats\",\"hosts\":1,\"totals\":7}" \
    "$(printf "%020000d" 0 | tr 0 "[")" >"$GANTRY_REPORT"; exit 2'
  download
  run apply
  [ "$status" -eq 12 ]
  [[ $output == *'"kind":"playbook"'*'"fault":"bundle"'* ]]
}

@test "with downloads that were not asked for the run is refused, before anything is read" {
  ansible_doing 'echo x >>"$EXECUTED"'
  download
  local name
  for name in boto3.py ansible.cfg folder/x "$(printf '%064d' 1).zip" link; do
    mkdir -p folder && rm -r folder
    case $name in
      folder/x) mkdir folder && touch folder/x ;;
      link) ln -s "$BATS_TEST_TMPDIR" link ;;
      *) touch "$name" ;;
    esac
    run apply
    [ "$status" -eq 10 ]
    [[ $output == *'"fault":"instance"'* ]]
    [[ $output == *"more than was asked for: ${name%%/*}."* || $output == *'should hold one bundle'* ]]
    rm -r "${name%%/*}"
  done
  [ ! -e "$EXECUTED" ]
  run apply
  [ "$status" -eq 0 ]
}

@test "no program starts in the folder of the downloads, or inherits more than it needs" {
  # The wheelhouse makes the run call pip; every interpreter says where it is and what it has.
  cat >"$BATS_TEST_TMPDIR/bin/ansible-playbook" <<PROGRAM
#!/bin/sh
{ echo "\$1 in \$PWD"; env | sed -n 's/=.*//p' | sort; } >>"$EXECUTED"
case "\$1" in --version) echo 'ansible-playbook [core 2.17.1]' ;; esac
PROGRAM
  chmod +x "$BATS_TEST_TMPDIR/bin/ansible-playbook"
  download
  export SSM_PlaybookFile=playbook.yml SSM_ExtraVariables='password=hunter2' PYTHONPATH=$PWD ANSIBLE_CONFIG=$PWD/x.cfg
  export LD_LIBRARY_PATH=$PWD PIP_INDEX_URL=https://evil.example HTTPS_PROXY=http://proxy:3128 GANTRY_HOME
  run env PATH="$BATS_TEST_TMPDIR/bin::.:relative:$PATH" python3 -I "$PROGRAM" \
    <<<$'PlaybookFile=\nExtraVariables=\nInstallDependencies=True'
  [ "$status" -eq 0 ]
  run cat "$EXECUTED"
  [[ ${lines[0]} == '--version in /' && $output == *"-i in $GANTRY_HOME/work-"*/bundle* && $output == *HTTPS_PROXY* ]]
  run grep -E '^(SSM_.*|PYTHON.*|ANSIBLE_CONFIG|LD_.*|PIP_.*)$' "$EXECUTED"
  [ "$status" -eq 1 ]
  # No program is called by its name in a relative folder.
  run env PATH="$BATS_TEST_TMPDIR/bin::.:relative:$PATH" python3 -I -c "import sys
sys.path.append('$PROGRAM')
import os, surroundings
surroundings.enter()
print(os.getcwd(), [folder for folder in os.environ['PATH'].split(':') if not folder.startswith('/')])"
  [ "$output" = '/ []' ]
}

@test "every interpreter is isolated, every script leaves the downloads' folder, and nothing follows a parameter" {
  # By the sources: every python is started with -I.
  run grep -rnE 'sys\.executable, "[^"]|bin/python", ("-m|"-c|[a-z])|\[python, "' "$ROOT/ssm-documents" --include='*.py'
  [ "$status" -eq 0 ]
  run grep -v -- '"-I"' <<<"$output"
  [ "$status" -eq 1 ]
  local script
  for script in "$ROOT"/ssm-documents/steps/*.sh; do
    run grep -nE '^[^#]*python3 ' "$script"
    run grep -vE 'python3 -I|command -v python3|not on the instance' <<<"$output"
    [ "$status" -eq 1 ]
    run awk '/^cd \/ / { left = 1 } /python3 |program=/ { print left; exit }' "$script"
    [ "$output" = 1 ]
    [ "$(tail -n 1 "$script")" = END_OF_GANTRY_PARAMETERS ]
  done
}

@test "extra variables reach Ansible by a file that only root reads, and are in no argument list" {
  ansible_doing 'echo "$@"; for one; do case $one in @*) stat -c %a "${one#@}"; cat "${one#@}" ;; esac; done; echo'
  download
  run apply "ExtraVariables=a=1 password='x hunter2 y=z' c=~ d={{Check}} e=#! f=a=b" RunId=one
  [ "$status" -eq 0 ]
  [[ ${lines[1]} == "-i localhost, -c local -e @$GANTRY_HOME/work-"*'/extra-variables.json -v playbook.yml' ]]
  [ "${lines[2]}" = 600 ]
  [ "${lines[3]}" = '{"a": "1", "password": "x hunter2 y=z", "c": "~", "d": "{{Check}}", "e": "#!", "f": "a=b"}' ]
}

@test "the real Ansible reads them as it reads name=value" {
  [ -x "$ROOT/.gantry/venv/bin/ansible-playbook" ] || skip 'no .gantry/venv'
  local one other show='{{ a | type_debug }} {{ a }} {{ b }} {{ c | default(7) }} {{ d }}'
  printf '[{hosts: all, gather_facts: false, tasks: [{ansible.builtin.debug: {msg: "%s"}}]}]\n' "$show" >../p.yml
  local variables="a=True b='x  y' d=[1,2]"
  one=$(cd .. && "$ROOT/.gantry/venv/bin/ansible-playbook" -i localhost, -c local -e "$variables" p.yml | grep msg)
  PYTHONPATH=$PROGRAM python3 -c 'import json, options, sys
print(json.dumps(options.read(["ExtraVariables=" + sys.argv[1]], {}).extra_variables))' "$variables" >../v.json
  other=$(cd .. && "$ROOT/.gantry/venv/bin/ansible-playbook" -i localhost, -c local -e @v.json p.yml | grep msg)
  [[ -n $one && $one == "$other" ]]
}

# bundle_with_playbook PLAYBOOK: a bundle of this playbook alone, named by its sha256.
bundle_with_playbook() {
  rm -f ./*.zip
  python3 -c 'import sys, zipfile
with zipfile.ZipFile("bundle.zip", "w") as archive:
    archive.writestr("playbook.yml", sys.argv[1])' "$1"
  mv bundle.zip "$(sha256sum bundle.zip | cut -d' ' -f1).zip"
}

# real_ansible PLAYBOOK: makes a bundle of it, and applies it with the real Ansible of the tests.
real_ansible() {
  [ -x "$ROOT/.gantry/venv/bin/ansible-playbook" ] || skip 'no .gantry/venv'
  bundle_with_playbook "$1"
  # With a fixed interpreter: discovery also finds a version manager's.
  PATH=$ROOT/.gantry/venv/bin:/usr/sbin:/usr/bin:/sbin:/bin run apply \
    "ExtraVariables=ansible_python_interpreter=$ROOT/.gantry/venv/bin/python"
  echo "$output"
}

@test "a run in which no task ran on this instance has failed, and says so" {
  real_ansible '[{hosts: tag_role_web, tasks: [{ansible.builtin.debug: }]}]'
  [ "$status" -eq 12 ]
  [[ $output == *'"fault":"bundle"'*'has no play for this instance'* ]]
  real_ansible '[{hosts: all, gather_facts: true}]'
  [ "$status" -eq 12 ]
  [[ $output == *'"fault":"bundle"'*'ran no task on this instance'* ]]
  real_ansible '[{hosts: all, gather_facts: false, tasks: [{ansible.builtin.debug: , when: false}]}]'
  [ "$status" -eq 12 ]
  [[ $output == *'ran no task on this instance'* ]]
  real_ansible '[{hosts: tag_role_web}, {hosts: all, gather_facts: false, tasks: [{ansible.builtin.debug: }]}]'
  [ "$status" -eq 0 ]
  # A task that failed, and was allowed to fail, has run.
  real_ansible '[{hosts: all, gather_facts: false, tasks: [{ansible.builtin.fail: , ignore_errors: true}]}]'
  [ "$status" -eq 0 ]
}

@test "what the real Ansible printed before its play was ended is in the output" {
  [ -x "$ROOT/.gantry/venv/bin/ansible-playbook" ] || skip 'no .gantry/venv'
  local program
  printf '%s\n' PlaybookFile=playbook.yml \
    "ExtraVariables=ansible_python_interpreter=$ROOT/.gantry/venv/bin/python" >../options
  bundle_with_playbook "[{hosts: all, gather_facts: false, tasks: [{ansible.builtin.debug: {msg: first}},
    {ansible.builtin.shell: 'touch $EXECUTED; exec sleep $NAP', name: the long one}]}]"
  PATH=$ROOT/.gantry/venv/bin:/usr/sbin:/usr/bin:/sbin:/bin python3 -I "$PROGRAM" <../options >../output 3>&- &
  program=$!
  eventually test -e "$EXECUTED"
  kill -TERM "$program"
  wait "$program" || [ "$?" -eq 18 ]
  [[ $(<../output) == *'"msg": "first"'*'TASK [the long one]'* ]]
}

@test "a daemon that a play of the real Ansible starts outlives it, and is named" {
  local play
  for play in "{ansible.builtin.shell: 'nohup sleep $NAP >/dev/null 2>&1 & echo \$! >$BATS_TEST_TMPDIR/pid'}" \
    "{ansible.builtin.command: sleep $NAP, async: 5000, poll: 0}"; do
    real_ansible "[{hosts: all, gather_facts: false, tasks: [$play]}]"
    [ "$status" -eq 0 ]
    # An async task begins a moment after its play ended.
    eventually pgrep -fx "sleep $NAP"
    pkill -fx "sleep $NAP"
  done
}

@test "diagnostics have no arguments of processes and no descriptions of units, and possible secrets are replaced" {
  mkdir -p "$GANTRY_HOME/log" "$GANTRY_HOME/runs"
  bash -c 'exec -a "sleep --user me:hunter2" sleep 4717' 3>&- &
  local process=$!
  printf '#!/bin/sh\necho "run-r1.scope loaded active running /usr/bin/tool --key hunter2"\n' \
    >"$BATS_TEST_TMPDIR/bin/systemctl"
  chmod +x "$BATS_TEST_TMPDIR/bin/systemctl"
  printf '{"wanted": {"ExtraVariables": "word=hunter2 SSM=True", "Check": "False"}}' >"$GANTRY_HOME/runs/one.json"
  cat >"$GANTRY_HOME/log/one.log" <<'LOG'
rtsp://publisher:hunter2@127.0.0.1:8554/north and https://hunter2@example.org/x
db_password: hunter2
"api_key": "hunter2 and more", \"token\": \"hunter2\"
Authorization: Bearer hunter2
--password hunter2 --secret-file=hunter2
https://b.s3.amazonaws.com/x?X-Amz-Signature=hunter2&X-Amz-Security-Token=hunter2
AWS_SECRET_ACCESS_KEY='hunter2' AKIAHUNTER2HUNTER2HU
-----BEGIN RSA PRIVATE KEY-----
hunter2
-----END RSA PRIVATE KEY-----
s3://bucket/videos/a@b.mp4 stays, and so does PLAY RECAP: ok=1
LOG
  sed -i s/HUNTER2HUNTER2HU/HUNTERTWOHUNTERT/ "$GANTRY_HOME/log/one.log"
  PATH=$BATS_TEST_TMPDIR/bin:$PATH PYTHONPATH=$PROGRAM python3 -c 'import diagnose, pathlib
diagnose.FILES = ()
diagnose.collect(pathlib.Path("all.tar.gz"))'
  kill "$process"
  tar -xzf all.tar.gz
  run grep -rl -e hunter2 -e AKIAHUNTER diagnostics
  echo "$output"
  [ "$status" -eq 1 ]
  grep -qE "^ *$process .* sleep$" diagnostics/processes.txt
  grep -qx 'run-r1.scope loaded active running' diagnostics/units.txt
  grep -q 'rtsp://\*\*\*@127.0.0.1:8554/north' diagnostics/one.log
  grep -q 's3://bucket/videos/a@b.mp4 stays, and so does PLAY RECAP: ok=1' diagnostics/one.log
  grep -q '"Check": "False"' diagnostics/one.json
}

@test "the program of the diagnostics removes its folder, whatever it was asked" {
  local what
  for what in DiagnosticsUri= DiagnosticsUri=ftp://x RunId=../x; do
    mkdir -p once && cp "$PROGRAM"/{diagnose,metadata,surroundings}.py once
    run python3 -I once/diagnose.py "$PWD" "$PWD/once" <<<"$what"
    [ ! -e once ]
  done
}

# script_of DOCUMENT STEP SED: the step's script with the agent's substitutions, as an old agent makes it.
script_of() {
  python3 -c 'import json, sys
steps = json.load(open(sys.argv[1]))["mainSteps"]
print("\n".join(next(one for one in steps if one["name"] == sys.argv[2])["inputs"]["runCommand"]))' \
    "$ROOT/ssm-documents/$1.json" "$2" | sed "$3"
}

@test "a value with a line break and the here-document's end executes nothing, also if no pattern is enforced" {
  ansible_doing true
  local step evil="x\\nEND_OF_GANTRY_PARAMETERS\\ntouch $BATS_TEST_TMPDIR/pwned\\ncat <<'END_OF_GANTRY_PARAMETERS'"
  printf '#!/bin/sh\necho 0\n' >"$BATS_TEST_TMPDIR/bin/id" && chmod +x "$BATS_TEST_TMPDIR/bin/id"
  for step in Gantry-CollectDiagnostics/collect Gantry-ApplyAnsiblePlaybooks/runShellScript \
    Gantry-ApplyAnsiblePlaybooks/diagnoseFailure; do
    script_of "${step%/*}" "${step#*/}" "s|{{ RunId }}|$evil|; s|{{ [A-Za-z0-9]* }}||" >../script
    grep -q pwned ../script
    run bash ../script
    echo "$output"
    # The program has read its parameters, and answers.
    [[ $output == '{"gantry'* ]]
    [ ! -e "$BATS_TEST_TMPDIR/pwned" ]
  done
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

@test "a bundle without the playbook is a failure of the bundle" {
  ansible_doing true
  download
  run apply PlaybookFile=site.yml
  [ "$status" -eq 10 ]
  [[ $output == *'"fault":"bundle"'*'has no site.yml'* ]]
}

@test "the result comes first, and the end of the output after it fits into what Run Command keeps" {
  ansible_doing 'seq 1 20000; exit 2'
  download
  run apply
  [ "$status" -eq 12 ]
  [[ ${lines[0]} == '{"gantry":1,'*'"kind":"playbook"'* ]]
  [ "${#output}" -lt 24000 ]
  [ "${lines[-1]}" = 20000 ]
}

@test "the limits of Run Command are bytes: the result and the end stay whole with letters of three bytes" {
  ansible_doing 'i=0; while [ $((i += 1)) -le 900 ]; do echo "$i 日本語日本語日本語日本語"; done; echo the end
    long=$(seq 2000 | tr -d "\n0-8" | sed "s/9/日/g")
    echo "{\"event\":\"failed\",\"name\":\"$long\",\"message\":\"本$long\"}" >"$GANTRY_REPORT"; exit 2'
  download
  apply >../output || [ $? -eq 12 ]
  [ "$(wc -c <../output)" -le 24000 ]
  [ "$(wc -c <../output)" -gt 23000 ]
  [ "$(tail -n 1 ../output)" = 'the end' ]
  # Lists show 2,500 bytes of it, and the whole line has to be among them.
  python3 -c 'import json, sys
line = json.loads(open(sys.argv[1], "rb").read(2500).partition(b"\n")[0])
assert line["task"].startswith("日日") and line["message"].startswith("本日"), line
assert line["message"].endswith("日…"), line' ../output
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

@test "files of a killed run are removed by the next one" {
  ansible_doing true
  download
  mkdir -p "$GANTRY_HOME/work-killed/bundle"
  run apply
  [ "$status" -eq 0 ]
  [ ! -e "$GANTRY_HOME/work-killed" ]
}

@test "runs of another instance that came with a disk image do not count" {
  ansible_doing 'echo x >>"$EXECUTED"'
  download verify.yml
  AWS_SSM_INSTANCE_ID=i-0123456789abcdef0 apply RunId=one
  AWS_SSM_INSTANCE_ID=i-0fedcba9876543210 run apply RunId=one
  [[ $output != *repeated* && $output == *'"mode":"apply"'* ]]
  [ "$(<"$EXECUTED")" = $'x\nx' ]
}

@test "a run that does not get the lock names the run that holds it, and did nothing" {
  ansible_doing 'echo x >>"$EXECUTED"; exec sleep '"$NAP"
  download
  apply RunId=first >/dev/null 3>&- &
  local first=$!
  eventually test -e "$EXECUTED"
  run apply RunId=second TimeoutSeconds=5
  [ "$status" -eq 15 ]
  [[ $output == *'"fault":"nobody"'*'another run (first as process '* ]]
  [ "$(<"$EXECUTED")" = x ]
  pkill -P "$first" -TERM || kill "$first"
  wait "$first" || true
}

@test "a run that is ended from outside ends its play, and has no result that would be repeated" {
  ansible_doing 'echo x >>"$EXECUTED"; exec sleep '"$NAP"
  download
  printf '%s\n' PlaybookFile=playbook.yml RunId=one >../options
  python3 -I "$PROGRAM" <../options >../output 3>&- &
  local program=$!
  eventually test -e "$EXECUTED"
  kill -TERM "$program"
  wait "$program" || [ "$?" -eq 18 ]
  [[ $(cat ../output) == *'"kind":"ended"'*'"fault":"nobody"'* ]]
  gone "sleep $NAP"
  ansible_doing true
  run apply RunId=one
  [ "$status" -eq 0 ]
  [[ $output != *repeated* ]]
}

@test "processes that a successful play leaves running go on, and are named" {
  ansible_doing 'sleep 4714 & echo $! >"$EXECUTED"; exit 0'
  download
  run apply
  [ "$status" -eq 0 ]
  [[ $output == *"\"left\":[\"sleep ($(<"$EXECUTED"))\"]"* ]]
  kill "$(<"$EXECUTED")"
}

@test "processes that a play leaves running end with it if it fails, or proves nothing" {
  ansible_doing "sleep $NAP &"'
    echo "{\"event\":\"stats\",\"hosts\":0,\"totals\":{}}" >>"$GANTRY_REPORT"; exit "$(cat "$EXECUTED")"'
  download
  local code
  for code in 2 0; do
    echo "$code" >"$EXECUTED"
    run apply
    [ "$status" -eq 12 ]
    [[ $output != *'"left"'* ]]
    gone "sleep $NAP"
  done
}

@test "a package manager that stays busy is a failure of the instance, and its process is named" {
  python3 - "$BATS_TEST_TMPDIR/lock" <<'PYTHON' 3>&- &
import fcntl, sys, time
handle = open(sys.argv[1], "w")
fcntl.lockf(handle, fcntl.LOCK_EX)
open(sys.argv[1] + ".held", "w").close()
time.sleep(1200)
PYTHON
  local holder=$!
  eventually test -e "$BATS_TEST_TMPDIR/lock.held"
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

@test "a wheelhouse whose sha256 is not its name is not read" {
  download
  printf 'no wheels' >"$(printf '%064d' 1).zip"
  run apply AnsibleVersion=2.99 InstallFrom=Wheelhouse \
    "WheelhouseUri=https://s3.eu-central-1.amazonaws.com/b/wheelhouses/$(printf '%064d' 1).zip"
  [ "$status" -eq 11 ]
  [[ $output == *'nothing of it was read'* ]]
}

@test "a wheelhouse that cannot be used is no failure of the bundle" {
  ansible_doing true
  download
  local name
  for name in broken empty; do
    [ "$name" = broken ] || python3 -c 'import zipfile; zipfile.ZipFile("w.new", "w").close()'
    [ "$name" = empty ] || printf 'no zip' >w.new
    local sha
    sha=$(sha256sum w.new | cut -d' ' -f1)
    mv w.new "$sha.zip"
    run apply AnsibleVersion=2.99 InstallFrom=Wheelhouse \
      "WheelhouseUri=https://s3.eu-central-1.amazonaws.com/b/wheelhouses/$sha.zip"
    [ "$status" -eq 11 ]
    [[ $output == *'"fault":"instance"'*wheelhouse* ]]
    rm "$sha.zip"
  done
}

@test "an unknown option, and a value that does not fit, are refused by name" {
  ansible_doing true
  download
  run apply Colour=red
  [ "$status" -eq 16 ]
  [[ $output == *"there is no option 'Colour'"* ]]
  local playbook
  for playbook in ../x.yml a/../x.yml /x.yml -x.yml a//x.yml ./../x.yml a/./x.yml ..x.yml x.yml/ .yml 'x$.yml' \
    $'a\nb.yml'; do
    run apply "PlaybookFile=$playbook"
    [ "$status" -eq 16 ]
  done
  for playbook in ./site.yml .hidden/site.yaml '(a)/-b.yml' a.b/c..yml "$(printf '%0300d' 0).yml"; do
    run apply "PlaybookFile=$playbook"
    [ "$status" -eq 10 ]
  done
  run apply TimeoutSeconds=172801
  [ "$status" -eq 16 ]
  [[ $output == *'TimeoutSeconds does not match'* ]]
}

@test "a wheelhouse is built only for Pythons and architectures that are locked" {
  [ -x "$ROOT/.gantry/venv/bin/python" ] || skip 'no .gantry/venv'
  run "$ROOT/scripts/ops/build-wheelhouse" --python 2.7
  [ "$status" -eq 2 ]
  run "$ROOT/scripts/ops/build-wheelhouse" --python 3.11 --arch sparc
  [ "$status" -eq 2 ]
}
