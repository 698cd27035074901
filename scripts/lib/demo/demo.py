"""The demo, seen from outside: everything that it prints comes from AWS API calls (botocore) and the functions' logs.

Started by scripts/demo, which has built everything: demo.py SANDBOX-COMMAND… starts the sandbox, plays the story, and
ends the sandbox with everything in it, however the story ends.
"""

import argparse
import json
import os
import pathlib
import shlex
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.request

import botocore.exceptions
import botocore.session
import demo_fallback

FLEET = "web"
CAPACITY = 2
STREAM = "north"
PATIENCE = 240
CONSOLE_PATIENCE = 30
# The fault of this image: another program uses the port of the service.
SPOILED = {
    "real": """#!/bin/sh
systemd-run --unit=squatter python3 -m http.server 8554 --directory /srv
""",
    # It listens before it returns, and so before the agent registers.
    "local": """#!/usr/bin/env python3
import http.server, os
port = (os.environ["GANTRY_ADDRESS"], int(os.environ["GANTRY_PORT"]))
server = http.server.HTTPServer(port, http.server.BaseHTTPRequestHandler)
if os.fork() == 0:
    os.setsid()
    for stream in range(3):
        os.dup2(os.open(os.devnull, os.O_RDWR), stream)
    server.serve_forever()
""",
    "simulated": """#!/bin/sh
# simulate: fail
""",
}
PROOFS = {"real": "/etc/gantry/instance.json", "local": "$HOME/srv/instance.json"}


class Failed(Exception):
    """The demo failed."""


class Screen:
    """Lines as things happen; on a terminal with a line for each instance below them, drawn again each second.

    Until it is opened it keeps its lines back, so that one which is known later can be the first.
    """

    def __init__(self):
        self.began = time.monotonic()
        self.kept = []
        self.is_open = False
        self.live = sys.stdout.isatty() and os.environ.get("TERM", "dumb") != "dumb"
        self.colours = sys.stdout.isatty() and "NO_COLOR" not in os.environ
        self.drawn = 0
        self.is_ending = False

    def seconds(self):
        return time.monotonic() - self.began

    def line(self, who, what, colour=""):
        self.plain(f"{self.seconds():6.1f} s  {who:<19}  {what}", colour)

    def plain(self, text="", colour=""):
        shown = f"\033[{colour}m{text}\033[0m" if colour and self.colours else text
        if self.is_open:
            self.clear()
            self.write(shown)
        else:
            self.kept.append(shown)

    def open(self, text=None, colour=""):
        """Shows the lines that were kept back; before them this one."""
        kept, self.kept, self.is_open = self.kept, [], True
        if text is not None:
            self.plain(text, colour)
        for line in kept:
            self.plain(line)

    def draw(self, lines):
        """On a terminal only, until the next line of the story."""
        if not self.live:
            return
        self.clear()
        width = shutil.get_terminal_size().columns - 1
        for line in lines:
            self.write(f"\033[2m{line[:width]}\033[0m" if self.colours else line[:width])
        self.drawn = len(lines)

    def clear(self):
        if self.drawn:
            self.write(f"\033[{self.drawn}F\033[J", end="")
            self.drawn = 0

    def write(self, text, end="\n"):
        """If the reader of the output has gone, the demo fails once, and ends everything without a message."""
        try:
            print(text, end=end, flush=True)
        except OSError as error:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            if not self.is_ending:
                raise Failed(f"its output cannot be written: {error}") from error


def ending_with_the_demo(command):
    """The command; it gets SIGTERM even if the demo is killed and cannot end it (util-linux's setpriv)."""
    return ["setpriv", "--pdeathsig", "TERM", *command] if shutil.which("setpriv") else command


