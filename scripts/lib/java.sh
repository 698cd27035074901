# shellcheck shell=bash
# Builds what runs, when it is older than its sources, and runs the sandbox. Sourced after common.sh and setup.sh.

source "$ROOT/scripts/lib/media/workload.sh"
source "$ROOT/scripts/lib/programs.sh"
source "$ROOT/scripts/lib/cli.sh"

# The zips with the native library of this machine's processor, and of the other one.
FUNCTION_ZIP=$ROOT/lambda/function/target/gantry-function.zip
OTHER_FUNCTION_ZIP=${FUNCTION_ZIP%.zip}-arm64.zip
[[ $(uname -m) != aarch64 ]] || read -r FUNCTION_ZIP OTHER_FUNCTION_ZIP <<<"$OTHER_FUNCTION_ZIP $FUNCTION_ZIP"
BASTION_ZIP=$ROOT/lambda/bastion/target/gantry-bastion.zip
FALLBACK_PROGRAM=$STATE/fallback-program.zip
SANDBOX_JAR=$PROGRAMS/sandbox/gantry-sandbox.jar
SANDBOX_ARCHIVE=${SANDBOX_JAR%.jar}.jsa
SANDBOX_CLASSPATH=$ROOT/sandbox/target/classpath
BUILT=$STATE/built

# What a build reads. Folders of sources count too: removing a file changes its folder.
newer_source() {
  find "$ROOT/pom.xml" "$ROOT/.mvn" "$ROOT/lambda" "$ROOT/sandbox" "$ROOT/tests/system" "$ROOT/ssm-documents" \
    \( -name target -o -name __pycache__ \) -prune -o \
    \( -type f -o -type d -path '*/src/*' \) -newer "$BUILT" -print -quit 2>/dev/null
}

# The classpath names jars in the Maven repository of the user who built it.
classpath_is_there() {
  local jar jars
  [[ -s $SANDBOX_CLASSPATH ]] || return 1
  IFS=':' read -r -a jars <"$SANDBOX_CLASSPATH"
  for jar in "${jars[@]}"; do
    [[ -r $jar ]] || return 1
  done
}

needs_build() {
  [[ ! -f $FUNCTION_ZIP || ! -f $BASTION_ZIP || ! -f $SANDBOX_JAR || ! -f $BUILT || -n $(newer_source) ]] ||
    ! classpath_is_there
}

# in_turn NEEDED BUILD: builds if NEEDED succeeds, one build of this clone at a time.
in_turn() {
  local lock
  "$1" || return 0
  make_state log
  exec {lock}>"$STATE/build.lock"
  flock "$lock"
  # Another command of this clone may have built meanwhile.
  ! "$1" || "$2"
  exec {lock}>&-
}

# build_if_needed: packages everything without its tests, gantry too, and writes the sandbox's classpath.
build_if_needed() {
  if [[ $BUILDING ]]; then
    step 'Building with Maven, beside the image (the first time downloads its dependencies)' build-beside end_of_build
    BUILDING=''
  fi
  in_turn needs_build build_all
}

# If it failed, build_if_needed builds again, and shows why.
end_of_build() { wait "$BUILDING" || true; }

# The process group of a build that runs beside something else; empty if there is none.
BUILDING=''

# build_beside: begins the build, if it is needed, while the script goes on until build_if_needed; it ends with it.
build_beside() {
  needs_build || return 0
  make_state log
  set -m
  build_if_needed >/dev/null 2>&1 </dev/null &
  BUILDING=$!
  set +m
  trap 'stop_ticker; [[ -z $BUILDING ]] || kill -- "-$BUILDING" 2>/dev/null || true' EXIT
}

build_all() {
  # What runs after Maven needs JAVA_HOME.
  setup_system build
  # Dated before the build: what is edited while it runs is built the next time.
  touch "$BUILT.new"
  rm -f "$BUILT"
  step 'Building with Maven (the first time downloads its dependencies)' build build_with_maven ||
    die 'the build failed; its output is above.'
  keep_sandbox
  mv "$BUILT.new" "$BUILT"
  cli_was_built "$BUILT"
}

