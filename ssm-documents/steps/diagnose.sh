#!/bin/bash
# Puts logs, journal and state of the units into S3, whatever became of the last run.
set -u
umask 077
if ! command -v python3 >/dev/null; then
  echo 'python3 is not on the instance.' >&2
  exit 1
fi
cannot_unpack() {
  echo 'The program cannot be unpacked: is the disk full?' >&2
  exit 1
}

new=$(mktemp -d) || cannot_unpack
#include gantry_apply/diagnose.py into "$new"
python3 -I "$new/diagnose.py" <<'END_OF_GANTRY_PARAMETERS'
RunId={{ RunId }}
DiagnosticsUri={{ DiagnosticsUri }}
END_OF_GANTRY_PARAMETERS
code=$?
rm -rf "$new"
exit "$code"