class Sandbox:
    """The sandbox as a child process; its first line of output says where it is."""

    def __init__(self, command):
        self.process = subprocess.Popen(
            ending_with_the_demo(command),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            start_new_session=True,
            text=True,
        )
        self.facts = {}

    def await_ready(self):
        first = self.process.stdout.readline()
        if not first:
            raise Failed(f"the sandbox did not start (exit code {self.process.wait()}); its output is above")
        self.facts = json.loads(first)
        threading.Thread(target=self.drain, daemon=True).start()

    def drain(self):
        for _ in self.process.stdout:
            pass

    def stop(self):
        """Ends it, and it takes its instances, functions and networks with it. Not by SIGINT, which a shell has ignored
        in what it starts in the background."""
        if self.process.poll() is None:
            self.process.terminate()
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def client(self, service):
        environment = self.facts["environment"]
        session = botocore.session.Session()
        session.set_credentials(environment["AWS_ACCESS_KEY_ID"], environment["AWS_SECRET_ACCESS_KEY"])
        return session.create_client(service, region_name=self.facts["region"], endpoint_url=self.facts["endpoint"])


class Console:
    """`gantry console` beside the sandbox, for people who prefer pages. The demo never waits for it.

    Its address, or why there is none, is the demo's first line. The other lines wait for it, but at most
    CONSOLE_PATIENCE seconds.
    """

    def __init__(self, command, environment, screen):
        self.screen = screen
        self.began = screen.seconds()
        self.is_known = False
        self.first = []
        self.process = None
        if not command:
            self.without("it is not built")
            return
        # Without a home: it keeps no key of a demo there.
        clean = {name: value for name, value in os.environ.items() if name not in ("HOME", "XDG_STATE_HOME")}
        clean = {name: value for name, value in clean.items() if not name.startswith(("AWS_", "GANTRY_"))}
        try:
            self.process = subprocess.Popen(
                ending_with_the_demo(command),
                env={**clean, **environment},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                text=True,
            )
        except OSError as error:
            self.without(error)
            return
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        self.first.append(self.process.stdout.readline().strip())
        for _ in self.process.stdout:
            pass

    def look(self):
        """Says where it is as soon as that is known, or why there is none."""
        if self.is_known:
            return
        if self.first:
            try:
                self.tell(f"Open {json.loads(self.first[0])['address']} in a browser to watch.", "32")
            except (ValueError, KeyError, TypeError):
                self.without(self.first[0] or "it ended without a word")
        elif not self.screen.is_open and self.screen.seconds() - self.began > CONSOLE_PATIENCE:
            self.screen.open("The console is slow to start; its address follows.")

    def without(self, why):
        self.tell(f"The console cannot start here ({why}); the demo goes on without it.", "33")

    def tell(self, words, colour):
        self.is_known = True
        if self.screen.is_open:
            self.screen.plain(words, colour)
        else:
            self.screen.open(words, colour)

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


