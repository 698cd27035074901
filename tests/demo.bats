#!/usr/bin/env bats
# scripts/demo: if instances cannot boot for real, if its console cannot start, how it is ended, and what --fallback
# does not accept.
# shellcheck disable=SC2030,SC2031 # each test is a subshell of its own, in which run sets status and lines
# shellcheck disable=SC2089,SC2090 # A_SANDBOX is Python

bats_require_minimum_version 1.5.0

setup() {
  load helpers/common
}

@test "if instances cannot boot for real, --fallback says in one line that SSH is not simulated, and ends with 3" {
  local nobody=()
  if [ "$EUID" -eq 0 ]; then
    nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups env HOME=/nonexistent)
    "${nobody[@]}" test -r "$ROOT/scripts/demo" || skip 'nobody may not read this clone'
  fi
  run "${nobody[@]}" "$ROOT/scripts/demo" --fallback
  [ "$status" -eq 3 ]
  [ "${#lines[@]}" -eq 1 ]
  [[ $output == *'instances that boot for real, and none can here (not root); SSH is not simulated.'* ]]
}

@test "--fallback has real instances only" {
  local kind
  for kind in simulated local; do
    run "$ROOT/scripts/demo" --fallback --instances "$kind"
    [ "$status" -eq 2 ]
    [[ $output == *"--fallback has no $kind instances"* ]]
  done
}

