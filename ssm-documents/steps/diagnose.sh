#!/bin/bash
# Puts logs, journal and state of the units into S3, whatever became of the last run.
set -u
umask 077
downloads=$PWD
cd / || exit 1
if ! command -v python3 >/dev/null; then
  echo 'python3 is not on the instance.' >&2
  exit 1
fi
cannot_unpack() {
  echo 'The program cannot be unpacked: is the disk full?' >&2
  exit 1
}

new=$(mktemp -d) || cannot_unpack
#include gantry_apply/diagnose.py,gantry_apply/metadata.py,gantry_apply/surroundings.py into "$new"
# By exec: where an agent puts values into the text and no pattern is enforced, a value with a line break could end the
# here-document, and what follows would be commands. The program removes its own folder.
exec python3 -I "$new/diagnose.py" "$downloads" "$new" <<'END_OF_GANTRY_PARAMETERS'
RunId={{ RunId }}
DiagnosticsUri={{ DiagnosticsUri }}
END_OF_GANTRY_PARAMETERS
