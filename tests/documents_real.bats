#!/usr/bin/env bats
# The hardened document on an instance that really boots, sent by the aws command through the sandbox. The instance has
# no internet. Needs root, the image of scripts/lib/instances/build-image.sh, and for the last tests the network (a
# wheelhouse).

setup_file() {
  load helpers/common
  load helpers/sandbox
  load helpers/documents
  load helpers/instances
  use_own_aws
  start_sandbox "$BATS_FILE_TMPDIR/sandbox" --instances real
  export SANDBOX
  use_sandbox "$BATS_FILE_TMPDIR/sandbox"
  LOGS=$(json_tool get logs <"$BATS_FILE_TMPDIR/sandbox/line")
  export LOGS GANTRY_AWS=$ROOT/.gantry/venv/bin/aws
  # Before everything else: functions keep settings for a minute.
  choose_document web
  publish_document Gantry-ApplyAnsiblePlaybooks
  publish_document Gantry-CollectDiagnostics
  INSTANCE=$(instance_without_hook)
  export INSTANCE
  mkdir -p "$BATS_FILE_TMPDIR/steps"
  cat >"$BATS_FILE_TMPDIR/steps/playbook.yml" <<'PLAYBOOK'
---
- hosts: all
  gather_facts: false
  tasks:
    - name: Leave a file
      ansible.builtin.copy:
        dest: /etc/made-by-the-play
        content: "made\n"
        mode: "0644"
- hosts: all
  gather_facts: false
  tasks:
    - name: Prove that it serves
      ansible.builtin.command: "{{ prove | default('true') }}"
      changed_when: false
PLAYBOOK
  BUNDLE=$(BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR bundle_of "$BATS_FILE_TMPDIR/steps")
  export BUNDLE
}

setup() {
  load helpers/common
  load helpers/sandbox
  load helpers/documents
  load helpers/instances
}

teardown_file() {
  load helpers/common
  load helpers/sandbox
  [ -z "${SANDBOX:-}" ] || stop_sandbox "$SANDBOX" TERM
}

@test "a bundle is applied, and a second time changes nothing" {
  apply_by_cli "$BUNDLE" RunId=twice-1
  is ok True kind success mode apply bundle "$BUNDLE" tasks.changed 1 tasks.failed 0 ansibleFrom image
  apply_by_cli "$BUNDLE" RunId=twice-2
  is ok True mode apply tasks.changed 0
}

@test "the same run a second time gives the first result, and executes nothing" {
  local bundle first
  bundle=$(bundle_doing 'echo x >>/srv/once')
  apply "$bundle" RunId=once
  is ok True
  first=$LINE
  apply "$bundle" RunId=once
  [ "$LINE" = "${first%\}},\"repeated\":true}" ]
  [ "$(shell 'cat /srv/once')" = x ]
}

@test "the failing task is named, with its message and with what failed: bundle or instance" {
  apply "$(bundle_doing 'echo no such thing >&2; exit 3')"
  is ok False kind playbook exit 12 fault bundle task 'Do what the test wants'
  says 'non-zero return code; rc 3; no such thing'
}

@test "a failure in the last play is a failure of readiness" {
  apply "$BUNDLE" ExtraVariables=prove=/bin/false
  is kind readiness exit 13 fault bundle task 'Prove that it serves'
}

@test "a bundle that is applied already is only verified, by its own verify.yml" {
  local bundle
  bundle=$(bundle_doing 'echo applied >>/srv/verified' 'echo verified >>/srv/verified')
  apply "$bundle"
  is ok True mode apply
  apply "$bundle"
  is ok True mode verify
  [ "$(shell 'cat /srv/verified')" = $'applied\nverified' ]
  apply "$BUNDLE"
  apply "$bundle"
  is ok True mode apply
}

@test "a verification that fails, or runs no task, is a failure of readiness" {
  longer
  local bundle tree=$BATS_TEST_TMPDIR/empty
  bundle=$(bundle_doing true false)
  apply "$bundle"
  apply "$bundle"
  is kind readiness mode verify fault bundle
  mkdir "$tree"
  playbook_doing true >"$tree/playbook.yml"
  printf -- '---\n- hosts: all\n' >"$tree/verify.yml"
  bundle=$(bundle_of "$tree")
  apply "$bundle"
  apply "$bundle"
  is kind readiness mode verify
  says 'ran no task'
}

