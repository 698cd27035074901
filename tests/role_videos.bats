#!/usr/bin/env bats
# The programs of the role rtsp_server with videos of many kinds: fetched, inspected, published by ffmpeg to an RTSP
# server, and proven. No system boots: fakes take the place of systemd, S3 and the journal, so that no root is needed.
# The server is $MEDIAMTX_ARCHIVE, else what scripts/ops/build-mediamtx built, else the stand-in. Needs ffmpeg.

# shellcheck disable=SC2154 # run sets status and output

PUBLISHER=correct-horse-publishes
READER=correct-horse-reads

setup_file() {
  load helpers/common
  command -v ffprobe >/dev/null || skip 'ffmpeg is not installed'
  "$ROOT/.gantry/venv/bin/python" -c 'import yaml' 2>/dev/null || skip 'no PyYAML in .gantry/venv'
  LIB=$ROOT/ansible/roles/rtsp_server/files/lib
  PYTHON=$ROOT/.gantry/venv/bin/python
  WORLD=$BATS_FILE_TMPDIR PATH=$BATS_FILE_TMPDIR/bin:$PATH UNITS=$BATS_FILE_TMPDIR/units
  export LIB PYTHON WORLD PATH UNITS AWS_REGION=eu-central-1 PYTHONPATH=$BATS_FILE_TMPDIR/without
  export GANTRY_PUBLISH_AS=publisher:$PUBLISHER
  mkdir -p "$WORLD"/{bin,units,without,etc,data,videos,server}
  make_fakes
  make_videos
  serve_rtsp
  printf 'viewer:%s' "$READER" >"$WORLD/etc/reader"
  settings >"$WORLD/etc/videos.json"
}

setup() {
  load helpers/common
  cd "$BATS_TEST_TMPDIR" || return 1
}

