# shellcheck shell=bash
# Builds the domain and its tests with Maven when they are older than their sources, and runs a main class of the
# simulation. Sourced after common.sh and setup.sh.

SIMULATION=$ROOT/lambda/launch
SIMULATION_BUILT=$STATE/simulation-built

simulation_is_built() {
  [[ -d $SIMULATION/target/test-classes/dev/gantry/launch/simulation && -f $SIMULATION_BUILT ]] &&
    [[ -z $(find "$ROOT/pom.xml" "$SIMULATION/pom.xml" "$SIMULATION/src" -newer "$SIMULATION_BUILT" -print -quit) ]]
}

build_simulation() {
  (cd "$ROOT" && mvn -q -pl lambda/launch -Dspotless.check.skip=true test-compile)
}

# run_simulation CLASS ARGUMENT…: the build prints on standard error, because the output may be JSON. Replaces this
# process (exec), so that Ctrl-C reaches it.
run_simulation() {
  local class=$1
  shift
  setup_system build
  if ! simulation_is_built; then
    make_state log
    touch "$SIMULATION_BUILT.new"
    step 'Building the simulation with Maven' simulation build_simulation >&2 ||
      die 'the build failed; its output is above.'
    mv "$SIMULATION_BUILT.new" "$SIMULATION_BUILT"
  fi
  exec "$JAVA_HOME/bin/java" -XX:+UseParallelGC -cp "$SIMULATION/target/classes:$SIMULATION/target/test-classes" \
    "dev.gantry.launch.simulation.$class" "$@"
}
