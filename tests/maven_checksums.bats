#!/usr/bin/env bats
# scripts/lib/java/maven_checksums.py: it finds a file of Maven that differs from the recorded one.

# shellcheck disable=SC2154 # run sets status and output

setup() {
  load helpers/common
  SOURCES=$ROOT
  export ROOT=$BATS_TEST_TMPDIR/project
  REPOSITORY=$BATS_TEST_TMPDIR/repository
  mkdir -p "$ROOT/lambda/function/target"
  artifact org/example/tool/1.0/tool-1.0.jar
  artifact org/example/tool/1.0/tool-1.0.pom
  artifact dev/gantry/gantry-aws/0.1.0-SNAPSHOT/gantry-aws-0.1.0-SNAPSHOT.jar
  echo x >"$REPOSITORY/org/example/tool/1.0/_remote.repositories"
  sums record "$REPOSITORY"
}

# artifact PATH: makes a file of the repository.
artifact() {
  mkdir -p "$REPOSITORY/${1%/*}"
  echo "content of $1" >"$REPOSITORY/$1"
}

# uses PATH…: makes the function's classpath of these files of the repository.
uses() {
  local paths=("${@/#/$REPOSITORY/}")
  (IFS=: && echo "${paths[*]}") >"$ROOT/lambda/function/target/classpath"
}

sums() { python3 -B "$SOURCES/scripts/lib/java/maven_checksums.py" "$@"; }

@test "files as they were recorded are good, and so are files that were not downloaded here" {
  uses org/example/tool/1.0/tool-1.0.jar
  run sums check "$REPOSITORY"
  [ "$status" -eq 0 ]
  rm "$REPOSITORY/org/example/tool/1.0/tool-1.0.pom"
  run sums check "$REPOSITORY"
  [ "$status" -eq 0 ]
}

@test "a jar and a pom that were changed are found" {
  local changed
  for changed in jar pom; do
    echo more >>"$REPOSITORY/org/example/tool/1.0/tool-1.0.$changed"
    run sums check "$REPOSITORY"
    [ "$status" -eq 1 ]
    [[ $output == *"tool-1.0.$changed is not the file that .mvn/checksums/checksums.sha256 names"* ]]
  done
}

@test "a library that the list does not name is reported, and is an error if all of them must be named" {
  artifact org/example/other/2.0/other-2.0.jar
  uses org/example/tool/1.0/tool-1.0.jar org/example/other/2.0/other-2.0.jar
  run sums check "$REPOSITORY"
  [ "$status" -eq 0 ]
  [[ $output == *'other-2.0.jar is used'* ]]
  run sums check-all "$REPOSITORY"
  [ "$status" -eq 1 ]
  [[ $output == *'other-2.0.jar is used, and .mvn/checksums/checksums.sha256 does not name it'*'--update'* ]]
  mv "$ROOT/lambda/function/target/classpath" "$ROOT/lambda/function/target/test-classpath"
  run sums check-all "$REPOSITORY"
  [ "$status" -eq 1 ]
}

@test "sha256sum can read the list, and it names nothing that was built here" {
  run cat "$ROOT/.mvn/checksums/checksums.sha256"
  [ "${#lines[@]}" -eq 2 ]
  (cd "$REPOSITORY" && sha256sum --check --strict "$ROOT/.mvn/checksums/checksums.sha256")
}

@test "without a list the check fails" {
  rm "$ROOT/.mvn/checksums/checksums.sha256"
  run sums check "$REPOSITORY"
  [ "$status" -eq 1 ]
  [[ $output == *'checksums.sha256 is missing'* ]]
}

@test "the project's own list names the functions' libraries" {
  grep -qE '^[0-9a-f]{64}  software/amazon/awssdk/s3/' "$SOURCES/.mvn/checksums/checksums.sha256"
  grep -qE '^[0-9a-f]{64}  org/apache/maven/plugins/maven-surefire-plugin/' "$SOURCES/.mvn/checksums/checksums.sha256"
}