@test "two runs at once take turns" {
  local bundle one other
  bundle=$(bundle_doing 'echo begin >>/srv/turns; sleep 2; echo end >>/srv/turns')
  one=$(send_apply "$bundle")
  other=$(send_apply "$bundle")
  line_of "$one"
  is ok True
  line_of "$other"
  is ok True
  [ "$(shell 'cat /srv/turns')" = $'begin\nend\nbegin\nend' ]
}

@test "the same run twice at once is executed once" {
  local bundle one other first
  bundle=$(bundle_doing 'echo x >>/srv/same; sleep 1')
  one=$(send_apply "$bundle" RunId=same)
  other=$(send_apply "$bundle" RunId=same)
  line_of "$one"
  is ok True
  first=$(field repeated)
  line_of "$other"
  is ok True
  # The agent decides which of them came first.
  [ "$first$(field repeated)" = True ]
  [ "$(shell 'cat /srv/same')" = x ]
}

@test "a bundle with another sha256 is not read" {
  local wrong
  wrong=$(printf '%064d' 7)
  apply "$BUNDLE" "BundleSha256=$wrong"
  is ok False kind bundle exit 10 fault instance
  says "has sha256 $BUNDLE, not $wrong"
}

@test "a zip that leads out of its folder is refused, and leaves nothing" {
  local name
  for name in ../../../../etc/evil /etc/evil; do
    python3 - "$BATS_TEST_TMPDIR/evil.zip" "$name" <<'PYTHON'
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w") as archive:
    archive.writestr("playbook.yml", "- hosts: all\n")
    archive.writestr(sys.argv[2], "evil\n")
PYTHON
    apply "$(put_zip "$BATS_TEST_TMPDIR/evil.zip" "$(sha256sum "$BATS_TEST_TMPDIR/evil.zip" | cut -d' ' -f1)")"
    is kind bundle exit 10 fault bundle
    says 'would land outside of its folder'
  done
  [ "$(shell 'ls -d /etc/evil /var/lib/evil /var/lib/gantry/work-* 2>/dev/null; echo none')" = none ]
}

@test "a play that exceeds its time is ended, with the children that have left it" {
  local bundle
  bundle=$(bundle_doing 'setsid sleep 4711 & sleep 4711')
  apply "$bundle" TimeoutSeconds=30
  is kind timeout exit 14 fault bundle task 'Do what the test wants'
  gone_there 'sleep 4711'
}

@test "a run whose program is killed ends its play, and the same run again is executed again" {
  local bundle id
  bundle=$(bundle_doing 'echo x >>/srv/killed; [ -e /srv/second ] || sleep 4712')
  id=$(send_apply "$bundle" RunId=killed)
  eventually began_to_sleep 4712
  shell 'pkill -KILL -f "python3 -I /var/lib/gantry/program"; touch /srv/second'
  client ended "$id" "$INSTANCE" runShellScript || true
  [ "$(status_of "$id")" != Success ]
  eventually gone_there 'sleep 4712'
  apply "$bundle" RunId=killed
  is ok True repeated ''
  [ "$(shell 'cat /srv/killed')" = $'x\nx' ]
}

began_to_sleep() { [ "$(shell "pgrep -cfx 'sleep $1'")" -ge 1 ]; }

# gone_there COMMAND: no process of the instance has exactly this command line; pgrep says so with 1.
gone_there() { [ "$(shell "pgrep -fx '$1'; echo \$?")" = 1 ]; }

