# shellcheck shell=bash
# The suites of scripts/test. A new suite is a line here and a function suite_NAME (a hyphen becomes an underscore).
# A suite returns 0, SKIPPED after note_skip, or anything else for a failure.

# shellcheck disable=SC2034 # scripts/test reads it
SKIPPED=77
# shellcheck disable=SC2034 # scripts/test reads it
SUITES='
setup|this machine has the tools, and .gantry/venv the Python tools
lint|shell, Python, YAML, Ansible, links, traces of a machine, help texts
build|Maven builds what the next suites run; the image that systems boot from
documents|the Command documents: what is built, what is refused; applied on a booted system (--all: reboots, wheelhouse)
fallback|the bastion channel: the forced command, what instance and bastion do at boot; on booted systems with OpenSSH
bundle|the same playbook tree gives the same bytes; what cannot be a bundle is refused
scripts|the scripts: options, refusals; publishing, up and down against a fake aws CLI and a fake terraform
java-newer|with --all: every module compiles and passes its tests on the newest JDK that is installed
playbook|Ansible applies the example playbook in a booted system, twice; a broken one says why it fails
role|launched instances serve their videos from S3 as RTSP streams, played from outside (--all: no way to the internet)
terraform|every module and environment: validated, its tests with a mocked provider, its refusals
cli|the aws CLI and gantry drive the sandbox; bypass works while Gantry is dead; verify-on-aws finds the kept shapes
readme|every command of the READMEs and of the operations page works; both languages and the figures agree
java|formatter, static checks and tests of every module (mvn verify)
rendered|the policy of the bucket, alarms and dashboard that Terraform renders, compared with what runs in the sandbox
faults|launches converge whose functions are killed or answered badly: a sample of each day (--all: every case)
policies|holes in the policies that Terraform renders, planted one by one, are found by the judge of suite iam
iam|calls of all suites, and attacks, judged by an IAM engine against the policies that Terraform renders
'

# From the suite BESIDE_FROM on, each of these lanes runs beside the other suites, in its own order: most of its suites
# wait for systems more than they work, and none measures. Each suite is shown in its turn. The first lane begins with
# what needs the image, and the others with what Maven builds, so that both are made while the linters run.
# shellcheck disable=SC2034 # scripts/test reads them
BESIDE=('java-newer playbook role terraform policies' 'cli readme' 'java rendered faults') BESIDE_FROM=lint

# note_skip WHAT REASON: remembered for the list at the end.
# shellcheck disable=SC2153 # scripts/test sets SUITE
note_skip() { printf '%s\t%s\t%s\n' "$SUITE" "$1" "$2" >>"$SKIPS"; }

# skip_suite REASON: the whole suite is skipped.
skip_suite() {
  note_skip 'all of it' "$1"
  say "Skipped: $1."
  return "$SKIPPED"
}

suite_setup() { (setup_system build test) && setup_python; }

# The other suites set themselves up as well, so that --only works on a fresh machine.
suite_lint() {
  setup_system test
  setup_python || return 1
  has shellcheck || note_skip shellcheck 'shellcheck is not installed'
  "$ROOT/scripts/dev/lint"
}

suite_bundle() { run_bats "$ROOT/tests/bundle.bats"; }

