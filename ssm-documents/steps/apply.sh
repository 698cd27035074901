#!/bin/bash
# Puts gantry_apply on the instance, once for each version of it, and starts it with the document's parameters.
set -u
umask 077

refuse() {
  printf '{"gantry":1,"ok":false,"kind":"%s","exit":%d,"fault":"instance","message":"%s"}\n' "$1" "$2" "$3"
  exit "$2"
}

cannot_unpack() {
  rm -rf "$new" "$new.zip"
  refuse internal 17 'the program cannot be unpacked below /var/lib/gantry: is the disk full?'
}

# The agent's folder has what was downloaded, and nothing may start there: an interpreter would import it, and a PATH
# with a relative folder would be searched there.
downloads=$PWD
cd / || refuse internal 17 'there is no folder / here'

if [ "$(id -u)" -ne 0 ]; then refuse internal 17 'the document needs an agent that runs as root'; fi
if ! python3 -I -c 'import sys; sys.exit(sys.version_info < (3, 9))' 2>/dev/null; then
  refuse dependencies 11 'python3 (3.9 or newer) is not on the instance: bake it into the image'
fi

version='@VERSION@'
place=${GANTRY_HOME:-/var/lib/gantry}/program/$version
if [ ! -e "$place" ]; then
  new=$place.$$
  mkdir -p "$new" || refuse internal 17 'cannot write below /var/lib/gantry'
  # What was left by unpackings that were killed.
  find "${place%/*}" -mindepth 1 -maxdepth 1 -name '*.*' -mmin +60 -exec rm -rf {} +
  #include gantry_apply into "$new"
  # Before it has its name: where the power fails a moment later, files may be empty, and an empty program succeeds.
  # These files alone: a system that boots has much else to write.
  sync "$new"/* || cannot_unpack
  # Another run may have been faster.
  mv -T "$new" "$place" 2>/dev/null || rm -rf "$new"
fi
# What a forced command of another channel calls.
ln -sfn "$place" "${place%/*}/current"

# Nothing in a quoted here-document is expanded, and no value has a line break: an agent that puts values into the text
# cannot put words into the script. Newer agents leave $SSM_NAME here and the value in the environment.
exec python3 -I "$place" "$downloads" <<'END_OF_GANTRY_PARAMETERS'
InstallDependencies={{ InstallDependencies }}
PlaybookFile={{ PlaybookFile }}
ExtraVariables={{ ExtraVariables }}
Check={{ Check }}
Verbose={{ Verbose }}
TimeoutSeconds={{ TimeoutSeconds }}
BundleSha256={{ BundleSha256 }}
RunId={{ RunId }}
AnsibleVersion={{ AnsibleVersion }}
InstallFrom={{ InstallFrom }}
WheelhouseUri={{ WheelhouseUri }}
END_OF_GANTRY_PARAMETERS
