# shellcheck shell=bash
# The example fleet's workload: what lies in S3 (videos, an RTSP server's archive), and its environment's values.
# Sourced after common.sh.

OBJECTS=$STATE/objects
VALUES=$STATE/sandbox.yml
MEDIAMTX_VERSION=v1.20.1
# Where scripts/ops/build-mediamtx leaves its archive.
MEDIAMTX_BUILT=$STATE/mediamtx

# architecture: prints this machine's, as MediaMTX's releases are named.
architecture() {
  case $(uname -m) in
    x86_64) echo amd64 ;;
    aarch64) echo arm64 ;;
    *) die "there is no RTSP server for $(uname -m): x86_64 and aarch64 only." ;;
  esac
}

archive_name() { echo "mediamtx_${MEDIAMTX_VERSION}_linux_$(architecture).tar.gz"; }

# make_workload: makes OBJECTS and VALUES. The archive is $MEDIAMTX_ARCHIVE, else
# the one that scripts/ops/build-mediamtx built, else the stand-in, which names itself.
make_workload() {
  local archive
  archive=$OBJECTS/artifacts/web/$(archive_name)
  mkdir -p "${archive%/*}" "$OBJECTS/videos/web"
  if [[ -n ${MEDIAMTX_ARCHIVE:-} ]]; then
    [[ -r $MEDIAMTX_ARCHIVE ]] || die "MEDIAMTX_ARCHIVE: $MEDIAMTX_ARCHIVE cannot be read."
    cp "$MEDIAMTX_ARCHIVE" "$archive.$$"
  elif [[ -s $MEDIAMTX_BUILT/${archive##*/} ]]; then
    cp "$MEDIAMTX_BUILT/${archive##*/}" "$archive.$$"
  else
    python3 -B "$ROOT/scripts/lib/media/standin.py" "$archive.$$"
  fi
  # Another sandbox may be reading what is there.
  mv "$archive.$$" "$archive"
  write_values "$archive"
  # Without an image instances are simulated, and play nothing.
  [[ -z ${IMAGE:-} ]] || make_videos
}

# make_local_workload: the same for local instances, which need no objects and few values.
make_local_workload() {
  cat >"$VALUES.$$" <<EOT
---
# The values of the sandbox's example fleet, written at each start; each instance's page shows this one.
local_greeting: served by a local instance
EOT
  mv "$VALUES.$$" "$VALUES"
}

write_values() {
  cat >"$VALUES.$$" <<EOT
---
# The values of the sandbox's example fleet, written at each start; config/sample.yml explains them.
rtsp_server_videos: [s3://gantry-sandbox/videos/web/]
rtsp_server_artifact_prefix: s3://gantry-sandbox/artifacts/web/
rtsp_server_sha256: {$(architecture): "$(sha256sum <"$1" | cut -d' ' -f1)"}
rtsp_server_sync_minutes: 1
EOT
  mv "$VALUES.$$" "$VALUES"
}

# make_videos: two of ten seconds, one of them with sound; made once.
make_videos() {
  [[ -s $OBJECTS/videos/web/north.mp4 && -s $OBJECTS/videos/web/south.mp4 ]] && return 0
  test_video "$OBJECTS/videos/web/north.mp4" -f lavfi -i testsrc2=size=640x360:rate=25 -t 10
  test_video "$OBJECTS/videos/web/south.mp4" -f lavfi -i smptebars=size=320x240:rate=25 \
    -f lavfi -i sine=frequency=440 -c:a aac -t 10
}

# test_video FILE OPTION…: encodes what these options of ffmpeg describe, by the image's own ffmpeg; a key frame each
# second. The image itself is left as it is: ffmpeg writes to a file system of this one process.
test_video() {
  local target=$1
  shift
  # shellcheck disable=SC2016 # the inner shell expands it
  unshare -m sh -c 'image=$1; target=$2; shift 2
    mount -t tmpfs gantry "$image/tmp" && chroot "$image" ffmpeg -nostdin -loglevel error -y "$@" /tmp/video.mp4 &&
      cp "$image/tmp/video.mp4" "$target.part" && mv "$target.part" "$target"' sh "$IMAGE" "$target" "$@" \
    -c:v libx264 -preset veryfast -bf 0 -g 25 -pix_fmt yuv420p || die "the test video $target could not be made."
}
