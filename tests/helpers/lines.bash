# shellcheck shell=bash
# Reads the line of JSON that a run ends with, from LINE.

# field PATH: of LINE, as in tasks.changed; True and False as Python writes them, nothing if it is not there.
field() {
  python3 -c 'import functools, json, sys
found = functools.reduce(lambda node, name: node.get(name, ""), sys.argv[2].split("."), json.loads(sys.argv[1]))
print(found)' "$LINE" "$1"
}

# is FIELD VALUE…: all of them, or the line is shown.
is() {
  while (($#)); do
    [ "$(field "$1")" = "$2" ] || { printf '%s is not %s in %s\n' "$1" "$2" "$LINE" && return 1; }
    shift 2
  done
}