@test "if systems cannot boot, the demo has local instances, says so first and last, and the pager quotes Ansible" {
  local less=()
  if [ "$EUID" -eq 0 ]; then
    less=(setpriv --bounding-set '-net_admin,-sys_admin' --inh-caps '-net_admin,-sys_admin')
  fi
  run --separate-stderr "${less[@]}" "$ROOT/scripts/demo"
  # shellcheck disable=SC2154 # run sets it
  echo "$stderr"
  echo "$output"
  [ "$status" -eq 0 ]
  # shellcheck disable=SC2154 # run sets it
  [[ ${stderr_lines[0]} == 'Instances are local here: no system boots ('* ]]
  [[ ${lines[0]} =~ ^Open\ http://127\.0\.0\.1:[0-9]+/\?token=[A-Za-z0-9_-]{32}\ in\ a\ browser\ to\ watch\.$ ]]
  [[ ${lines[1]} == "Gantry's demo, with LOCAL instances: a folder and processes each, no system boots;"* ]]
  [[ $output == *'GET http://127.'*'served by a local instance'* ]]
  [[ $output == *"task: Serve the instance's page"*'message: the service cannot listen on 127.'* ]]
  [[ $output == *'Address already in use'* ]]
  [[ $output == *'Not shown: the hardened Command document'* ]]
  [[ ${lines[-1]} == 'The demo ran with LOCAL instances: a folder and processes each, no system boots;'* ]]
}

# the_console COMMAND…: what the demo prints if this starts its console. It waits PATIENCE seconds for the address, and
# makes the file SAID_SO once it has said that it waits no longer.
the_console() {
  [ -x "$ROOT/.gantry/venv/bin/python" ] || skip 'no .gantry/venv'
  export SAID_SO=$BATS_TEST_TMPDIR/said-so
  PYTHONPATH=$ROOT/scripts/lib/demo run "$ROOT/.gantry/venv/bin/python" -B - "$@" <<'END'
import os, pathlib, sys, time
import demo
demo.CONSOLE_PATIENCE = float(os.environ.get("PATIENCE", 600))
screen = demo.Screen()
screen.plain("the demo's next line")
console = demo.Console(sys.argv[1:], {}, screen)
end = time.monotonic() + 600
while not console.is_known and time.monotonic() < end:
    console.look()
    if screen.is_open:
        pathlib.Path(os.environ["SAID_SO"]).touch()
    time.sleep(0.01)
console.stop()
END
  [ "$status" -eq 0 ]
}

# goes_on_without WHY: the demo's first line says why there is no console, and its next line follows.
goes_on_without() {
  [[ ${lines[0]} == "The console cannot start here ("*"$1"*"); the demo goes on without it." ]]
  [[ ${#lines[@]} -eq 2 && ${lines[1]} == "the demo's next line" ]]
}

@test "the console's address is the demo's first line; without a console the first line says why" {
  the_console echo '{"form": "gantry.console/1", "address": "http://127.0.0.1:4680/?token=abc"}'
  [[ ${lines[0]} == 'Open http://127.0.0.1:4680/?token=abc in a browser to watch.' ]]
  [[ ${lines[1]} == "the demo's next line" ]]
  the_console
  goes_on_without 'it is not built'
  the_console /nonexistent/java
  goes_on_without '/nonexistent/java'
  the_console false
  goes_on_without 'it ended without a word'
  the_console sh -c 'echo "gantry: no port is free" >&2; exit 3'
  goes_on_without 'gantry: no port is free'
}

@test "a console that starts slowly does not delay the demo: its address follows" {
  # shellcheck disable=SC2016 # sh expands it
  PATIENCE=0 the_console sh -c 'until [ -e "$SAID_SO" ]; do sleep 0.1; done
    echo "{\"address\": \"http://127.0.0.1:4680/\"}"'
  [[ ${lines[0]} == 'The console is slow to start; its address follows.' ]]
  [[ ${lines[1]} == "the demo's next line" ]]
  [[ ${lines[2]} == 'Open http://127.0.0.1:4680/ in a browser to watch.' ]]
}

# Starts like a sandbox: it writes its pid to a file, and the line that follows, if any, to its output. SIGINT does
# nothing, as in what a shell starts in the background; if it may end by itself, it leaves FILE.well.
A_SANDBOX='import os, pathlib, signal, sys, time
def well(number, frame):
    pathlib.Path(sys.argv[1] + ".well").touch()
    sys.exit(128 + number)
signal.signal(signal.SIGINT, signal.SIG_IGN)
signal.signal(signal.SIGTERM, well)
pathlib.Path(sys.argv[1]).write_text(str(os.getpid()))
for line in sys.argv[2:]:
    print(line, flush=True)
time.sleep(1200)'

# demo FILE [LINE]: the demo with such a sandbox.
demo() {
  exec "$ROOT/.gantry/venv/bin/python" -B "$ROOT/scripts/lib/demo/demo.py" --instances simulated -- \
    python3 -c "$A_SANDBOX" "$@"
}

@test "if its terminal is closed or it is killed, the demo leaves no sandbox behind" {
  local signal pid demo code
  [ -x "$ROOT/.gantry/venv/bin/python" ] || skip 'no .gantry/venv'
  for signal in HUP TERM KILL; do
    pid=$BATS_TEST_TMPDIR/$signal
    (demo "$pid") >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/errors" </dev/null 3>&- &
    demo=$!
    eventually test -s "$pid"
    kill -s "$signal" "$demo"
    eventually ended "$(<"$pid")"
    [ -e "$pid.well" ]
    code=0
    wait "$demo" || code=$?
    [ "$code" -eq $((128 + $(kill -l "$signal"))) ]
    [ ! -s "$BATS_TEST_TMPDIR/errors" ]
  done
}

@test "if nothing reads its output, the demo ends everything, and ends with 1" {
  local pid=$BATS_TEST_TMPDIR/pid
  [ -x "$ROOT/.gantry/venv/bin/python" ] || skip 'no .gantry/venv'
  export -f demo
  export A_SANDBOX
  run python3 -c 'import os, subprocess, sys
reader, writer = os.pipe()
os.close(reader)
sys.exit(subprocess.run(sys.argv[1:], stdout=writer).returncode)' bash -c 'demo "$@"' _ "$pid" '{"environment": {}}'
  [ "$status" -eq 1 ]
  [ -z "$output" ]
  eventually ended "$(<"$pid")"
  [ -e "$pid.well" ]
}

@test "if the Java lacks the console's module, the demo says so first, and plays to its end" {
  run bash -c '
    ROOT=$1
    for part in common setup java cli; do source "$ROOT/scripts/lib/$part.sh"; done
    setup_system build
    build_if_needed
    INSTANCES=simulated
    sandbox_command --json
    cli_command
    lacking=("${CLI_COMMAND[0]}" --limit-modules java.se,jdk.unsupported,jdk.net "${CLI_COMMAND[@]:1}" console --json)
    exec "$DEMO_PYTHON" -B "$ROOT/scripts/lib/demo/demo.py" --instances simulated \
      "--console=$(printf "%q " "${lacking[@]}")" -- "${SANDBOX_COMMAND[@]}" 2>"$2/stderr"
  ' bash "$ROOT" "$BATS_TEST_TMPDIR"
  echo "$output"
  [ "$status" -eq 0 ]
  [[ $output == *'The console cannot start here (gantry: this Java has no module jdk.httpserver'* ]]
  [[ $output == *'); the demo goes on without it.'$'\n'"Gantry's demo, with SIMULATED instances:"* ]]
  [[ $output == *'First instance in service '* ]]
}
