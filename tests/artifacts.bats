#!/usr/bin/env bats
# Checksums enter the lock only from a release's own file, and only an archive with a checksum is mirrored. The aws CLI
# is a fake (fakes/fake-aws). A copy of the repository's scripts runs, so that the lock here stays as it is.

# shellcheck disable=SC2119,SC2120 # run passes the arguments on

setup() {
  load helpers/common
  COPY=$BATS_TEST_TMPDIR/copy
  LOCK=$COPY/ansible/roles/rtsp_server/files/artifacts.lock
  mkdir -p "$COPY/scripts/ops" "${LOCK%/*}"
  cp "$ROOT"/scripts/ops/{lock,mirror}-artifacts "$COPY/scripts/ops/"
  cp -r "$ROOT/scripts/lib" "$COPY/scripts/"
  printf '# A comment. None was locked yet.\n' >"$LOCK"
  export FAKE_AWS=$BATS_TEST_TMPDIR/aws
  mkdir -p "$FAKE_AWS" "$BATS_TEST_TMPDIR/bin" "$BATS_TEST_TMPDIR/fetched"
  ln -s "$ROOT/tests/fakes/fake-aws" "$BATS_TEST_TMPDIR/bin/aws"
  PATH=$BATS_TEST_TMPDIR/bin:$PATH
  unset GANTRY_AWS
  # Nothing listens there, so that a real CLI, if it is found instead of the fake, reaches nothing.
  export AWS_ENDPOINT_URL=http://127.0.0.1:9
  cd "$BATS_TEST_TMPDIR/fetched" || return 1
  local architecture
  for architecture in amd64 arm64 armv7; do
    echo "$architecture" >"mediamtx_v1.20.1_linux_$architecture.tar.gz"
  done
  # As the release of MediaMTX makes it.
  sha256sum -b ./*.tar.gz | sed 's#\./##' >checksums.sha256
}

lock() { "$COPY/scripts/ops/lock-artifacts" --checksums checksums.sha256 "$@"; }
mirror() { "$COPY/scripts/ops/mirror-artifacts" --to s3://bucket/artifacts/web/ --from . "$@"; }

@test "the digests of both architectures are locked, and no others" {
  run lock
  [ "$status" -eq 0 ]
  [ "$(grep -c '^[0-9a-f]\{64\} ' "$LOCK")" -eq 2 ]
  grep amd64 checksums.sha256 | diff - <(grep amd64 "$LOCK")
  run grep -c 'None was locked' "$LOCK"
  [ "$output" = 0 ]
}

@test "locking again changes nothing" {
  lock
  grep -q '^[0-9a-f]\{64\} ' "$LOCK"
  cp "$LOCK" before
  lock
  cmp before "$LOCK"
}

@test "another digest for a locked archive is refused" {
  lock
  sed -i 's/^..../0000/' checksums.sha256
  cp "$LOCK" before
  refuses 'A release does not change' lock
  cmp before "$LOCK"
}

@test "a file without the version's checksums is refused, with another message than an address that cannot be reached" {
  refuses 'has no checksum of mediamtx_v9.9.9_linux_amd64.tar.gz' lock --version v9.9.9
  run "$COPY/scripts/ops/lock-artifacts" --checksums https://127.0.0.1:9/checksums.sha256
  [ "$status" -eq 3 ]
  [[ $output == *'https://127.0.0.1:9/checksums.sha256 cannot be read from here'* ]]
}

@test "an archive that is locked is mirrored under its name" {
  lock
  run mirror
  [ "$status" -eq 0 ]
  cmp mediamtx_v1.20.1_linux_amd64.tar.gz "$FAKE_AWS/objects/bucket/artifacts/web/mediamtx_v1.20.1_linux_amd64.tar.gz"
  [ -e "$FAKE_AWS/objects/bucket/artifacts/web/mediamtx_v1.20.1_linux_arm64.tar.gz" ]
}

@test "an archive with another digest, and one that is not locked, are not mirrored" {
  refuses 'run scripts/ops/lock-artifacts where there is internet' mirror
  lock
  echo changed >>mediamtx_v1.20.1_linux_amd64.tar.gz
  refuses 'is expected: it was not taken' mirror --arch amd64
  [ ! -e "$FAKE_AWS/objects" ]
}

@test "your own archive is mirrored only with its digest" {
  echo mine >ffmpeg.tar.xz
  refuses '--archive needs --sha256' mirror --archive ffmpeg.tar.xz
  run mirror --archive ffmpeg.tar.xz --sha256 "$(sha256sum <ffmpeg.tar.xz | cut -d' ' -f1)"
  [ "$status" -eq 0 ]
  [ -e "$FAKE_AWS/objects/bucket/artifacts/web/ffmpeg.tar.xz" ]
}

@test "a destination that is not a prefix is refused" {
  lock
  refuses 'must be s3://BUCKET/PREFIX/' "$COPY/scripts/ops/mirror-artifacts" --to s3://bucket/artifacts --from .
}
