#!/bin/bash
# When the run failed: puts what explains it into S3. The run's own step has brought the program.
set -u
# Nothing may start among the downloads.
downloads=$PWD
cd / || exit 1
program=${GANTRY_HOME:-/var/lib/gantry}/program/current/diagnose.py
if [ ! -e "$program" ]; then
  echo 'The run never began: there is nothing to upload.'
  exit 0
fi
exec python3 -I "$program" "$downloads" <<'END_OF_GANTRY_PARAMETERS'
OnlyIfFailed=True
RunId={{ RunId }}
DiagnosticsUri={{ DiagnosticsUri }}
END_OF_GANTRY_PARAMETERS
