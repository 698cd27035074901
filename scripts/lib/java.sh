# shellcheck shell=bash
# Builds what runs, when it is older than its sources, and runs the sandbox. Sourced after common.sh and setup.sh.

FUNCTION_ZIP=$ROOT/lambda/function/target/gantry-function.zip
SANDBOX_CLASSES=$ROOT/lambda/sandbox/target/classes
SANDBOX_CLASSPATH=$ROOT/lambda/sandbox/target/classpath
BUILT=$STATE/built

# What a build reads. Folders of sources count too: removing a file changes its folder.
newer_source() {
  find "$ROOT/pom.xml" "$ROOT/.mvn" "$ROOT/lambda" "$ROOT/ssm-documents" -name target -prune -o \
    \( -type f -o -type d -path '*/src/*' \) -newer "$BUILT" -print -quit 2>/dev/null
}

# The classpath names the jars of whoever built, in his own Maven repository.
classpath_is_there() {
  local jar jars
  [[ -s $SANDBOX_CLASSPATH ]] || return 1
  IFS=':' read -r -a jars <"$SANDBOX_CLASSPATH"
  for jar in "${jars[@]}"; do
    [[ -r $jar ]] || return 1
  done
}

needs_build() {
  [[ ! -f $FUNCTION_ZIP || ! -d $SANDBOX_CLASSES || ! -f $BUILT || -n $(newer_source) ]] || ! classpath_is_there
}

# build_if_needed: packages the function and the sandbox without their tests, and writes the sandbox's classpath.
build_if_needed() {
  needs_build || return 0
  make_state log
  # Dated before the build: what is edited while it runs is built the next time.
  touch "$BUILT.new"
  rm -f "$BUILT"
  step 'Building with Maven (the first time downloads its dependencies)' build build_with_maven ||
    die 'the build failed; its words are above.'
  mv "$BUILT.new" "$BUILT"
}

build_with_maven() {
  (cd "$ROOT" && mvn -q -Dmaven.test.skip=true -Dspotless.check.skip=true package \
    dependency:build-classpath -Dmdep.includeScope=runtime -Dmdep.outputFile=target/classpath)
}

# real_instances_obstacle: prints why instances cannot boot for real on this machine; nothing when they can.
real_instances_obstacle() {
  if ! is_root; then
    echo 'not root'
  elif [[ -n $(missing real) ]]; then
    echo "not installed: $(missing real | cut -d'|' -f3 | xargs)"
  fi
}

# run_sandbox OPTION…: becomes the sandbox (so that Ctrl-C and signals reach it), with the zip that was built.
run_sandbox() {
  exec "$JAVA_HOME/bin/java" -cp "$SANDBOX_CLASSES:$(<"$SANDBOX_CLASSPATH")" dev.gantry.sandbox.SandboxMain \
    --zip "$FUNCTION_ZIP" "$@"
}