class Logs:
    """The functions' log files, read as they grow; only whole JSON lines count."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.read = {}

    def news(self):
        lines = []
        for path in sorted(self.folder.rglob("*.log")):
            with path.open(encoding="utf-8", errors="replace") as file:
                file.seek(self.read.get(path, 0))
                text = file.read()
            whole, newline, _ = text.rpartition("\n")
            self.read[path] = self.read.get(path, 0) + len((whole + newline).encode())
            for line in whole.splitlines():
                if line.startswith("{"):
                    lines.append(json.loads(line))
        return lines


class Fleet:
    """What is known about the group's instances."""

    def __init__(self, sandbox, screen, kind):
        self.screen = screen
        self.kind = kind
        self.scaling = sandbox.client("autoscaling")
        self.systems = sandbox.client("ssm")
        self.logs = Logs(sandbox.facts["logs"])
        self.states = {}
        self.since = {}
        self.changed = {}
        self.entered = {}
        self.agents = set()
        self.steps = {}
        self.abandoned = {}
        self.replaced = set()
        self.channels = None
        self.console = None

    def group(self):
        return self.scaling.describe_auto_scaling_groups(AutoScalingGroupNames=[FLEET])["AutoScalingGroups"][0]

    def look(self):
        if self.console:
            self.console.look()
        members = {i["InstanceId"]: i["LifecycleState"] for i in self.group()["Instances"]}
        for instance, state in members.items():
            self.since.setdefault(instance, self.screen.seconds())
            self.note_state(instance, state)
        for instance in set(self.states) - set(members):
            if self.states[instance] != "gone":
                self.states[instance] = "gone"
                self.screen.line(instance, "terminated")
        self.note_agents()
        self.note_steps([i for i, s in members.items() if s.endswith(":Wait")])
        self.note_logs()
        if self.channels:
            self.channels.look([i for i, s in members.items() if s.endswith(":Wait")])

    def note_state(self, instance, state):
        if self.states.get(instance) == state:
            return
        self.states[instance] = state
        self.changed[instance] = self.screen.seconds()
        words = {"Pending:Wait": "held by its lifecycle hook", "InService": "in service"}.get(state, "")
        if state == "InService":
            self.entered[instance] = self.screen.seconds()
        self.screen.line(instance, f"{state:<18} {words}".rstrip(), "32" if state == "InService" else "")

    def note_agents(self):
        for info in self.systems.describe_instance_information()["InstanceInformationList"]:
            instance = info["InstanceId"]
            if info["PingStatus"] == "Online" and instance in self.states and instance not in self.agents:
                self.agents.add(instance)
                self.screen.line(instance, "SSM agent online")

    def note_steps(self, waiting):
        for instance in waiting:
            found = self.systems.list_command_invocations(InstanceId=instance, Details=True)["CommandInvocations"]
            for run, invocation in enumerate(sorted(found, key=lambda i: i["RequestedDateTime"]), 1):
                if not invocation.get("Comment", "").startswith("gantry "):
                    continue
                steps = [f"{p['Name']} {p['Status']}" for p in invocation["CommandPlugins"]] or [invocation["Status"]]
                words = f"run {run}: " + ", ".join(steps)
                if self.steps.get((instance, run)) != words:
                    self.steps[(instance, run)] = words
                    self.screen.line(instance, words)

    def note_logs(self):
        for line in self.logs.news():
            if line.get("page"):
                self.page(line)

    def page(self, line):
        if line["log_type"] == "abandoned":
            self.abandoned[line["instance"]] = line
        self.screen.plain()
        self.screen.line("PAGER", line["text"], "31")
        for field in ("task", "message", "step", "exit_code", "command", "run", "bundle"):
            if line.get(field) not in (None, ""):
                self.screen.plain(f"{'':>31}{field}: {line[field]}")
        for text in line.get("tail", "").splitlines()[-8:]:
            self.screen.plain(f"{'':>31}| {text[:100]}")
        self.screen.plain()

    def until(self, what, happened):
        end = time.monotonic() + PATIENCE
        while not happened():
            if time.monotonic() > end:
                raise Failed(f"{what} did not happen within {PATIENCE} s")
            self.look()
            self.screen.draw([f"  … {what}", *self.progress()])
            time.sleep(0.25)

    def progress(self):
        """A line for each instance: state, step, and the seconds since the state changed."""
        for instance, state in self.states.items():
            if state != "gone":
                runs = [words for (of, _), words in self.steps.items() if of == instance]
                seconds = self.screen.seconds() - self.changed[instance]
                yield f"    {instance}  {state:<18} {seconds:5.0f} s  {runs[-1] if runs and ':' in state else ''}"

    def in_service(self):
        return [i for i, s in self.states.items() if s == "InService"]


def scale(fleet, capacity):
    fleet.screen.line(f"group {FLEET}", f"aws autoscaling set-desired-capacity --desired-capacity {capacity}")
    fleet.scaling.set_desired_capacity(AutoScalingGroupName=FLEET, DesiredCapacity=capacity)


def launch_from(fleet, name, user_data):
    """Auto Scaling's own launch configurations carry user data, so the stand-in needs no EC2 API."""
    fleet.scaling.create_launch_configuration(
        LaunchConfigurationName=name, ImageId="ami-0123456789abcdef0", InstanceType="t3.small", UserData=user_data
    )
    fleet.scaling.update_auto_scaling_group(AutoScalingGroupName=FLEET, LaunchConfigurationName=name)


def first_light(fleet):
    scale(fleet, CAPACITY)
    fleet.until("both instances in service", lambda: len(fleet.in_service()) == CAPACITY)