suite_scripts() {
  local file name files=()
  # A file with the name of another suite belongs to that suite: role.bats, documents_real.bats.
  for file in "$ROOT"/tests/*.bats; do
    name=$(basename "${file%%_*}" .bats)
    [[ $name != scripts ]] && grep -q "^$name|" <<<"$SUITES" || files+=("$file")
  done
  run_bats "${files[@]}"
}

suite_build() {
  setup_system build
  setup_python || return 1
  build_if_needed
  setup_real_instances
  [[ -n $OBSTACLE ]] || step 'The image that systems boot from' image "$ROOT/scripts/lib/instances/build-image.sh"
}

suite_cli() {
  suite_build || return 1
  NO_REAL_INSTANCES=${OBSTACLE:+systems cannot boot here ($OBSTACLE)} \
    run_bats "$ROOT/tests/cli.bats" "$ROOT/tests/cli_gantry.bats" "$ROOT/tests/cli_doctor.bats" \
      "$ROOT/tests/cli_bypass.bats" "$ROOT/tests/cli_verify.bats"
}

suite_terraform() {
  local obstacle
  source "$ROOT/scripts/lib/terraform/terraform.sh"
  spare_the_processors
  obstacle=$(terraform_obstacle)
  [[ -z $obstacle ]] || skip_suite "$obstacle" || return "$SKIPPED"
  "$ROOT/scripts/dev/terraform-test" && run_bats "$ROOT/tests/terraform.bats"
}

suite_readme() {
  local place reason
  setup_system build
  setup_python || return 1
  while IFS=$'\t' read -r place reason; do
    note_skip "$place" "$reason"
  done < <(python3 -B "$ROOT/scripts/lib/readme_blocks.py" skips "$ROOT/README.md" "$ROOT/docs/operations.md")
  run_bats "$ROOT/tests/readme.bats"
}

suite_playbook() {
  setup_real_instances
  [[ -z $OBSTACLE ]] || skip_suite "systems cannot boot here ($OBSTACLE)" || return "$SKIPPED"
  step 'The image that systems boot from' image "$ROOT/scripts/lib/instances/build-image.sh" || return 1
  IMAGE=$("$ROOT/scripts/lib/instances/build-image.sh") run_bats "$ROOT/tests/playbook.bats"
}

suite_documents() {
  suite_build || return 1
  if [[ -n $OBSTACLE ]]; then
    note_skip 'the documents on an instance' "systems cannot boot here ($OBSTACLE)"
    run_bats "$ROOT/tests/documents.bats"
    return
  fi
  # Both wait more than they compute.
  ALL=$ALL IMAGE=$("$ROOT/scripts/lib/instances/build-image.sh") \
    run_bats_beside "$ROOT/tests/documents.bats" "$ROOT/tests/documents_real.bats"
}

suite_fallback() {
  local files=("$ROOT/tests/fallback.bats" "$ROOT/tests/fallback_boot.bats") image=''
  setup_python || return 1
  setup_real_instances
  if [[ -n $OBSTACLE ]]; then
    note_skip 'the bastion channel on booted systems' "systems cannot boot here ($OBSTACLE)"
  else
    step 'The image that systems boot from' image "$ROOT/scripts/lib/instances/build-image.sh" || return 1
    image=$("$ROOT/scripts/lib/instances/build-image.sh")
    files+=("$ROOT/tests/fallback_real.bats")
  fi
  IMAGE=$image run_bats "${files[@]}"
}

suite_role() {
  local files=("$ROOT/tests/role_programs.bats" "$ROOT/tests/role_videos.bats")
  setup_system build media
  setup_python || return 1
  setup_real_instances
  if [[ -n $OBSTACLE ]]; then
    note_skip 'the role on an instance' "systems cannot boot here ($OBSTACLE)"
    run_bats "${files[@]}"
    return
  fi
  build_if_needed
  step 'The image that systems boot from' image "$ROOT/scripts/lib/instances/build-image.sh" || return 1
  files+=("$ROOT/tests/role.bats")
  [[ -z $ALL ]] || files+=("$ROOT/tests/role_offline.bats")
  # Its instances call queues, parameters and a bucket that no environment has, so that its calls are not judged.
  GANTRY_CALLS='' ALL=$ALL IMAGE=$("$ROOT/scripts/lib/instances/build-image.sh") run_bats "${files[@]}"
}

# run_bats FILE…: shows a line per test, and collects what bats says of skips.
run_bats() {
  setup_system test
  has bats || skip_suite 'bats is not installed' || return "$SKIPPED"
  local rc=0
  bats --tap --print-output-on-failure "$@" | tee -i "$STATE/log/$SUITE.log" || rc=$?
  note_skips_of_bats
  return "$rc"
}

# run_bats_beside OTHER FILE…: the same, and at the same time the file OTHER, whose lines come last.
run_bats_beside() {
  setup_system test
  has bats || skip_suite 'bats is not installed' || return "$SKIPPED"
  local rc=0 other
  bats --tap --print-output-on-failure "$1" >"$STATE/log/$SUITE-beside.log" 2>&1 &
  other=$!
  bats --tap --print-output-on-failure "${@:2}" | tee -i "$STATE/log/$SUITE.log" || rc=$?
  wait "$other" || rc=$?
  tee -ai "$STATE/log/$SUITE.log" <"$STATE/log/$SUITE-beside.log"
  note_skips_of_bats
  return "$rc"
}

note_skips_of_bats() {
  local line
  while IFS= read -r line; do
    [[ $line =~ ^ok\ [0-9]+\ (.*)\ \#\ skip\ ?(.*)$ ]] || continue
    note_skip "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]:-no reason given}"
  done <"$STATE/log/$SUITE.log"
}

suite_faults() {
  local options=()
  setup_system build
  [[ -z $ALL ]] || options+=(--all)
  "$ROOT/scripts/dev/faults" "${options[@]}" 2>&1 | tee -i "$STATE/log/faults.log"
}

suite_java() {
  local major
  setup_system build ssh browser
  setup_python || return 1
  major=$(jdk_major "$JAVA_HOME")
  # As the profile "checks" in pom.xml says.
  ((major < 22)) || note_skip 'formatter and Error Prone' "they know JDK 17 to 21, and the one here is $major"
  # The fallback's end-to-end tests run the bastion function's package, which Maven would build after them.
  build_if_needed
  touch "$TESTS_BUILT.new"
  run_maven "$ROOT" verify dependency:build-classpath -Dmdep.includeScope=test -Dmdep.outputFile="$TESTS_CLASSPATH" \
    "-Dgantry.trained=$(trained_functions "$FUNCTION_ZIP")" || return 1
  # Suite faults runs a program that is among the tests; this way it need not build them again.
  mv "$TESTS_BUILT.new" "$TESTS_BUILT"
}

suite_java_newer() {
  local home copy=$STATE/newer-jdk
  [[ -n $ALL ]] ||
    skip_suite 'it takes longer, and suite java runs the same tests: scripts/test --all' || return "$SKIPPED"
  setup_system build
  home=$(newer_jdk_home) || skip_suite 'no JDK of 21 or newer is installed' || return "$SKIPPED"
  [[ $(readlink -f "$home") != $(readlink -f "$JAVA_HOME") ]] ||
    skip_suite "the newest JDK installed ($(jdk_major "$home")) is the one that suite java used" || return "$SKIPPED"
  # In a copy, so that the classes of the two JDKs do not overwrite each other.
  rm -rf "$copy" && mkdir -p "$copy" || return 1
  tar -C "$ROOT" -c --exclude=./.git --exclude=./.gantry --exclude=target . | tar -C "$copy" -x || return 1
  say "JDK $(jdk_major "$home")"
  JAVA_HOME=$home run_maven "$copy" test
}

suite_rendered() {
  local output=$STATE/log/rendered.jsonl found=0 obstacle
  source "$ROOT/scripts/lib/terraform/terraform.sh"
  spare_the_processors
  source "$ROOT/scripts/lib/terraform/iam.sh"
  obstacle=$(terraform_obstacle)
  [[ -z $obstacle ]] || skip_suite "$obstacle" || return "$SKIPPED"
  compgen -G "$ROOT/tests/system/target/function-lines/*.tsv" >/dev/null ||
    skip_suite 'there is nothing of functions to compare with: suite java writes it' || return "$SKIPPED"
  step 'terraform renders' rendered render_into "$output" tests/rendered || return 1
  python3 -B "$ROOT/scripts/lib/terraform/bucket_policy.py" "$output" || found=1
  compare_metrics "$output" || found=1
  run_bats "$ROOT/tests/rendered.bats" || found=1
  return "$found"
}

suite_policies() {
  source "$ROOT/scripts/lib/terraform/terraform.sh"
  spare_the_processors
  source "$ROOT/scripts/lib/terraform/iam.sh"
  begin_judging || return
  IAM=$IAM run_bats "$ROOT/tests/iam.bats" "$ROOT/tests/iam_journal.bats"
}

# begin_judging: the engine, and what it judges by. Made once in a run of the suites.
begin_judging() {
  local obstacle
  setup_system iam
  setup_python || return 1
  obstacle=$(iam_obstacle)
  [[ -z $obstacle ]] || skip_suite "$obstacle" || return "$SKIPPED"
  [[ ! -f $IAM/judging || $(<"$IAM/judging") != "$$" ]] || return 0
  step 'The IAM engine' iam-npm install_judge ||
    skip_suite 'npm cannot install the engine (no network?)' || return "$SKIPPED"
  step 'terraform renders' iam-rendered prepare_judge || return 1
  echo "$$" >"$IAM/judging"
}

suite_iam() {
  local calls=() found=0 rc=0
  source "$ROOT/scripts/lib/terraform/terraform.sh"
  source "$ROOT/scripts/lib/terraform/iam.sh"
  begin_judging || return
  "$VENV/bin/python" -B "$ROOT/scripts/lib/terraform/recorded_calls.py" "$FUNCTION_ZIP" \
    "$ROOT/tests/iam/calls.json" "$ROOT/tests/system/target/function-calls" "$GANTRY_CALLS" >"$IAM/recorded.json" ||
    rc=$?
  case $rc in
    0 | 1) calls=("$IAM/recorded.json") found=$rc ;;
    3) note_skip 'the calls that functions made' 'suite java has recorded none of this zip' ;;
    *) found=1 ;;
  esac
  judge "${calls[@]}" || found=1
  return "$found"
}

compare_metrics() {
  python3 -B "$ROOT/scripts/lib/terraform/metrics.py" "$1" "$ROOT/tests/system/target/function-lines" \
    "$ROOT/lambda/function/target/gantry-function.zip"
}

# run_maven FOLDER GOAL…: Surefire's closing line of each module, and what was skipped.
run_maven() {
  local folder=$1 rc=0 since=$STATE/log/$SUITE.since test reason
  shift
  touch "$since"
  step "mvn $*" "$SUITE" mvn_in "$folder" "$@" || rc=$?
  awk '/Building Gantry/ { module = $4 }
    /Tests run:/ && !/Time elapsed/ { sub(/^\[[A-Z]+\] */, ""); print module ": " $0 }' "$STATE/log/$SUITE.log"
  while IFS=$'\t' read -r test reason; do
    note_skip "$test" "$reason"
  done < <(python3 -B "$ROOT/scripts/lib/java/surefire_skips.py" "$since" \
    "$folder"/{lambda/*,sandbox,cli,tests/system}/target/surefire-reports)
  return "$rc"
}

mvn_in() {
  cd "$1" && shift
  # The tests find moto and the aws CLI in the venv.
  GANTRY_VENV=$VENV mvn "$@"
}
