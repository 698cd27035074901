#!/usr/bin/env bats
# The scripts themselves: what they refuse, how they set up a machine, and what they say if they may not.

# shellcheck disable=SC2016 # the snippets are expanded by the shell that in_setup starts

setup() { load helpers/common; }

# in_setup SNIPPET: runs it with common.sh, setup.sh and java.sh sourced, on a PATH that the test may have changed.
in_setup() {
  bash -c 'source "$ROOT/scripts/lib/common.sh"; source "$ROOT/scripts/lib/setup.sh"; source "$ROOT/scripts/lib/java.sh"
    STATE=$BATS_TEST_TMPDIR/state; VENV=$STATE/venv; eval "$1"' "${2:-test}" "$1"
}

# fake_jdk FOLDER VERSION: makes a javac that prints its version.
fake_jdk() {
  mkdir -p "$1/bin"
  printf '#!/bin/sh\necho "javac %s"\n' "$2" >"$1/bin/javac"
  chmod +x "$1/bin/javac"
}

# reads WORD…: reads these words by a synopsis with every kind of option, runs CHECKS, and prints what was given.
reads() {
  in_setup 'usage() {
      printf "%s\n" "Usage: scripts/try ENVIRONMENT [FILE] [--json] [--port PORT]" \
        "                   [--cpus 1|2] [--only CASE]…" "       scripts/try --clean" "" "  --never  only explained"
    }
    read_options '"$(printf '%q ' "$@")"'
    '"${CHECKS:-:}"'
    options=()
    pass_on options --json --port --cpus --only --clean
    echo "options: ${options[*]}"
    echo "arguments: ${ARGUMENTS[*]}"' try
}

@test "a command line is read as the synopsis of the usage has it" {
  run reads dev --port 80 --only a --json --only=b=c file
  [ "$status" -eq 0 ]
  [ "$output" = $'options: --port 80 --only a --json --only b=c\narguments: dev file' ]
  run reads --clean
  [ "$output" = $'options: --clean\narguments: ' ]
  run reads --port 80 --help
  [ "$status" -eq 0 ]
  [[ $output == 'Usage: scripts/try '*'only explained' ]]
}

@test "a script can ask whether an option was given, and for one value or all" {
  CHECKS='given --json || echo no; given --only && echo "${OPTION[--only]}, of: $(values_of --only | xargs)"' \
    run reads --only a --only b
  [ "${lines[0]}" = no ]
  [ "${lines[1]}" = 'b, of: a b' ]
}

# refuses_words MESSAGE WORD…: the words are refused with 2 and this message.
refuses_words() {
  local said rc=0
  said=$(reads "${@:2}" 2>&1) || rc=$?
  [ "$rc" -eq 2 ]
  [ "$said" = "try: $1"$'\n''try --help shows the usage.' ]
}

@test "what the synopsis does not have is refused, with what is wrong and where help is" {
  refuses_words 'unknown option: --nothing' --nothing
  refuses_words 'unknown option: -x' dev -x
  refuses_words 'unknown option: --never' --never
  refuses_words 'unknown option: --nothing=1' --nothing=1
  refuses_words '--port needs a value: PORT' dev --port
  refuses_words '--port needs a value: PORT' --port --json
  refuses_words '--json takes no value' --json=yes
  refuses_words '--cpus 3: not one of 1, 2' --cpus 3
  refuses_words '--cpus : not one of 1, 2' --cpus=
  refuses_words 'unexpected argument: more' dev file more
}

@test "a value that is no number of the range, no such file or not of the form is refused" {
  local value
  for value in 0 81 x 010 -1 1.5 99999999999999999999 ''; do
    CHECKS='check_number --port 1 80' refuses_words "--port $value: not a number from 1 to 80" "--port=$value"
  done
  # Each value is checked, not only the last one.
  CHECKS='check_number --port 1 80' refuses_words '--port 99: not a number from 1 to 80' --port 99 --port 5
  CHECKS='check_file --port' refuses_words "--port $ROOT: no such file" --port "$ROOT"
  CHECKS='check_folder --port' refuses_words "--port $ROOT/README.md: no such folder" --port "$ROOT/README.md"
  CHECKS='check_value --port "[a-z]+/[a-z]+" OWNER/NAME' refuses_words '--port a/b/c: not OWNER/NAME' --port a/b/c
  CHECKS='check_number --port 1 80; check_file --only; check_folder --only; check_value --only x y' run reads --port 80
  [ "$status" -eq 0 ]
}