keep_sandbox() {
  local jar
  jar=$(jar_of "$ROOT"/sandbox/target/gantry-sandbox-*.jar) || die 'Maven left no jar of the sandbox.'
  keep_program sandbox "$jar"
  mv "$PROGRAMS/sandbox/${jar##*/}" "$SANDBOX_JAR"
  archive_sandbox_classes >"$STATE/log/sandbox-archive.log" 2>&1 ||
    warn 'The sandbox starts more slowly: no archive of its classes could be made (.gantry/log/sandbox-archive.log).'
  train_functions "$FUNCTION_ZIP" >"$STATE/log/functions-training.log" 2>&1 ||
    warn 'Functions start more slowly: they could not be trained (.gantry/log/functions-training.log).'
}

# archive_sandbox_classes: makes a class data archive of what the sandbox loads until it is ready, and when it ends.
archive_sandbox_classes() {
  sandbox_java -XX:ArchiveClassesAtExit="$SANDBOX_ARCHIVE"
  python3 -B "$ROOT/scripts/lib/java/sandbox_training.py" \
    "${SANDBOX_JAVA[@]}" --zip "$FUNCTION_ZIP" --instances simulated --json
  [[ -s $SANDBOX_ARCHIVE ]]
}

# maven_checksums check | check-all: compares what Maven has downloaded with .mvn/checksums.
maven_checksums() { python3 -B "$ROOT/scripts/lib/java/maven_checksums.py" "$1"; }

# maven ARGUMENT…: refuses to run if a download was changed since; checks afterwards what it downloads now.
maven() {
  maven_checksums check && (cd "$ROOT" && mvn "$@") && maven_checksums check
}

build_with_maven() {
  maven -q -Dmaven.test.skip=true -Dspotless.check.skip=true package \
    dependency:build-classpath -Dmdep.includeScope=runtime -Dmdep.outputFile=target/classpath
}

TESTS_CLASSPATH=target/test-classpath
TESTS_BUILT=$STATE/tests-built

tests_are_built() {
  [[ -f $FUNCTION_ZIP && -s $ROOT/lambda/function/$TESTS_CLASSPATH && -s $ROOT/tests/system/$TESTS_CLASSPATH ]] &&
    [[ -f $TESTS_BUILT && -z $(BUILT=$TESTS_BUILT newer_source) ]]
}

# build_tests_if_needed: packages everything with its tests, and does not run them: some commands are test code. A
# module's target/test-classpath has what its tests need.
build_tests_if_needed() {
  tests_are_built && return 0
  make_state log
  touch "$TESTS_BUILT.new"
  step 'Building with Maven, tests included' tests-build build_tests_with_maven ||
    die 'the build failed; its output is above.'
  mv "$TESTS_BUILT.new" "$TESTS_BUILT"
}

# Never with maven.test.skip, which leaves out what tests need.
build_tests_with_maven() {
  maven -q -DskipTests -Dspotless.check.skip=true package \
    dependency:build-classpath -Dmdep.includeScope=test -Dmdep.outputFile="$TESTS_CLASSPATH"
}

# setup_real_instances: sets OBSTACLE to the first thing that instances need to boot for real, and that this machine
# refuses; empty if there is none. Tries before anything is installed for them, and again once systemd-nspawn is there.
setup_real_instances() {
  OBSTACLE=$("$ROOT/scripts/lib/instances/real-instances" --before-packages) || return 0
  # What cannot be installed is an obstacle, but does not end the script.
  (setup_system real) || true
  OBSTACLE=$("$ROOT/scripts/lib/instances/real-instances") || true
}

# choose_instances WANTED: sets up the machine, and INSTANCES to what it can do: real, else local. Ends the script with
# 3 if it cannot do what was asked. The kind of instances is printed as soon as it is known, so that what follows is not
# mistaken for another kind.
choose_instances() {
  INSTANCES=${1:-real} OBSTACLE=''
  # An ordinary user cannot install what is missing, so this comes first.
  is_root || setup_system build
  [[ $1 != simulated ]] || warn 'Instances are simulated, as --instances says.'
  [[ $1 != local ]] || warn 'Instances are local, as --instances says: no system boots.'
  [[ $INSTANCES != real ]] || setup_real_instances
  [[ -z $OBSTACLE ]] || without_real_instances "$1"
  setup_instances
  [[ $INSTANCES != real ]] || build_beside
  if [[ $INSTANCES == real ]] && ! build_image; then
    OBSTACLE='no image'
    without_real_instances "$1"
    setup_instances
  fi
}

