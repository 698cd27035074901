# shellcheck shell=bash
# Builds the operator's command when it is older than its sources. Sourced after common.sh.

source "$ROOT/scripts/lib/programs.sh"

CLI_HOME=$PROGRAMS/gantry
CLI_ARCHIVE=$CLI_HOME/gantry.jsa
CLI_BUILT=$STATE/cli-built
# Only the client compiler and the serial collector, because the process runs for about a second.
CLI_FLAGS=(-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xshare:auto -XX:-UsePerfData
  # The JVM ignores a class data archive of another path or Java silently.
  -Xlog:disable -Xlog:all=error:stderr
  # The JDK must not resend a POST whose connection breaks, without the SDK.
  -Dsun.net.http.retryPost=false
  # Only the console runs long enough to need a bound; 2,000 launches fit many times.
  -Xmx96m)

# What its build reads.
newer_cli_source() {
  find "$ROOT/pom.xml" "$ROOT/cli" "$ROOT"/lambda/{launch,stored,aws,operator} \
    "$ROOT/terraform/modules/environment/variables.tf" \
    \( -name target -o -name test \) -prune -o \
    \( -type f -o -type d -path '*/src/*' \) -newer "$CLI_BUILT" -print -quit 2>/dev/null
}

cli_needs_build() {
  [[ ! -f $CLI_BUILT || ! -d $CLI_HOME || -n $(newer_cli_source) ]]
}

# build_cli_if_needed: packages the command without its tests, and archives its classes for a fast start.
build_cli_if_needed() {
  cli_needs_build || return 0
  source "$ROOT/scripts/lib/setup.sh"
  source "$ROOT/scripts/lib/java.sh"
  setup_system build >&2
  in_turn cli_needs_build build_cli
}

build_cli() {
  # Dated before the build: what is edited while it runs is built the next time.
  touch "$CLI_BUILT.new"
  rm -f "$CLI_BUILT"
  # On standard error, so that a reader of gantry's output gets nothing else.
  step 'Building gantry with Maven' cli build_cli_with_maven >&2 || die 'the build failed; its output is above.'
  cli_was_built "$CLI_BUILT.new"
  rm "$CLI_BUILT.new"
}

# cli_was_built FILE: keeps the command that Maven has made, built at the time of this file.
cli_was_built() {
  local jar
  jar=$(jar_of "$ROOT"/cli/target/gantry-cli-*.jar) || die 'Maven left no jar of gantry.'
  keep_program gantry "$jar" "$ROOT"/cli/target/lib/*.jar
  archive_cli_classes
  printf '%s\n' "$JAVA_HOME" >"$STATE/cli-java-home"
  touch -r "$1" "$CLI_BUILT"
}

build_cli_with_maven() {
  maven -q -Dmaven.test.skip=true -Dspotless.check.skip=true -pl cli -am package
}

# archive_cli_classes: makes a class data archive (JEP 350) of what gantry loads when it explains an instance.
# Without it gantry starts more slowly.
archive_cli_classes() {
  env -u AWS_PROFILE -u AWS_ENDPOINT_URL AWS_ACCESS_KEY_ID=none AWS_SECRET_ACCESS_KEY=none AWS_MAX_ATTEMPTS=1 \
    python3 -B "$ROOT/scripts/lib/cli_training.py" \
    "$ROOT/lambda/stored/src/test/resources/stored/0.1/launches/failed.json" \
    "$JAVA_HOME/bin/java" -XX:ArchiveClassesAtExit="$CLI_ARCHIVE" "${CLI_FLAGS[@]}" -cp "$(cli_classpath)" \
    dev.gantry.cli.Gantry explain i-0123456789abcdef0 --region us-east-1 --bucket none --endpoint-url ENDPOINT \
    >"$STATE/log/cli-archive.log" 2>&1 || true
}

cli_classpath() {
  local jars=("$CLI_HOME"/*.jar)
  (IFS=: && echo "${jars[*]}")
}

# cli_command: sets CLI_COMMAND to what runs the built command.
# shellcheck disable=SC2034 # scripts/gantry runs it
cli_command() {
  local archive=()
  [[ ! -f $CLI_ARCHIVE ]] || archive=(-XX:SharedArchiveFile="$CLI_ARCHIVE")
  CLI_COMMAND=("$(<"$STATE/cli-java-home")/bin/java" "${archive[@]}" "${CLI_FLAGS[@]}" -Dgantry.home="$ROOT"
    -cp "$(cli_classpath)" dev.gantry.cli.Gantry)
}

# pack_cli FILE: packs the built command with a launcher; the same jars give the same bytes. The class data archive is
# left out, because it belongs to one Java: the launcher makes it at its first start.
pack_cli() {
  local folder
  folder=$(mktemp -d)
  mkdir -p "$folder/gantry/bin" "$folder/gantry/lib"
  cp "$ROOT/scripts/lib/java/gantry-launcher" "$folder/gantry/bin/gantry"
  cp "$CLI_HOME"/*.jar "$folder/gantry/lib/"
  cp "$ROOT/LICENSE" "$folder/gantry/"
  chmod -R u=rwX,go=rX "$folder/gantry" && chmod 755 "$folder/gantry/bin/gantry"
  tar -C "$folder" --sort=name --mtime=1980-01-01T00:00Z --owner=0 --group=0 --numeric-owner -c gantry | gzip -n >"$1"
  rm -rf "$folder"
}