def spoiled_launch(fleet):
    healthy = set(fleet.states)
    fleet.screen.plain()
    fleet.screen.line(f"group {FLEET}", "a spoiled image: another program holds the port that the service needs")
    launch_from(fleet, "spoiled", SPOILED[fleet.kind])
    scale(fleet, CAPACITY + 1)
    fleet.until("a third instance", lambda: set(fleet.states) - healthy)
    spoiled = (set(fleet.states) - healthy).pop()
    fleet.screen.line(f"group {FLEET}", "and the image is repaired for the next launches")
    launch_from(fleet, "mended", "")
    fleet.until(f"{spoiled} abandoned", lambda: spoiled in fleet.abandoned)
    fleet.until(
        "its replacement in service",
        lambda: len(fleet.in_service()) == CAPACITY + 1 and fleet.states.get(spoiled) == "gone",
    )


def read_proof(fleet, instance):
    """The file that the playbook left, read from inside of the instance: by Run Command, as an operator would."""
    command = fleet.systems.send_command(
        InstanceIds=[instance],
        DocumentName="AWS-RunShellScript",
        Parameters={"commands": [f"cat {PROOFS[fleet.kind]}"]},
    )["Command"]["CommandId"]
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            answer = fleet.systems.get_command_invocation(CommandId=command, InstanceId=instance)
            if answer["Status"] in ("Success", "Failed"):
                return answer["StandardOutputContent"]
        except botocore.exceptions.ClientError as error:
            if error.response["Error"]["Code"] != "InvocationDoesNotExist":
                raise
        time.sleep(0.2)
    raise Failed(f"{instance} did not answer a command within {PATIENCE} s")


def address_of(fleet, instance):
    """Its private address, as its agent reports it."""
    filters = [{"Key": "InstanceIds", "Values": [instance]}]
    return fleet.systems.describe_instance_information(Filters=filters)["InstanceInformationList"][0]["IPAddress"]


def show_proof(fleet, instance):
    """What the playbook left on the instance, as an object."""
    proof = read_proof(fleet, instance)
    fleet.screen.plain()
    fleet.screen.line(instance, f"what the playbook left there (cat {PROOFS[fleet.kind]}):")
    for line in proof.splitlines():
        fleet.screen.plain(f"{'':>31}| {line}")
    return json.loads(proof)


def watch_page(fleet, instance):
    """A local instance's service, seen from outside."""
    url = show_proof(fleet, instance)["url"]
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=60) as answer:
        page = json.load(answer)
    if page["instance"] != instance:
        raise Failed(f"{url} is served by {page['instance']}, not by {instance}")
    fleet.screen.line(instance, f"GET {url}: {page['greeting']}", "32")


def watch_stream(fleet, instance, image):
    """The fleet's service, seen from outside: ffprobe (the image's own, on this machine's network) plays a stream."""
    proof = show_proof(fleet, instance)
    url = f"rtsp://{address_of(fleet, instance)}:{proof['rtsp_port']}/{STREAM}"
    played = play_stream(image, url)
    fleet.screen.line(instance, f"ffprobe {url}: {played}", "32")
    fleet.screen.plain(f"{'':>31}served by: {proof['rtsp_server']}")


def play_stream(image, url):
    """Codec, size and frames that were read; the image's ffprobe, so that none has to be installed here."""
    command = ["chroot", image, "ffprobe", "-v", "error", "-rtsp_transport", "tcp", "-read_intervals", "%+#75"]
    command += ["-count_frames", "-select_streams", "v:0", "-of", "json"]
    command += ["-show_entries", "stream=codec_name,width,height,nb_read_frames", url]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    if done.returncode != 0:
        raise Failed(f"ffprobe cannot play {url}: {done.stderr.strip()}")
    video = json.loads(done.stdout)["streams"][0]
    return f"{video['codec_name']} {video['width']}x{video['height']}, {video.get('nb_read_frames', 'no')} frames read"