setup_instances() {
  local groups=(build)
  [[ $INSTANCES != local ]] || groups+=(local)
  setup_system "${groups[@]}"
}

without_real_instances() {
  [[ -z $1 ]] || cannot "instances cannot boot for real here ($OBSTACLE); --instances local works."
  warn "Instances are local here: no system boots ($OBSTACLE)."
  INSTANCES=local
}

# choose_fallback: sets up the machine for real instances and a real bastion; ends the script with 3 if none can boot.
choose_fallback() {
  INSTANCES=real
  setup_real_instances
  [[ -z $OBSTACLE ]] ||
    cannot "--fallback needs instances that boot for real, and none can here ($OBSTACLE); SSH is not simulated."
  setup_system build
  build_image || die "the image of the instances could not be made; mmdebstrap's output is above."
}

# with_fallback OPTION…: after sandbox_command; gives the fleet the bastion fallback.
with_fallback() {
  make_state log
  "$ROOT/scripts/dev/build-documents" --program "$FALLBACK_PROGRAM" >"$STATE/log/fallback-program.log" ||
    die "the instances' program could not be made."
  SANDBOX_COMMAND+=(--fallback "$FALLBACK_PROGRAM" --repository "$ROOT" "$@")
}

# build_image: sets IMAGE to the folder that real instances boot from, made the first time.
build_image() {
  step 'Image of the instances (made once)' image "$ROOT/scripts/lib/instances/build-image.sh" || return 1
  IMAGE=$(tail -n 1 "$STATE/log/image.log")
}

# sandbox_java JAVA-OPTION…: sets SANDBOX_JAVA to what runs the built sandbox's program.
sandbox_java() {
  local archive=()
  [[ ! -f $SANDBOX_ARCHIVE ]] || archive=(-XX:SharedArchiveFile="$SANDBOX_ARCHIVE")
  # The JVM ignores an archive of another path or Java silently.
  SANDBOX_JAVA=("$JAVA_HOME/bin/java" -Xlog:disable -Xlog:all=error:stderr "${archive[@]}"
    -XX:TieredStopAtLevel=1 -XX:+UseSerialGC "$@"
    -cp "$SANDBOX_JAR:$(<"$SANDBOX_CLASSPATH")" dev.gantry.sandbox.SandboxMain)
}

# keep_calls ZIP: has the sandbox of SANDBOX_JAVA write its API calls into the folder GANTRY_CALLS, if that is set, for
# the judge of suite iam. The file is named by the sha256 of the zip that causes them.
keep_calls() {
  local sha256
  [[ -n ${GANTRY_CALLS:-} ]] || return 0
  sha256=$(sha256sum "$1")
  mkdir -p "$GANTRY_CALLS"
  SANDBOX_JAVA+=(--journal "$GANTRY_CALLS/${sha256%% *}-$BASHPID.jsonl")
}

# sandbox_command OPTION…: sets BUNDLE to the workload's, and SANDBOX_COMMAND to what starts the sandbox, with the zip,
# bundle, objects and image that were made.
sandbox_command() {
  local tree=$ROOT/ansible
  [[ $INSTANCES != local ]] || tree=$ROOT/examples/local
  if [[ $INSTANCES == local ]]; then make_local_workload; else make_workload; fi
  setup_demo_python "$INSTANCES" || die "the Python tools could not be installed; pip's output is above."
  BUNDLE=$("$ROOT/scripts/gantry" bundle --tree "$tree" --env "$VALUES" --json | json path)
  sandbox_java "-Dgantry.trained=$(trained_functions "$FUNCTION_ZIP")"
  keep_calls "$FUNCTION_ZIP"
  SANDBOX_COMMAND=("${SANDBOX_JAVA[@]}" --zip "$FUNCTION_ZIP" --bundle "$BUNDLE" --instances "$INSTANCES" "$@")
  case $INSTANCES in
    real) SANDBOX_COMMAND+=(--objects "$OBJECTS" --image "$IMAGE") ;;
    local) SANDBOX_COMMAND+=(--tools "${DEMO_PYTHON%/*}" --tree "$tree") ;;
    simulated) SANDBOX_COMMAND+=(--objects "$OBJECTS") ;;
  esac
}
