#!/usr/bin/env bats
# The program that announces an instance (user data brings it: terraform/modules/fleet/files), by itself: when an agent
# counts as registered, and how long the program goes on. On an instance: role.bats.

setup() { load helpers/common; }

# announce PYTHON: runs it with the program as the module "announce", whose sleeps only advance "clock"; agent() writes
# what an agent has on its disk.
announce() {
  run python3 -B - "$ROOT/terraform/modules/fleet/files/gantry-announce.py" "$BATS_TEST_TMPDIR/agent.json" <<PYTHON
import importlib.util, json, sys, time
from datetime import datetime, timedelta, timezone
from pathlib import Path

spec = importlib.util.spec_from_file_location("announce", sys.argv[1])
announce = importlib.util.module_from_spec(spec)
spec.loader.exec_module(announce)
now = datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone.utc)
announce.AGENT = Path(sys.argv[2])
clock = [0.0]
time.monotonic = lambda: clock[0]
time.sleep = lambda seconds: clock.__setitem__(0, clock[0] + seconds)

def agent(instance, expires):
    known = {"InstanceId": instance, "IdentityType": "EC2", "CredentialsExpiresAt": expires}
    announce.AGENT.write_text(json.dumps(known))

$1
PYTHON
  echo "$output"
  # shellcheck disable=SC2154 # run sets it
  [ "$status" -eq 0 ]
}

@test "an agent has registered when it holds credentials of its own instance, and not before" {
  announce '
assert not announce.registered("i-1", now), "nothing is written yet"
announce.AGENT.write_text("{\"InstanceId\": \"i-")
assert not announce.registered("i-1", now), "it is in writing"
agent("i-1", "0001-01-01T00:00:00Z")
assert not announce.registered("i-1", now), "it has started"
agent("i-2", "2026-01-02T04:04:05.123456789Z")
assert not announce.registered("i-1", now), "an image brought it"
agent("i-1", "2026-01-02T03:04:04.123456789Z")
assert not announce.registered("i-1", now), "it has been stopped since"
agent("i-1", "2026-01-02T04:04:05.123456789Z")
assert announce.registered("i-1", now)
agent("i-1", "2026-01-02T05:04:04+02:00")
assert not announce.registered("i-1", now), "of another zone"
agent("i-1", "2026-01-02T01:04:05.5-02:30")
assert announce.registered("i-1", now)'
}

@test "an agent that does not register is waited for ten minutes, and nothing is sent" {
  announce '
announce.instance_id = lambda: "i-1"
announce.tell = lambda instance: sys.exit("it was told")
assert announce.main() == 1
assert 600 <= clock[0] <= 602, clock'
  [[ $output == *'has not registered within 600 s'* ]]
}

@test "a queue that refuses the message is tried seven times within 63 s, then no longer" {
  announce '
asked = []
def refuse(instance):
    asked.append(clock[0])
    raise OSError("AccessDenied")
announce.instance_id = lambda: "i-1"
announce.await_agent = lambda instance: True
announce.tell = refuse
assert announce.main() == 1
assert asked == [0, 1, 3, 7, 15, 31, 63], asked'
  [[ $output == *'AccessDenied; again in 32 s'*'Gantry was not told'*': AccessDenied' ]]
}

@test "a message that the queue accepts is not sent again" {
  announce '
told = []
def take(instance):
    told.append(instance)
    if len(told) < 3:
        raise OSError("throttled")
announce.instance_id = lambda: "i-1"
announce.await_agent = lambda instance: True
announce.tell = take
assert announce.main() == 0
assert told == ["i-1"] * 3, told'
}