@test "a run waits while the package manager is busy" {
  longer
  local id
  shell 'systemd-run --quiet --collect python3 -c "import fcntl, os, time
handle = open(\"/var/lib/dpkg/lock-frontend\", \"w\")
fcntl.lockf(handle, fcntl.LOCK_EX)
while not os.path.exists(\"/srv/release\"):
    time.sleep(0.1)"'
  id=$(send_apply "$BUNDLE" RunId=waits)
  eventually began waits
  shell 'sleep 3; touch /srv/release'
  line_of "$id"
  is ok True
  python3 -c 'import sys; sys.exit(float(sys.argv[1]) < 1)' "$(field phases.packages)"
}

# began RUN: does the run hold the lock?
began() { [ "$(shell "ls /var/lib/gantry/runs/$1.json 2>/dev/null || echo no")" != no ]; }

# shellcheck disable=SC2016 # sh expands it, in the play
@test "after a reboot that the play asks for, the run goes on in the same command" {
  longer
  local bundle before id
  bundle=$(bundle_doing 'echo x >>/srv/boots; [ -e /srv/again ] || touch /srv/again "$GANTRY_REBOOT_FILE"')
  before=$(shell 'stat -c %Z /proc/1')
  id=$(send_apply "$bundle" RunId=reboots)
  line_of "$id"
  is ok True repeated ''
  [ "$(status_of "$id")" = Success ]
  [ "$(shell 'wc -l </srv/boots')" = 2 ]
  [ "$(shell 'stat -c %Z /proc/1')" != "$before" ]
}

@test "a machine that goes down in the middle of a run executes it again when it is back" {
  longer
  local bundle id
  bundle=$(bundle_doing 'echo x >>/srv/down; [ -e /srv/up ] || { touch /srv/up; sleep 4715; }')
  id=$(send_apply "$bundle" RunId=down)
  eventually began_to_sleep 4715
  # Nothing is stopped before. A timer does it, so that the agent has nothing to go on with.
  shell 'systemd-run --quiet --on-active=1 systemctl reboot --force --force'
  line_of "$id"
  is ok True repeated ''
  [ "$(shell 'cat /srv/down')" = $'x\nx' ]
}

@test "a reboot that the play did not ask for is no failure, and the same run is executed again" {
  longer
  local bundle id
  bundle=$(bundle_doing 'echo x >>/srv/orderly; [ -e /srv/again ] || { touch /srv/again; sleep 4716; }')
  shell 'rm -f /srv/again'
  id=$(send_apply "$bundle" RunId=orderly)
  eventually began_to_sleep 4716
  shell 'systemd-run --quiet --on-active=1 systemctl reboot'
  line_of "$id"
  is ok False kind ended exit 18 fault nobody
  says 'was shut down or rebooted'
  apply "$bundle" RunId=orderly
  is ok True repeated ''
  [ "$(shell 'cat /srv/orderly')" = $'x\nx' ]
}

@test "a full disk is a failure of the instance, and the same run succeeds once there is room" {
  longer
  shell 'mount -t tmpfs -o size=64k full /var/lib/gantry'
  apply "$BUNDLE" RunId=full
  is ok False kind internal exit 17 fault instance
  says 'is the disk full?'
  [ "$(shell 'ls /var/lib/gantry/program')" = '' ]
  shell 'mount -o remount,size=2m /var/lib/gantry'
  apply "$(printf '%064d' 1)" "SourceInfo={\"path\": \"$(s3_url "bundles/web/$BUNDLE.zip")\"}" RunId=brings-the-program
  is kind bundle
  shell 'cat /dev/zero >/var/lib/gantry/ballast || true'
  apply "$BUNDLE" RunId=full
  is ok False kind internal exit 17 fault instance
  says 'No space left on device'
  shell 'umount /var/lib/gantry'
  apply "$BUNDLE" RunId=full
  is ok True repeated ''
}

@test "Ansible comes by pip, each wheel by its hash, if that is allowed and the image's does not fit" {
  longer
  local told
  enter "$INSTANCE"
  packages_for "$BATS_TEST_TMPDIR/packages" python3-venv || skip 'the packages cannot be fetched: no network'
  told=$("$ROOT/scripts/ops/build-wheelhouse" --python "$(python_of_the_image)" --arch "$(uname -m)" --json) ||
    skip 'the wheels cannot be fetched: no network'
  bring_packages "$BATS_TEST_TMPDIR/packages"
  # Folders on the instance take the place of Debian's repository and of PyPI.
  inside mkdir -p /srv/wheels
  json_tool get path <<<"$told" | xargs cat |
    inside sh -c 'cat >/srv/wheels.zip && python3 -m zipfile -e /srv/wheels.zip /srv/wheels'
  printf '%s\n' '[global]' no-index=true find-links=/srv/wheels | inside sh -c 'cat >/etc/pip.conf'
  apply "$BUNDLE" AnsibleVersion=2.19 InstallDependencies=True InstallFrom=Internet TimeoutSeconds=300
  is ok True ansibleFrom internet
  [[ $(field ansible) == 2.19.* ]]
  # The image's own Ansible, and the system's Python, are as they were.
  [[ $(shell 'ansible-playbook --version | head -n 1') == *2.14.* ]]
  [ "$(shell 'ls /usr/local/lib/python3*/dist-packages 2>/dev/null')" = '' ]
}

@test "Ansible comes from a wheelhouse if the image's does not fit, and a failure's logs go to S3" {
  longer
  local told sha bundle id from=()
  told=$("$ROOT/scripts/ops/build-wheelhouse" --python "$(python_of_the_image)" --arch "$(uname -m)" --json) ||
    skip 'the wheels cannot be fetched: no network'
  sha=$(json_tool get sha256 <<<"$told")
  client put "$ROOT/.gantry/wheelhouses/$sha.zip" "wheelhouses/$sha.zip"
  from=(InstallDependencies=True InstallFrom=Wheelhouse "WheelhouseUri=$(s3_url "wheelhouses/$sha.zip")")
  apply "$BUNDLE" AnsibleVersion=2.19 "${from[@]}" TimeoutSeconds=300
  is ok True ansibleFrom wheelhouse
  [[ $(field ansible) == 2.19.* ]]
  bundle=$(bundle_doing 'exit 1')
  id=$(send_apply "$bundle" AnsibleVersion=2.19 "${from[@]}" RunId=failing "DiagnosticsUri=$(s3_url diagnostics/web)")
  line_of "$id"
  is kind playbook
  # By the instance's ARN, as IAM binds it.
  aws s3 cp --quiet "s3://$BUCKET/$(aws s3 ls --recursive "s3://$BUCKET/diagnostics/web/" |
    grep -o "[^ ]*/$INSTANCE/[^ ]*-failing.tar.gz")" "$BATS_TEST_TMPDIR/diagnostics.tar.gz"
  run tar -tzf "$BATS_TEST_TMPDIR/diagnostics.tar.gz"
  [[ $output == *diagnostics/journal.txt*diagnostics/failing.log* ]]
  client run Gantry-CollectDiagnostics "$INSTANCE" collect "DiagnosticsUri=$(s3_url diagnostics/web)" RunId=by-hand
  aws s3 ls --recursive "s3://$BUCKET/diagnostics/web/" | grep -q -- "/$INSTANCE/.*-by-hand.tar.gz"
}

@test "without a wheelhouse, and if nothing may be installed, the line says what is missing" {
  apply "$BUNDLE" AnsibleVersion=2.99
  is kind dependencies exit 11 fault instance
  says 'ansible-core 2.99 is wanted, the image has 2.14'
}

@test "a fleet whose settings name this document launches with it, and an abandonment names the failing task" {
  publish_tree "$BATS_FILE_TMPDIR/steps"
  desire 1
  eventually in_service 1
  run aws ssm list-commands --output text --query \
    "Commands[?starts_with(Comment, 'gantry run-')].[DocumentName, Parameters.RunId[0], Parameters.BundleSha256[0]]"
  [[ $output == "$DOCUMENT"$'\trun-'*$'\t'"$BUNDLE" ]]
  mkdir "$BATS_TEST_TMPDIR/failing"
  playbook_doing 'echo no such thing >&2; exit 3' >"$BATS_TEST_TMPDIR/failing/playbook.yml"
  publish_tree "$BATS_TEST_TMPDIR/failing"
  desire 2
  eventually logged abandoned
  run grep -rhm 1 '"log_type":"abandoned"' "$LOGS"
  [[ $output == *'"task":"Do what the test wants"'* && $output == *'no such thing'* ]]
}