@test "scripts refuse with 2 what they cannot do, and point to --help" {
  local command
  for command in 'test --nothing' 'test --only' 'test --only nothing' 'dev/lint nothing' 'sandbox --nothing' \
    'sandbox --port' 'sandbox --port abc' 'sandbox --port 65536' 'sandbox --instances pretend' 'up nowhere' 'up' \
    'up dev --repository x' 'down --all dev' 'down dev --patience x' 'ops/prepare nowhere' \
    'dev/bench --repetitions 21' 'dev/bench-cold --cpus 3' 'dev/pit nothing' 'dev/release' \
    'dev/release --out a --use b' 'dev/simulate --jobs 0' 'dev/simulate --profile mild' 'dev/mutants --seeds x' \
    'dev/vacuous nothing' 'dev/terraform-test nowhere' \
    'dev/agent-corpus nowhere' 'dev/fuzz --runs 0' 'lib/deploy/ci-plan.sh dev --apply x' \
    'lib/pin-requirements.sh extra'; do
    # shellcheck disable=SC2086 # the words are arguments
    run "$ROOT"/scripts/$command
    [ "$status" -eq 2 ]
    [[ $output == *--help* ]]
  done
}

@test "JSON for scripts: a value, the fields of an object, an object of a list; what is not there is a failure" {
  local json='{"launches": [{"step": "run", "n": 1}, {"step": "done", "n": 2}], "env": {"A": "x=1", "B": 2}}'
  run in_setup "echo '$json' | json launches | json_find step done | json n; echo '$json' | json_fields env"
  [ "$status" -eq 0 ]
  [ "$output" = $'2\nA=x=1\nB=2' ]
  run in_setup "echo '$json' | json launches 1 step; echo '$json' | json env"
  [ "$output" = $'done\n{"A": "x=1", "B": 2}' ]
  run in_setup 'json_object a=1 b:=1; json_list a b'
  [ "$output" = $'{"a": "1", "b": 1}\n["a", "b"]' ]
  local wrong
  for wrong in 'json nothing' 'json launches 2' 'json launches x' 'json launches | json_find step none' \
    'json_fields launches'; do
    run in_setup "echo '$json' | $wrong"
    [ "$status" -eq 1 ]
  done
  run in_setup 'echo no | json'
  [ "$status" -eq 1 ]
  [[ $output == *'this is no JSON'* ]]
}

@test "continuous integration runs the same tests" {
  run "$ROOT/.ci/run" --list
  [ "$status" -eq 0 ]
  [[ $output == *java*bundle* || $output == *bundle*java* ]]
}

@test "JAVA_HOME is used if it is 17 or newer, and ignored if it is older" {
  fake_jdk "$BATS_TEST_TMPDIR/jdk21" 21.0.1
  JAVA_HOME=$BATS_TEST_TMPDIR/jdk21 run in_setup jdk_home
  [ "$output" = "$BATS_TEST_TMPDIR/jdk21" ]
  fake_jdk "$BATS_TEST_TMPDIR/jdk11" 11.0.20
  JAVA_HOME=$BATS_TEST_TMPDIR/jdk11 run in_setup 'jdk_home || echo none'
  [ "$output" != "$BATS_TEST_TMPDIR/jdk11" ]
}

@test "version numbers of the old and the new kind are read" {
  fake_jdk "$BATS_TEST_TMPDIR/jdk8" 1.8.0_402
  run in_setup 'jdk_major "$BATS_TEST_TMPDIR/jdk8"'
  [ "$output" = 8 ]
  fake_jdk "$BATS_TEST_TMPDIR/jdk25" 25-ea
  run in_setup 'jdk_major "$BATS_TEST_TMPDIR/jdk25"'
  [ "$output" = 25 ]
  printf '%s\n' 'IMPLEMENTOR="Debian"' 'JAVA_RUNTIME_VERSION="21.0.1+6-1"' 'JAVA_VERSION="17.0.15"' \
    >"$BATS_TEST_TMPDIR/jdk25/release"
  run in_setup 'jdk_major "$BATS_TEST_TMPDIR/jdk25"'
  [ "$output" = 17 ]
  printf 'JAVA_VERSION="1.8.0_402"\n' >"$BATS_TEST_TMPDIR/jdk25/release"
  run in_setup 'jdk_major "$BATS_TEST_TMPDIR/jdk25"'
  [ "$output" = 8 ]
  printf 'IMPLEMENTOR="Debian"\n' >"$BATS_TEST_TMPDIR/jdk25/release"
  run in_setup 'jdk_major "$BATS_TEST_TMPDIR/jdk25"'
  [ "$output" = 25 ]
  run in_setup 'jdk_major ""'
  [ "$status" -eq 1 ]
}

