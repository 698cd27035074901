"""The demo's second story, scripts/demo --fallback: the SSM agent of one instance is dead, and the bastion takes over.

The ledger says what carried a run; the bastion's answers are beside it. Both are read as an operator reads them, from
S3.
"""

import json

import botocore.exceptions

BUCKET = "gantry-sandbox"
BASTION_GROUP = "gantry-bastion"
FLEET = "web"
CHANNELS = {"ssm": "Run Command", "bastion": "bastion (SSH)"}


class Channels:
    """What has carried each instance's runs, printed as it becomes known."""

    def __init__(self, sandbox, screen):
        self.s3 = sandbox.client("s3")
        self.screen = screen
        self.attempts = {}
        self.answered = {}

    def look(self, instances):
        for instance in instances:
            for attempt in (self.read(f"launches/{FLEET}/{instance}.json") or {}).get("attempts", []):
                known = self.attempts.get(instance)
                self.attempts[instance] = attempt
                if attempt.get("channel") == "bastion":
                    if not known or known.get("channel") != "bastion" or known["runId"] != attempt["runId"]:
                        why = attempt["fallback"]["why"]
                        self.screen.line(instance, f"falls back to the bastion: {why}", "33")
                    self.note_answer(instance, attempt["runId"])

    def note_answer(self, instance, run):
        answer = self.read(f"bastion/answers/{run}/{instance}.json")
        if answer and self.answered.get((instance, run)) != answer["state"]:
            self.answered[(instance, run)] = answer["state"]
            words = f"{answer['asked']}, over SSH: {answer['state']}. {answer.get('detail', '')}"
            self.screen.line(instance, words[:150])

    def read(self, key):
        try:
            return json.load(self.s3.get_object(Bucket=BUCKET, Key=key)["Body"])
        except botocore.exceptions.ClientError as error:
            if error.response["Error"]["Code"] != "NoSuchKey":
                raise
            return None

    def bastion(self):
        """The bastion's id and address; None until it has written them."""
        found = self.s3.list_objects_v2(Bucket=BUCKET, Prefix="bastion/jump/").get("Contents", [])
        return self.read(found[0]["Key"]) if found else None


def story(fleet, channels, scale, failed):
    """One instance by each channel, and the proof that there were two channels."""
    screen = fleet.screen
    fleet.until("the bastion has said its host keys and address", channels.bastion)
    bastion = channels.bastion()
    screen.line(bastion["instance"], f"the bastion: OpenSSH on {bastion['address']}, a jump host and nothing else")
    screen.line(f"group {FLEET}", "of the two instances that come now, the SSM agent of one is dead")
    scale(fleet, 2)
    fleet.until("both instances in service", lambda: len(fleet.in_service()) == 2)
    channels.look(fleet.in_service())
    took = sorted(channels.attempts[instance].get("channel", "ssm") for instance in fleet.in_service())
    if took != ["bastion", "ssm"]:
        raise failed(f"one instance was to take each channel, but they took {' and '.join(took)}")


def table(fleet, channels):
    fleet.screen.plain()
    fleet.screen.plain(f"{'instance':<21}{'launched':>10}{'in service':>12}{'took':>8}   {'channel':<15} why")
    for instance, since in sorted(fleet.since.items(), key=lambda item: item[1]):
        attempt = channels.attempts.get(instance, {})
        entered = fleet.entered.get(instance)
        when = f"{entered:.1f} s" if entered else "-"
        took = f"{entered - since:.1f} s" if entered else "-"
        channel = CHANNELS[attempt.get("channel", "ssm")]
        why = attempt.get("fallback", {}).get("why", "its agent is online")
        fleet.screen.plain(f"{instance:<21}{since:>8.1f} s{when:>12}{took:>8}   {channel:<15} {why[:110]}")
