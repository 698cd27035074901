# shellcheck shell=bash
# What runs is kept apart from Maven's folders, whose files a build of the tests removes and writes again while programs
# run from them. Sourced after common.sh.

PROGRAMS=$STATE/programs

# keep_program NAME FILE…: replaces the folder of this program by one with copies of these files.
keep_program() {
  local folder=$PROGRAMS/$1
  rm -rf "$folder.new"
  mkdir -p "$folder.new"
  # With their dates, by which a class data archive knows them.
  cp -p "${@:2}" "$folder.new/" || die "$folder.new could not be written; cp's message is above."
  rm -rf "$folder"
  mv "$folder.new" "$folder"
}

# jar_of FILE…: the newest of a module's jars that has its classes. Maven leaves those of earlier versions there.
jar_of() {
  local jar newest=''
  for jar; do
    [[ $jar == *-tests.jar || ! -f $jar || (-n $newest && $newest -nt $jar) ]] || newest=$jar
  done
  [[ $newest ]] && echo "$newest"
}

# train_functions ZIP: unpacks the functions' package once for all sandboxes, and has Java keep its classes, as the
# image does it (lambda/function/Dockerfile). The folder is named by zip and Java: a running sandbox keeps its own.
train_functions() {
  local folder
  folder=$(trained_functions "$1")
  [[ ! -f $folder/package.zip ]] || return 0
  find "$PROGRAMS" -mindepth 1 -maxdepth 1 -name 'functions-*' -mtime +7 -exec rm -rf {} +
  rm -rf "$folder"
  # The package comes last: it says that the rest is there.
  mkdir -p "$folder/runtime" &&
    python3 -m zipfile -e "$1" "$folder" &&
    runtime_jars | xargs -d '\n' cp -p -t "$folder/runtime" &&
    "$ROOT/lambda/function/src/image/train" "$JAVA_HOME/bin/java" "$folder/runtime" "$folder" &&
    cp "$1" "$folder/package.zip"
}

# runtime_jars: what AWS's image has besides the package; the sandbox has the same on its class path.
runtime_jars() {
  tr : '\n' <"$SANDBOX_CLASSPATH" |
    grep -E '/(aws-lambda-java-(runtime-interface-client|core|serialization)|utils-lite)-[^/]*\.jar$'
}

# trained_functions ZIP: the folder of this package, trained for this Java; it may not exist.
trained_functions() {
  local key
  # An upgrade of Java may leave its folder's name.
  key=$({ cat "$1" && readlink -f "$JAVA_HOME" && { cat "$JAVA_HOME/release" 2>/dev/null || true; }; } | sha256sum)
  echo "$PROGRAMS/functions-${key:0:16}"
}