@test "an ordinary user learns in one line what is missing and what happens instead" {
  run in_setup 'is_root() { false; }
    missing() { printf "%s\n" "test|shellcheck|shellcheck|shell is not linted" "test|bats|bats|tests are skipped"; }
    setup_system test'
  [ "$status" -eq 0 ]
  [ "$output" = 'Missing, not root, so not installed: shellcheck (shell is not linted), bats (tests are skipped).' ]
}

@test "if a required tool is missing, it ends and names the command for root" {
  run in_setup 'is_root() { false; }
    missing() { printf "%s\n" "build|jdk_home|@jdk|-" "build|mvn|maven|-"; }
    setup_system build' gantry
  [ "$status" -eq 3 ]
  [ "$output" = 'gantry: needs openjdk-17-jdk-headless maven; as root: apt-get install openjdk-17-jdk-headless maven' ]
}

@test "commands that make virtual environments (demo, bench, suites, linters) install the tool for it, once" {
  local groups
  for groups in build 'build real' test venv 'build test'; do
    run in_setup 'has() { false; }; python_makes_venvs() { false; }; missing '"$groups"' | cut -d"|" -f3'
    [ "$(grep -cx python3-venv <<<"$output")" -eq 1 ]
  done
  run in_setup 'has() { false; }; python_makes_venvs() { false; }; missing real ssh | cut -d"|" -f3'
  [[ $output != *python3-venv* ]]
}

@test "without the tool for virtual environments none is begun, and the message says what to install" {
  run in_setup 'is_root() { false; }; python_makes_venvs() { false; }; make_venv() { echo made; }
    setup_python || echo failed'
  [[ $output == *'needs python3-venv; as root: apt-get install python3-venv'* ]]
  [[ $output == *failed ]]
  [[ $output != *made* ]]
}

@test "root gets a list of what will be installed, and the installation, without a question if there is no terminal" {
  run in_setup 'is_root() { true; }
    jdk_package() { echo openjdk-21-jdk-headless; }
    has() { [[ $1 == apt-get ]] || command -v "$1" >/dev/null; }
    missing() { [[ -e $STATE/installed ]] || printf "%s\n" "build|jdk_home|@jdk|-" "test|bats|bats|skipped"; }
    apt_get() { mkdir -p "$STATE"; echo "apt-get $*" >>"$STATE/apt"; [[ $1 != install ]] || touch "$STATE/installed"; }
    setup_system build test; cat "$STATE/apt"'
  [ "$status" -eq 0 ]
  [ "${lines[0]}" = 'Missing, to be installed by apt-get: a JDK of 17 or newer bats' ]
  [[ $output == *'apt-get update'*'apt-get install -y --no-install-recommends openjdk-21-jdk-headless bats' ]]
}

@test "OpenSSH's server comes without its service; a unit that was set up before stays as it is" {
  run in_setup 'is_root() { true; }
    UNITS_OFF=$BATS_TEST_TMPDIR/units; mkdir "$UNITS_OFF"; echo mine >"$UNITS_OFF/ssh.socket"
    has() { [[ $1 == apt-get ]] || command -v "$1" >/dev/null; }
    missing() { [[ -e $STATE/installed ]] || echo "ssh|sshd|openssh-server|skipped"; }
    apt_get() { mkdir -p "$STATE"; [[ $1 != install ]] || touch "$STATE/installed"; }
    setup_system ssh; readlink "$UNITS_OFF/ssh.service"; cat "$UNITS_OFF/ssh.socket"'
  [ "$status" -eq 0 ]
  [[ $output == *'comes without its service'*$'\n/dev/null\nmine' ]]
}