teardown_file() {
  local pid
  for pid in "$BATS_FILE_TMPDIR"/units/*.pid; do
    [ ! -e "$pid" ] || kill -- "-$(<"$pid")" 2>/dev/null || true
  done
  [ ! -e "$BATS_FILE_TMPDIR/server/pid" ] || kill "$(<"$BATS_FILE_TMPDIR/server/pid")" 2>/dev/null || true
}

# make_fakes: systemd-run, systemctl, journalctl; aws with a bucket that is the folder $WORLD/videos, and no boto3.
make_fakes() {
  # With the interpreter's own path: on some machines python3 is a script that looks for one.
  ln -s "$ROOT/tests/fakes/fake-systemd" "$WORLD/systemd-run"
  # shellcheck disable=SC2016 # sh expands it
  printf '#!/bin/sh\nexec "$PYTHON" -B "$WORLD/systemd-run" "$@"\n' >"$WORLD/bin/systemd-run"
  # shellcheck disable=SC2016 # sh expands it
  printf '#!/bin/sh\nexec "$PYTHON" -B "$WORLD/aws.py" "$@"\n' >"$WORLD/bin/aws"
  printf 'raise ImportError\n' >"$WORLD/without/boto3.py"
  printf '#!/bin/sh\n' >"$WORLD/bin/journalctl"
  cat >"$WORLD/bin/systemctl" <<'EOT'
#!/bin/bash
# Each publisher has a session of its own. The one named "stubborn" does not start.
[[ $1 != --quiet ]] || shift
verb=$1 failed=0
for unit in "${@:2}"; do
  name=${unit#rtsp-stream@} name=${name%.service}
  pid=$UNITS/$name.pid
  case $verb in
    restart | disable) [[ ! -e $pid ]] || kill -- "-$(<"$pid")" 2>/dev/null ;;&
    disable) rm -f "$pid" ;;
    restart | start)
      [[ $verb == restart || ! -e $pid ]] || continue
      [[ $name != stubborn ]] || { echo "Job for $unit failed." >&2 && failed=1 && continue; }
      setsid "$PYTHON" -B "$LIB/publish.py" "$name" "$WORLD/etc/videos.json" </dev/null >"$UNITS/$name.log" 2>&1 3>&- &
      echo $! >"$pid"
      ;;
  esac
done
exit "$failed"
EOT
  cat >"$WORLD/aws.py" <<'EOT'
import hashlib, json, os, pathlib, shutil, sys
bucket = pathlib.Path(os.environ["WORLD"], "videos")
if sys.argv[2] == "get-object":
    shutil.copy(bucket / pathlib.Path(sys.argv[6]).name, sys.argv[7])
    print("{}")
else:
    found = sorted(bucket.iterdir())
    tags = [hashlib.sha256(one.read_bytes()).hexdigest() for one in found]
    sizes = [one.stat().st_size for one in found]
    print(json.dumps({"Contents": [
        {"Key": f"v/{one.name}", "ETag": tag, "Size": size} for one, tag, size in zip(found, tags, sizes)
    ]}))
EOT
  chmod +x "$WORLD"/bin/*
}

# made FILE OPTION…: makes three seconds of a small video, with these options.
made() {
  local file=$1
  shift
  bounded ffmpeg -nostdin -v error -f lavfi -t "${SECONDS_OF:-3}" -i "testsrc2=size=160x120:rate=${RATE:-10}" \
    "$@" "$file"
}

# tone [SOURCE]: the options for a second input with sound.
tone() { TONE=(-f lavfi -t 3 -i "${1:-sine=frequency=440}"); }

# make_videos: makes one of each kind.
make_videos() {
  local in=$WORLD/videos x264=(-c:v libx264 -preset ultrafast)
  cd "$WORLD" || return 1
  tone
  # x264's own defaults: a key frame every 250 frames, B-frames.
  RATE=25 SECONDS_OF=12 made "$in/default.mp4" -c:v libx264
  RATE=2 SECONDS_OF=130 made two-minutes.mp4 "${x264[@]}" -g 9999 -force_key_frames 0,120
  made "$in/hevc.mp4" -c:v libx265 -preset ultrafast -x265-params log-level=error
  made "$in/ten-bit.mp4" "${x264[@]}" -pix_fmt yuv420p10le
  made "$in/interlaced.ts" -c:v mpeg2video -flags +ilme+ildct
  made "$in/rate-varies.mp4" -vf "select='not(mod(n,3))+not(mod(n,7))'" -vsync vfr "${x264[@]}"
  made upright.mp4 "${TONE[@]}" "${x264[@]}" -c:a aac
  bounded ffmpeg -nostdin -v error -i upright.mp4 -c copy -metadata:s:v rotate=90 "$in/phone.mp4"
  made "$in/adts.ts" "${TONE[@]}" "${x264[@]}" -c:a aac
  made whole.ts "${x264[@]}" -g 10
  # It begins between two key frames, as recordings of broadcasts do: a decoder complains, but nothing is wrong.
  tail -c +8461 whole.ts >"$in/broadcast.ts"
  made "$in/odd.mkv" -vf scale=161:121 -pix_fmt yuvj444p -c:v mjpeg
  bounded ffmpeg -nostdin -v error -f lavfi -i color=red:size=64x64 -frames:v 1 cover.png
  made "$in/cover.mp4" "${TONE[@]}" -i cover.png -map 2 -map 0 -map 1 -c:v:0 mjpeg -disposition:v:0 attached_pic \
    -c:v:1 libx264 -preset:v:1 ultrafast -c:a aac
  tone 'sine=frequency=440,aformat=channel_layouts=5.1'
  made "$in/surround.mkv" "${TONE[@]}" "${x264[@]}" -c:a libopus -mapping_family 1
  tone 'aevalsrc=random(0)|random(1)|random(2)|random(3)|random(4)|random(5):c=5.1:s=48000'
  made "$in/large-units.mp4" "${TONE[@]}" "${x264[@]}" -c:a aac -b:a 2000k
  cp upright.mp4 "$in/東京.mp4"
}

# serve_rtsp: starts the server at 127.0.0.2 on a free port, for publishers and readers with a password.
serve_rtsp() {
  local archive=${MEDIAMTX_ARCHIVE:-$(compgen -G "$ROOT/.gantry/mediamtx/mediamtx_*.tar.gz" | head -n 1)}
  [ -n "$archive" ] || { archive=$WORLD/standin.tar.gz && python3 -B "$ROOT/scripts/lib/media/standin.py" "$archive"; }
  tar -xzf "$archive" -C "$WORLD/server"
  PORT=$(python3 -c 'import socket; print(socket.create_server(("127.0.0.2", 0)).getsockname()[1])')
  export PORT
  cat >"$WORLD/server.yml" <<EOT
rtspAddress: 127.0.0.2:$PORT
rtspTransports: [tcp]
rtspAuthMethods: [basic]
rtmp: false
hls: false
webrtc: false
srt: false
moq: false
authInternalUsers:
  - {user: publisher, pass: "$(hashed "$PUBLISHER")", ips: [127.0.0.1], permissions: [{action: publish}]}
  - {user: viewer, pass: "$(hashed "$READER")", ips: [], permissions: [{action: read}]}
paths: {all_others: {}}
EOT
  PATH=$ROOT/.gantry/venv/bin:$PATH \
    "$WORLD/server/mediamtx" "$WORLD/server.yml" </dev/null >"$WORLD/server/log" 2>&1 3>&- &
  echo $! >"$WORLD/server/pid"
  # shellcheck disable=SC2016 # the inner sh expands it
  bounded sh -c 'until grep -q listen "$0"; do sleep 0.1; done' "$WORLD/server/log"
}

hashed() { printf 'sha256:%s' "$(printf %s "$1" | openssl dgst -sha256 -binary | base64)"; }

# settings: the file that Ansible writes.
settings() {
  cat <<EOT
{"videos": ["s3://films/v/"], "folder": "$WORLD/data", "server": {"host": "127.0.0.2", "port": $PORT},
 "programs": "$(dirname "$(command -v ffmpeg)")", "inspector": "$(id -un)", "confinement": ["NoNewPrivileges=yes"]}
EOT
}

synchronize() { "$PYTHON" -B "$LIB/videos.py" "$WORLD/etc/videos.json"; }
prove() { "$PYTHON" -B "$LIB/prove.py" "$1" "$WORLD/etc/videos.json"; }

# of_status EXPRESSION: its value, where s is the streams of status.json.
of_status() {
  python3 -c 'import json, sys
s = json.load(open(sys.argv[1]))["streams"]
print(eval(sys.argv[2]))' "$WORLD/data/status.json" "$1"
}

# in_python [ARGUMENT…]: runs standard input with the role's modules on the path.
in_python() { PYTHONPATH=$LIB:$PYTHONPATH "$PYTHON" -B - "$@"; }

@test "videos of many kinds become streams that are proven, with their sound" {
  run synchronize
  echo "$output"
  [ "$status" -eq 0 ]
  run prove 30
  echo "$output"
  [ "$status" -eq 0 ]
  python3 - "$output" <<'EOT'
import json, sys
got = json.loads(sys.argv[1])
sound = {"audio": "aac 44100"}
assert got == {
    "default": {"video": "h264 160x120"},
    "hevc": {"video": "hevc 160x120"},
    "ten-bit": {"video": "h264 160x120"},
    "interlaced": {"video": "h264 160x120"},
    "rate-varies": {"video": "h264 160x120"},
    # Upright, as the phone was held.
    "phone": {"video": "h264 120x160", **sound},
    "adts": {"video": "h264 160x120", **sound},
    "broadcast": {"video": "h264 160x120"},
    # Padded: H.264 with 4:2:0 has even sizes only.
    "odd": {"video": "h264 162x122"},
    "cover": {"video": "h264 160x120", **sound},
    "surround": {"video": "h264 160x120", "audio": "aac 48000"},
    "large-units": {"video": "h264 160x120", "audio": "aac 48000"},
    "video-130016b2": {"video": "h264 160x120", **sound},
}, got
EOT
}

@test "a re-encoded track has its reason, and the others are copied" {
  run of_status '{name: one["encoded"] for name, one in sorted(s.items()) if one["encoded"]}'
  echo "$output"
  [[ $output == *"'interlaced': {'video': 'players do not commonly read mpeg2video'}"* ]]
  [[ $output == *"'large-units': {'audio': 'its largest unit has "* ]]
  [[ $output == *"'odd': {'video': 'players do not commonly read mjpeg'}"* ]]
  [[ $output == *"'phone': {'video': 'it is to be turned by 90 degrees"* ]]
  [[ $output == *"'surround': {'audio': 'RTP has no Opus of 6 channels'}"* ]]
  [ "$(of_status 'sum(1 for one in s.values() if one["encoded"])')" -eq 5 ]
  [[ $(of_status 's["interlaced"]["options"]') == *yadif* ]]
}

@test "a transport stream has its key frame in each round" {
  local rounds
  rounds=$(bounded ffmpeg -nostdin -v error -stream_loop 3 -i "$WORLD/data/files/adts" -map 0:v -c copy \
    -f matroska - |
    ffprobe -v error -select_streams v -show_entries packet=flags -of csv=p=0 - | grep -c K)
  [ "$rounds" -eq 4 ]
}

@test "the password is in no program's arguments, and in no environment of ffmpeg's" {
  local pid pids
  mapfile -t pids < <(pgrep -g "$(cat "$UNITS"/*.pid | paste -sd,)" -f "rtsp://127.0.0.1:[0-9]*/")
  [ "${#pids[@]}" -ge 10 ]
  for pid in "${pids[@]}"; do
    run grep -aFe "$PUBLISHER" -e "$READER" "/proc/$pid/cmdline" "/proc/$pid/environ"
    [ "$output" = '' ]
  done
  run grep -Fe "$PUBLISHER" -e "$READER" "$UNITS/confined" "$UNITS"/*.log
  [ "$status" -eq 1 ]
}

@test "every inspection of a video is confined and without network; the proof has loopback only" {
  run cat "$UNITS/confined"
  [ "${#lines[@]}" -ge 30 ]
  local line
  for line in "${lines[@]}"; do
    [[ $line == *"'User=$(id -un)', 'NoNewPrivileges=yes',"*"'MemoryMax=50%'"*"'RuntimeMaxSec="* ]]
    [[ $line == *"'PrivateNetwork=yes'"* || $line == *"'IPAddressDeny=any', 'IPAddressAllow=localhost'"* ]]
    [[ $line == *rtsp://* || $line == *"'PrivateNetwork=yes'"*"'-protocol_whitelist', 'file', '-format_whitelist'"* ]]
  done
}

@test "a video with a key frame every two minutes gets these two minutes" {
  run in_python "$WORLD" <<'EOT'
import sys
from pathlib import Path
from confined import Confined
from settings import Settings
import prove
settings = Settings.read(Path(sys.argv[1], "etc/videos.json"))
tracks = settings.programs.inspect(Path(sys.argv[1], "two-minutes.mp4"))
print(tracks.waits, tracks.encoded)
# It is not published: only its time limit is tested here.
def run(self, command, seconds, network):
    print(f"{seconds:.0f} s", "select" in " ".join(command))
    return "", ""
Confined.run = run
try:
    prove.play(settings, "", "nothing", vars(tracks))
except prove.NotPlayable as why:
    print(why)
EOT
  echo "$output"
  [ "${lines[0]}" = "{'video': 120.0} {}" ]
  [ "${lines[1]}" = '160 s False' ]
  [[ ${lines[2]} == 'no frame of video could be decoded within 0 s'*' (video each 120 s); the server sent 0 bytes' ]]
}

@test "the last log lines of a service are shown, without systemd's lines about restarts" {
  mkdir journal
  cat >journal/journalctl <<'EOT'
#!/bin/sh
echo '{"SYSLOG_IDENTIFIER": "mediamtx", "MESSAGE": "listen tcp :8554: bind: address already in use"}'
for line in 'Main process exited' 'Failed with result exit-code' 'Scheduled restart job' 'Started MediaMTX'; do
  printf '{"SYSLOG_IDENTIFIER": "systemd", "MESSAGE": "%s"}\n' "$line"
done
echo '{"SYSLOG_IDENTIFIER": "mediamtx", "MESSAGE": [27, 91]}'
EOT
  chmod +x journal/journalctl
  PATH=$PWD/journal:$PATH PYTHONPATH=$LIB run "$PYTHON" -B -c 'import prove; print(prove.last_words("mediamtx"))'
  [ "$status" -eq 0 ]
  [ "$output" = ' (mediamtx said last: listen tcp :8554: bind: address already in use)' ]
}

@test "a missing sound fails the proof, which names the stream" {
  python3 - "$WORLD/data/status.json" <<'EOT'
import json, sys
status = json.load(open(sys.argv[1]))
streams = {name: status["streams"][name] for name in ("hevc", "phone")}
streams["hevc"]["waits"]["audio"] = 1.0
streams["hevc"]["codecs"]["audio"] = "aac"
json.dump({"streams": streams, "problems": []}, open("status.json", "w"))
EOT
  mkdir etc
  python3 -c 'import json, sys
settings = json.load(open(sys.argv[1]))
settings["folder"] = sys.argv[2]
json.dump(settings, open("etc/videos.json", "w"))' "$WORLD/etc/videos.json" "$PWD"
  cp "$WORLD/etc/reader" etc/
  run "$PYTHON" -B "$LIB/prove.py" 0 etc/videos.json
  echo "$output"
  [ "$status" -eq 1 ]
  [ "$output" = 'stream hevc: the server has this stream without a track that its file has' ]
}

@test "the messages for a missing stream, a wrong password and a missing server differ" {
  run in_python "$WORLD" <<'EOT'
import dataclasses, sys
from pathlib import Path
from relay import Server
from settings import Settings
import prove
settings = Settings.read(Path(sys.argv[1], "etc/videos.json"))
reader = (settings.etc / "reader").read_text()
nowhere = dataclasses.replace(settings, server=Server("127.0.0.2", 1))
for at, reader, name in (settings, reader, "nothing"), (settings, "viewer:wrong", "hevc"), (nowhere, "", "hevc"):
    try:
        prove.play(at, reader, name, {"waits": {"video": 1.0}, "codecs": {"video": "hevc"}})
    except prove.NotPlayable as why:
        print(why)
EOT
  echo "$output"
  [ "${lines[0]}" = 'the server has no such stream: no publisher sends it' ]
  [ "${lines[1]}" = 'the server refuses this name and password' ]
  [ "${lines[2]}" = "nothing listens on the server's port (127.0.0.2:1: Connection refused)" ]
}

@test "another user cannot use the relay that is made for ffmpeg" {
  run in_python "$PORT" <<'EOT'
import os, socket, sys
from urllib.parse import urlsplit
from relay import Relay, Server
for user in (os.getuid() + 1, os.getuid()):
    relay = Relay(Server("127.0.0.2", int(sys.argv[1])), "viewer:correct-horse-reads", user)
    with socket.create_connection(("127.0.0.1", urlsplit(relay.url("")).port), timeout=5) as peer:
        try:
            peer.sendall(b"DESCRIBE rtsp://127.0.0.1/hevc RTSP/1.0\r\nCSeq: 1\r\n\r\n")
            print(peer.recv(100).split(b"\r\n")[0])
        except ConnectionError:
            print(b"")
    relay.close()
EOT
  echo "$output"
  [ "${lines[0]}" = "b''" ]
  [ "${lines[1]}" = "b'RTSP/1.0 200 OK'" ]
}

@test "names without ASCII letters, or too long, make streams, and no two share one" {
  run in_python <<'EOT'
from videos import stream_name, unit
print(*(stream_name(f"v/{name}.mp4") for name in ("north side", "日本", "東京-01", "大阪-01")))
long = stream_name(f"v/{'n' * 300}.mp4")
print(len(unit(long)) <= 255, long != stream_name(f"v/{'n' * 301}.mp4"), repr(stream_name("v/!.mp4")))
EOT
  echo "$output"
  [ "${lines[0]}" = 'north-side video-cf2abf0c 01-34d52508 01-aec14b25' ]
  [ "${lines[1]}" = "True True ''" ]
}

@test "a file that is no video, or names other files, is refused, with what it is" {
  run in_python "$WORLD" <<'EOT'
import sys
from pathlib import Path
from media import Broken
from settings import Settings
programs = Settings.read(Path(sys.argv[1], "etc/videos.json")).programs
whole = Path(sys.argv[1], "upright.mp4").read_bytes()
Path("text.mp4").write_text("no video")
Path("short.mp4").write_bytes(whole[:3000])
Path("list.mp4").write_text(f"#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\n{sys.argv[1]}/whole.ts\n#EXT-X-ENDLIST\n")
Path("concat.mp4").write_text(f"ffconcat version 1.0\nfile {sys.argv[1]}/whole.ts\n")
for name in ("text", "short", "list", "concat"):
    try:
        print(name, programs.inspect(Path(f"{name}.mp4").resolve()))
    except Broken as why:
        print(name, "is broken:", why)
EOT
  echo "$output"
  [ "$(grep -c 'is broken: ' <<<"$output")" -eq 4 ]
}

@test "a video that is too slow to read, or does not fit, is reported with that reason" {
  run in_python "$WORLD" <<'EOT'
import shutil, sys
from pathlib import Path
from types import SimpleNamespace
import media, videos
from cloud import Stored
settings = videos.Settings.read(Path(sys.argv[1], "etc/videos.json"))
Path("slow").write_text("#!/bin/sh\nexec sleep 20\n")
Path("slow").chmod(0o755)
media.FEWEST_SECONDS = 1
try:
    slow = media.Programs("ffmpeg", str(Path("slow").resolve()), settings.programs.confined)
    slow.inspect(Path(sys.argv[1], "whole.ts"))
except media.NotNow as why:
    print(why)
shutil.disk_usage = lambda folder: SimpleNamespace(free=300 << 20)
whole = Path("whole.ts")
whole.write_bytes(Path(sys.argv[1], "whole.ts").read_bytes())
try:
    videos.Streams(None, settings).bring("large", Stored("films", "v/large.mp4", "1a", 250 << 20))
except media.NotNow as why:
    print(why)
shutil.disk_usage = lambda folder: SimpleNamespace(free=media.RESERVE_BYTES)
media.FEWEST_SECONDS = 60
try:
    settings.programs.inspect(whole.resolve())
except media.NotNow as why:
    print(why)
EOT
  echo "$output"
  [[ ${lines[0]} == 'slow did not get through its '*' bytes within 1 s: the machine or its disk is slow or busy' ]]
  [[ ${lines[2]} == 'packing it into Matroska needs 0 MiB, and '* ]]
  [[ ${lines[1]} == 'fetching it needs 250 MiB, and '*' has 300 MiB free, of which 100 MiB stay free: give '* ]]
}

@test "problems of some videos do not affect the others" {
  local before
  before=$(cat "$UNITS"/hevc.pid)
  cp "$WORLD/upright.mp4" "$WORLD/videos/stubborn.mp4"
  cp "$WORLD/upright.mp4" "$WORLD/videos/fresh.mp4"
  printf 'no video' >"$WORLD/videos/broken.mp4"
  # A disk on which no file of this name can be written.
  mkdir "$WORLD/data/incoming/full"
  cp "$WORLD/upright.mp4" "$WORLD/videos/full.mp4"
  run synchronize
  echo "$output"
  [ "$status" -eq 1 ]
  [[ $output == *'"added": ["fresh", "stubborn"]'* ]]
  [[ $output == *'"broken": {"broken": "s3://films/v/broken.mp4: '* ]]
  [[ $output == *'systemctl restart: Job for rtsp-stream@stubborn.service failed.'* ]]
  [[ $output == *'s3://films/v/full.mp4: '* ]]
  [ "$(cat "$UNITS"/hevc.pid)" = "$before" ]
  [ -e "$UNITS/fresh.pid" ]
}
