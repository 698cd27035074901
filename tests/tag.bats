#!/usr/bin/env bats
# scripts/dev/tag in a small repository of its own.

setup() {
  load helpers/common
  COPY=$BATS_TEST_TMPDIR/copy
  export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
  export GIT_AUTHOR_NAME=test GIT_AUTHOR_EMAIL=test@example.com
  export GIT_COMMITTER_NAME=test GIT_COMMITTER_EMAIL=test@example.com
  mkdir -p "$COPY/scripts/dev" "$COPY/scripts/lib" "$COPY/part" "$COPY/lambda/stored/src/test/resources/stored/0.1"
  cp "$ROOT/scripts/dev/tag" "$COPY/scripts/dev/"
  cp "$ROOT"/scripts/lib/*.sh "$COPY/scripts/lib/"
  touch "$COPY/lambda/stored/src/test/resources/stored/0.1/settings.json"
  printf '<project>\n  <version>0.1.0-SNAPSHOT</version>\n</project>\n' >"$COPY/pom.xml"
  printf '<project>\n  <parent>\n    <version>0.1.0-SNAPSHOT</version>\n  </parent>\n</project>\n' >"$COPY/part/pom.xml"
  printf '# Changelog\n\n## [Unreleased]\n\n### Added\n\n- All of it.\n' >"$COPY/CHANGELOG.md"
  git -C "$COPY" init --quiet --initial-branch main
  git -C "$COPY" add --all
  git -C "$COPY" commit --quiet --message first
}

tag() { "$COPY/scripts/dev/tag" "$@"; }

# at REVISION FILE
at() { git -C "$COPY" show "$1:$2"; }

# is_unchanged: no commit, no tag, no change.
is_unchanged() {
  [ "$(git -C "$COPY" rev-list --count HEAD)" -eq "${1:-1}" ]
  [ "$(git -C "$COPY" status --porcelain)" = "${2:-}" ]
}

@test "the tag's commit has the version and its date everywhere, and main goes on to the next one" {
  run tag 0.1.0
  echo "$output"
  [ "$status" -eq 0 ]
  [[ $output == *'git push origin main v0.1.0'* ]]
  [[ $(at v0.1.0 pom.xml) == *'<version>0.1.0</version>'* ]]
  [[ $(at v0.1.0 part/pom.xml) == *'<version>0.1.0</version>'* ]]
  [[ $(at v0.1.0 CHANGELOG.md) == *$'## [Unreleased]\n\n## [0.1.0] - '[0-9]*$'\n\n### Added\n\n- All of it.' ]]
  [[ $(at main part/pom.xml) == *'<version>0.1.1-SNAPSHOT</version>'* ]]
  [ "$(git -C "$COPY" status --porcelain)" = '' ]
}

@test "a version needs notes, a greater number, and the files of what it stores" {
  tag 0.1.0
  run tag 0.1.0
  [ "$status" -eq 1 ]
  [[ $output == *'Version 0.1.0 is tagged already, and 0.1.0 is not greater.'* ]]
  [[ $output == *'CHANGELOG.md has nothing below [Unreleased].'* ]]
  run tag 0.2.0
  [ "$status" -eq 1 ]
  [[ $output == *'stored/0.2 is not there: '* ]]
  is_unchanged 3
}

@test "10 is greater than 9" {
  tag 0.1.9
  sed -i 's/^## \[Unreleased\]$/&\n\n- More./' "$COPY/CHANGELOG.md"
  git -C "$COPY" commit --quiet --all --message more
  run tag 0.1.10
  [ "$status" -eq 0 ]
  [[ $(at main pom.xml) == *'<version>0.1.11-SNAPSHOT</version>'* ]]
}

@test "changes without a commit, another branch and a pom with another version end it before anything is changed" {
  echo more >>"$COPY/CHANGELOG.md"
  run tag 0.1.0
  [ "$status" -eq 1 ]
  [[ $output == *'There are changes without a commit.'* ]]
  is_unchanged 1 ' M CHANGELOG.md'
  git -C "$COPY" checkout --quiet -- CHANGELOG.md
  git -C "$COPY" checkout --quiet -b other
  run tag 0.1.0
  [ "$status" -eq 1 ]
  [[ $output == *'The branch is not main.'* ]]
  git -C "$COPY" checkout --quiet main
  sed -i 's/0.1.0/0.0.9/' "$COPY/part/pom.xml"
  git -C "$COPY" commit --quiet --all --message odd
  run tag 0.1.0
  [ "$status" -eq 1 ]
  [[ $output == *'part/pom.xml should name the version 0.1.0-SNAPSHOT once.'* ]]
  is_unchanged 2
}

@test "what is no version ends with 2" {
  local words
  for words in '' 1.2 v1.2.3 01.2.3 1.2.3-rc1 '1.2.3 more'; do
    # shellcheck disable=SC2086 # several words
    run tag $words
    [ "$status" -eq 2 ]
  done
  is_unchanged
}