@test "package lists that cannot be updated do not stop the installation; a failed installation ends it" {
  run in_setup 'is_root() { true; }
    has() { true; }
    missing() { echo "test|bats|bats|skipped"; }
    apt_get() { echo "no network"; return 100; }
    setup_system test'
  [ "$status" -eq 1 ]
  [[ $output == *'Going on with the package lists that are there.'*'apt-get could not install'* ]]
}

@test "the virtual environment is made again only when the list of tools changes" {
  run in_setup 'make_venv() { mkdir -p "$VENV"; echo made >>"$STATE/made"; }
    setup_python; setup_python; echo other >"$VENV/.made-from"; setup_python; wc -l <"$STATE/made"'
  [ "$status" -eq 0 ]
  [ "${lines[-1]}" -eq 2 ]
}

@test "a virtual environment that could not be made is tried again" {
  run in_setup 'make_venv() { echo "no network"; return 1; }
    setup_python || setup_python || echo failed twice'
  [[ $output == *'no network'*'no network'*'failed twice' ]]
}

@test "a step that fails shows the end of its output and keeps its code" {
  run in_setup 'step Digging dig sh -c "echo hit a rock; exit 7"'
  [ "$status" -eq 7 ]
  [[ $output == *'Digging: failed with 7'*'hit a rock'* ]]
}

@test "a step that ends at once says its name and its seconds, and nothing else" {
  run in_setup 'for turn in 1 2 3 4 5 6 7 8; do step Digging dig true; done'
  [ "$(grep -cE '^Digging: [0-9]+ s$' <<<"$output")" -eq 8 ]
  [ "${#lines[@]}" -eq 8 ]
}

@test "a state folder that belongs to another user is named, with its owner" {
  [ "$EUID" -ne 0 ] || skip 'root may write everywhere'
  run in_setup 'STATE=/etc/gantry-test; make_state log' gantry
  [ "$status" -eq 1 ]
  [[ $output == *'cannot write to /etc/gantry-test/log'* ]]
}

@test "the kind of instances is printed first, and nothing is set up for real ones that were refused" {
  local tools='setup_system() { say "set up: $*"; }; build_image() { say image; }
    is_root() { true; }; setup_real_instances() { OBSTACLE="a network bridge was refused"; }'
  run in_setup "$tools; choose_instances simulated; echo \$INSTANCES"
  [ "$status" -eq 0 ]
  [[ ${lines[0]} == *'Instances are simulated'* ]]
  [ "${lines[*]:1}" = 'set up: build simulated' ]
  run in_setup "$tools; choose_instances ''; echo \$INSTANCES"
  [[ ${lines[0]} == *'Instances are local here: no system boots (a network bridge was refused).'* ]]
  [ "${lines[*]:1}" = 'set up: build local local' ]
  run in_setup "$tools; choose_instances real"
  [ "$status" -eq 3 ]
  [ "${#lines[@]}" -eq 1 ]
}

@test "an ordinary user without the tools gets one line that lists the packages, and 3" {
  run in_setup 'is_root() { false; }
    missing() { printf "%s\n" "build|jdk_home|@jdk|-" "build|mvn|maven|-"; }
    choose_instances ""' demo
  [ "$status" -eq 3 ]
  [ "$output" = 'demo: needs openjdk-17-jdk-headless maven; as root: apt-get install openjdk-17-jdk-headless maven' ]
}

@test "an image that cannot be made is an obstacle like any other" {
  run in_setup 'setup_system() { :; }; build_image() { return 1; }; setup_real_instances() { OBSTACLE=""; }
    choose_instances ""; echo $INSTANCES'
  [ "$status" -eq 0 ]
  [[ $output == *'(no image)'*local ]]
}

