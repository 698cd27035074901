# shellcheck shell=bash
# What an apply of an environment needs from this machine: builds, MediaMTX's archive, a sample video, the bundle.
# Sourced after common.sh, setup.sh, java.sh and deploy.sh. MEDIAMTX is the folder of --mediamtx, or empty.

LOCK=$ROOT/ansible/roles/rtsp_server/files/artifacts.lock
MEDIAMTX_DEFAULT=v1.20.1
OWN_BUCKET='\{\{ *gantry_bucket *\}\}'

# mediamtx_version ENVIRONMENT
mediamtx_version() { configured "$1" rtsp_server_version || echo "$MEDIAMTX_DEFAULT"; }

# fleet_architecture ENVIRONMENT: as MediaMTX's releases name it.
fleet_architecture() {
  case $(configured "$1" terraform architecture || true) in
    arm64) echo arm64 ;;
    *) echo amd64 ;;
  esac
}

# in_own_bucket ENVIRONMENT KEY: does that value name the environment's own bucket?
in_own_bucket() { [[ $(configured "$1" "$2" || true) =~ $OWN_BUCKET ]]; }

# lock_mediamtx ENVIRONMENT ARCHITECTURE: the release's own checksum file says what may be installed. The
# operator's own archive has its digest in the environment's values.
lock_mediamtx() {
  local version options=()
  [[ -z $(configured "$1" rtsp_server_sha256 "$2" || true) ]] || {
    echo "config/$1.yml has the digest of an archive of its own."
    return 0
  }
  version=$(mediamtx_version "$1")
  ! grep -q "\*mediamtx_${version}_linux_$2.tar.gz\$" "$LOCK" || {
    echo 'It is locked already.'
    return 0
  }
  [[ -z $MEDIAMTX ]] || options=(--checksums "$MEDIAMTX/checksums.sha256")
  "$ROOT/scripts/ops/lock-artifacts" --version "$version" "${options[@]}"
}

# fetch_mediamtx ENVIRONMENT ARCHITECTURE: puts the archive where the apply looks for it.
fetch_mediamtx() {
  local own options=(--version "$(mediamtx_version "$1")" --arch "$2" --into "$STATE/workload/$1/artifacts")
  own=$(configured "$1" rtsp_server_sha256 "$2" || true)
  [[ -z $own ]] || options+=(--sha256 "$own")
  [[ -z $MEDIAMTX ]] || options+=(--from "$MEDIAMTX")
  python3 -B "$ROOT/scripts/lib/media/artifacts.py" fetch "${options[@]}"
}

# sample_video FILE: ten seconds with sound, a key frame each second.
sample_video() {
  ffmpeg -nostdin -loglevel error -y -f lavfi -i testsrc2=size=640x360:rate=25 -f lavfi -i sine=frequency=440 -t 10 \
    -c:v libx264 -preset veryfast -bf 0 -g 25 -pix_fmt yuv420p -c:a aac -f mp4 "$1.part" && mv "$1.part" "$1"
}

# prepare_mediamtx ENVIRONMENT
prepare_mediamtx() {
  local architecture version
  architecture=$(fleet_architecture "$1") version=$(mediamtx_version "$1")
  step "MediaMTX $version: checksums of its release" mediamtx-lock lock_mediamtx "$1" "$architecture" ||
    cannot "without internet fetch mediamtx_${version}_linux_$architecture.tar.gz and checksums.sha256 of" \
      'github.com/bluenviron/mediamtx/releases elsewhere, and say --mediamtx FOLDER.'
  ! in_own_bucket "$1" rtsp_server_artifact_prefix ||
    step "MediaMTX $version: archive for $architecture" mediamtx-fetch fetch_mediamtx "$1" "$architecture" ||
    cannot 'the archive could not be fetched; the output is above. Without internet say --mediamtx FOLDER.'
}

# prepare_video ENVIRONMENT: an existing file is used.
prepare_video() {
  local folder=$STATE/workload/$1/videos
  in_own_bucket "$1" rtsp_server_videos || return 0
  [[ -z $(find "$folder" -type f 2>/dev/null) ]] || return 0
  (setup_system media)
  has ffmpeg || cannot "needs ffmpeg for a sample video. Install it, put a video of your own into" \
    "${folder#"$ROOT"/}, or name yours in config/$1.yml (rtsp_server_videos)."
  make_state "workload/$1/videos"
  step 'A sample video (for a bucket that has none)' video sample_video "$folder/sample.mp4" ||
    die 'ffmpeg could not make it; its output is above.'
}

# pin_image ENVIRONMENT: each apply uses the image that the configuration names, until scripts/ops/image changes it.
pin_image() {
  [[ -z $(configured "$1" terraform image_id || true) ]] || return 0
  step "The image of $1's instances, into config/$1.yml" image "$ROOT/scripts/ops/image" "$1" --unless-there ||
    die 'the newest image could not be read; the output is above. terraform: image_id: names one.'
  # shellcheck disable=SC2034 # deploy.sh reads it
  CONFIG_OF[$1]=''
  load_config "$1"
}

# make_bundle ENVIRONMENT: makes one where the environment looks for it.
make_bundle() {
  rm -rf "$STATE/bundles/$1"
  "$ROOT/scripts/gantry" bundle --env "$1" --out "$STATE/bundles/$1"
}

# prepare ENVIRONMENT: makes everything; with a fallback the instances' program too.
prepare() {
  has terraform || cannot 'needs terraform 1.11 or newer on the PATH, which reads the environment'"'"'s values.'
  load_config "$1"
  setup_system build
  build_if_needed
  if [[ $(configured "$1" terraform fallback || true) == when-unreachable ]]; then
    "$ROOT/scripts/dev/build-documents" --program "$STATE/fallback/program.zip"
  fi
  prepare_mediamtx "$1"
  prepare_video "$1"
  step "The bundle of $1" bundle make_bundle "$1" || die 'the bundle could not be made; the output is above.'
}