def table(fleet):
    fleet.screen.plain()
    fleet.screen.plain(f"{'instance':<21}{'launched':>10}{'in service':>12}{'took':>8}   outcome")
    for instance, since in sorted(fleet.since.items(), key=lambda item: item[1]):
        entered = fleet.entered.get(instance)
        why = fleet.abandoned.get(instance, {}).get("why", "")
        outcome = "in service" if entered else f"abandoned: {why}" if why else fleet.states[instance]
        when = f"{entered:.1f} s" if entered else "-"
        took = f"{entered - since:.1f} s" if entered else "-"
        fleet.screen.plain(f"{instance:<21}{since:>8.1f} s{when:>12}{took:>8}   {outcome[:100]}")


def play(sandbox, screen, kind, image, console):
    fleet = Fleet(sandbox, screen, kind)
    fleet.console = console
    screen.line("sandbox", f"ready on {sandbox.facts['endpoint']}: group {FLEET}, hook, bundle, functions, schedule")
    first_light(fleet)
    first = min(fleet.entered.values())
    if kind == "local":
        watch_page(fleet, fleet.in_service()[0])
    if kind == "real":
        watch_stream(fleet, fleet.in_service()[0], image)
    spoiled_launch(fleet)
    table(fleet)
    screen.plain()
    screen.plain(f"First instance in service {first:.1f} s after the start of the demo.")


def play_fallback(sandbox, screen, console):
    fleet = Fleet(sandbox, screen, "real")
    fleet.console = console
    fleet.channels = channels = demo_fallback.Channels(sandbox, screen)
    screen.line("sandbox", f"ready on {sandbox.facts['endpoint']}: group {FLEET} with the hardened document, bastion")
    demo_fallback.story(fleet, channels, scale, Failed)
    demo_fallback.table(fleet, channels)


# At the beginning and in the last line, so that the kinds are not confused.
KINDS = {
    "real": "real instances: systemd boots, Ansible runs (systemd-nspawn); AWS itself is a stand-in on loopback",
    "local": "LOCAL instances: a folder and processes each, no system boots; document, bundle, Ansible and service are "
    "real; AWS itself is a stand-in on loopback",
    "simulated": "SIMULATED instances: no Ansible runs, outcomes are scripted; AWS itself is a stand-in on loopback",
}


def main():
    parser = argparse.ArgumentParser(prog="demo.py", description=__doc__)
    parser.add_argument("--instances", choices=sorted(KINDS), required=True)
    parser.add_argument("--image", help="what real instances boot from; its ffprobe plays their streams")
    parser.add_argument("--fallback", action="store_true", help="the story of the bastion")
    parser.add_argument("--console", default="", help="what starts the console, as a shell would say it")
    parser.add_argument("command", nargs="+", help="what starts the sandbox")
    options = parser.parse_args()
    # A terminal that is closed hangs its processes up.
    for end in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(end, lambda number, _: sys.exit(128 + number))
    screen = Screen()
    screen.plain(f"Gantry's demo, with {KINDS[options.instances]}.")
    screen.line("sandbox", "starts")
    screen.draw(["  … the sandbox and the console start"])
    sandbox = console = None
    try:
        sandbox = Sandbox(options.command)
        sandbox.await_ready()
        console = Console(shlex.split(options.console), sandbox.facts["environment"], screen)
        if options.fallback:
            play_fallback(sandbox, screen, console)
        else:
            play(sandbox, screen, options.instances, options.image, console)
        code = 0
    except Failed as failure:
        screen.line("demo", f"failed: {failure}", "31")
        code = 1
    except KeyboardInterrupt:
        screen.line("demo", "interrupted")
        code = 130
    finally:
        screen.is_ending = True
        screen.open()
        if console:
            console.stop()
        if sandbox:
            screen.draw(["  … everything is taken down"])
            sandbox.stop()
            screen.clear()
    if options.instances == "local":
        screen.plain("Not shown: the hardened Command document, which needs root and systemd (--instances real).")
    screen.plain(f"The demo ran with {KINDS[options.instances]}.")
    return code


if __name__ == "__main__":
    sys.exit(main())