@test "while the image of the instances is made, Maven builds; what it could not build is built again, and says why" {
  local beside='setup_system() { :; }; setup_real_instances() { OBSTACLE=""; }; make_state log
    needs_build() { [[ ! -e $STATE/made ]]; }
    build_image() { until [[ -e $STATE/tried ]]; do sleep 0.05; done; }'
  mkdir -p "$BATS_TEST_TMPDIR/state"
  run in_setup "$beside; build_all() { touch \$STATE/tried \$STATE/made; }
    choose_instances ''; build_if_needed; echo \$INSTANCES"
  echo "$output"
  [ "$status" -eq 0 ]
  [ "${lines[-1]}" = real ]
  rm "$BATS_TEST_TMPDIR/state/tried" "$BATS_TEST_TMPDIR/state/made"
  run in_setup "$beside; build_all() { touch \$STATE/tried; die 'the build failed'; }
    choose_instances ''; build_if_needed; echo \$INSTANCES"
  [ "$status" -eq 1 ]
  [[ $output == *'the build failed' ]]
}

@test "a build sets JAVA_HOME if its command has not" {
  unset JAVA_HOME
  mkdir -p "$BATS_TEST_TMPDIR/state"
  run in_setup 'BUILT=$STATE/built; setup_system() { JAVA_HOME=found; }; needs_build() { true; }
    step() { :; }; cli_was_built() { :; }; keep_sandbox() { echo "$JAVA_HOME"; }; build_if_needed'
  [ "$status" -eq 0 ]
  [ "$output" = found ]
}

# trains JAVA-WORDS: trains a package in a folder whose name has a blank, by a Java that does this.
trains() {
  local home="$BATS_TEST_TMPDIR/a jdk" jar
  mkdir -p "$home/bin" "$BATS_TEST_TMPDIR/jars"
  printf '#!/bin/sh\n%s\n' "$1" >"$home/bin/java"
  chmod +x "$home/bin/java"
  for jar in aws-lambda-java-{runtime-interface-client,core,serialization} utils-lite; do
    touch "$BATS_TEST_TMPDIR/jars/$jar-1.jar"
  done
  (cd "$BATS_TEST_TMPDIR/jars" && printf '%s:' "$PWD"/* >../classpath)
  python3 -c 'import sys, zipfile; zipfile.ZipFile(sys.argv[1], "w").writestr("lib/a.jar", "bytes")' \
    "$BATS_TEST_TMPDIR/functions.zip"
  run in_setup 'PROGRAMS="$STATE/some programs" SANDBOX_CLASSPATH=$BATS_TEST_TMPDIR/classpath
    JAVA_HOME="$BATS_TEST_TMPDIR/a jdk"; mkdir -p "$PROGRAMS"
    code=0; train_functions "$BATS_TEST_TMPDIR/functions.zip" || code=$?
    trained_functions "$BATS_TEST_TMPDIR/functions.zip"; exit "$code"'
}

@test "what trains functions writes their arguments for any folder, and what could not train them leaves no package" {
  trains 'case " $* " in *-XX:ArchiveClassesAtExit=*) for word; do
    case $word in -XX:ArchiveClassesAtExit=*) echo classes >"${word#*=}" ;; esac; done ;; esac'
  echo "$output"
  [ "$status" -eq 0 ]
  cmp "$BATS_TEST_TMPDIR/functions.zip" "${lines[-1]}/package.zip"
  [ "$(head -n 1 "${lines[-1]}/java.args")" = "\"-XX:SharedArchiveFile=${lines[-1]}/gantry.jsa\"" ]
  rm -r "${lines[-1]}"
  trains 'exit 1'
  [ "$status" -eq 1 ]
  [ -d "${lines[-1]}" ]
  [ ! -e "${lines[-1]}/package.zip" ]
}

@test "a build is needed when something is missing or a source is newer, and not otherwise" {
  local project=$BATS_TEST_TMPDIR/project
  mkdir -p "$project/lambda/launch/src" "$project/sandbox/target" "$project/lambda/function/target" \
    "$project/.mvn" "$BATS_TEST_TMPDIR/state"
  touch "$project/pom.xml" "$project/lambda/launch/src/A.java" "$project/lambda/function/target/gantry-function.zip"
  touch "$project/a.jar" "$project/sandbox.jar" "$project/gantry-bastion.zip"
  echo "$project/a.jar" >"$project/sandbox/target/classpath"
  local ask="ROOT=$project BUILT=\$STATE/built FUNCTION_ZIP=$project/lambda/function/target/gantry-function.zip
    BASTION_ZIP=$project/gantry-bastion.zip
    SANDBOX_JAR=$project/sandbox.jar SANDBOX_CLASSPATH=$project/sandbox/target/classpath
    if needs_build; then echo build; else echo no; fi"
  [ "$(in_setup "$ask")" = build ]
  find "$project" -exec touch -d '2020-01-01' {} +
  touch "$BATS_TEST_TMPDIR/state/built"
  [ "$(in_setup "$ask")" = no ]
  touch -d '2100-01-01' "$project/lambda/launch/src/A.java"
  [ "$(in_setup "$ask")" = build ]
  find "$project" -exec touch -d '2020-01-01' {} +
  rm "$project/a.jar"
  [ "$(in_setup "$ask")" = build ]
}

@test "suite java names formatter and Error Prone as skipped if the JDK is too new for them, and only then" {
  local suite='source "$ROOT/scripts/lib/suites.sh"; SUITE=java SKIPS=$BATS_TEST_TMPDIR/skips; : >"$SKIPS"
    setup_system() { JAVA_HOME=$BATS_TEST_TMPDIR/jdk; }; setup_python() { :; }; build_if_needed() { :; }
    run_maven() { :; }; suite_java; cat "$SKIPS"'
  fake_jdk "$BATS_TEST_TMPDIR/jdk" 22.0.1
  run in_setup "$suite"
  [ "$status" -eq 0 ]
  [[ $output == $'java\tformatter and Error Prone\t'*'is 22' ]]
  fake_jdk "$BATS_TEST_TMPDIR/jdk" 21.0.5
  run in_setup "$suite"
  [ "$status" -eq 0 ]
  [ -z "$output" ]
}

@test "Surefire's skips are listed with their reasons, without those of an earlier run" {
  local reports=$BATS_TEST_TMPDIR/reports
  mkdir "$reports"
  touch -d '2020-01-01' "$BATS_TEST_TMPDIR/since"
  cat >"$reports/TEST-a.xml" <<'EOF'
<testsuite><testcase name="works" classname="a.b.QueueTest"/>
<testcase name="needsDocker" classname="a.b.QueueTest"><skipped message="no Docker
here"/></testcase></testsuite>
EOF
  echo '<testsuite name="a.b.BootTest" tests="0"/>' >"$reports/TEST-b.xml"
  cp "$reports/TEST-a.xml" "$reports/TEST-old.xml"
  touch -d '2019-01-01' "$reports/TEST-old.xml"
  run python3 -B "$ROOT/scripts/lib/java/surefire_skips.py" "$BATS_TEST_TMPDIR/since" "$reports" "$reports-nowhere"
  [ "$status" -eq 0 ]
  [ "${lines[0]}" = $'QueueTest.needsDocker\tno Docker here' ]
  # Surefire leaves this of a class if an assumption before all of its tests skips it.
  [[ ${lines[1]} == $'BootTest\tnone of its tests ran'* ]]
  [ "${#lines[@]}" -eq 2 ]
}

@test "the prose linter names the file, the line and what to write instead, and accepts a line with a reason" {
  local copy=$BATS_TEST_TMPDIR/copy
  mkdir -p "$copy/scripts/lib"
  cp -r "$ROOT/scripts/lib/checks" "$copy/scripts/lib/"
  printf '%s\n' '# Title' '' 'It is sent no' 'more. `no more` is a code.' '```' 'he' '```' >"$copy/a.md"
  printf '%s\n' '/** A stay. Of a young stay it is read. */' 'class A { String s = "// he"; } // in vain' \
    >"$copy/A.java"
  printf '%s\n' '"""Tells whom."""' 'X = "he"  # for him' 'Y = 1  # for him; prose: a quotation' >"$copy/a.py"
  printf '%s\n' '#!/bin/sh' "echo 'he'" '# Nor does it end.' >"$copy/a"
  printf '%s\n' 'variable "a" {' '  description = "What can be had."' '}' >"$copy/a.tf"
  run python3 -B "$copy/scripts/lib/checks/prose.py"
  [ "$status" -eq 1 ]
  [ "$(grep -o '^[^:]*:[0-9]*' <<<"$output" | xargs)" = 'A.java:1 A.java:2 a:3 a.md:3 a.py:1 a.py:2 a.tf:2' ]
  [[ $output == *"a.md:3: 'no more' for an end ('no more'): write 'no longer', or a verb"* ]]
}
