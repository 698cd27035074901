"""Measures `gantry console` over the sandbox: bench_console.py [--json] [--write] --console=WORDS -- SANDBOX-COMMAND…

Started by scripts/dev/bench-console, which has built everything.
"""

import argparse
import datetime
import gzip
import http.client
import http.cookies
import json
import os
import re
import shlex
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

sys.path.insert(1, str(Path(__file__).resolve().parents[1] / "demo"))
from demo import Sandbox  # noqa: E402

ROOT = Path(__file__).resolve().parents[3]
PAGE = ROOT / "docs/console.md"
BUCKET = "gantry-sandbox"
FLEETS = [f"bench-{number}" for number in range(9)]
EACH = 200
UNDER_WAY = 20
PATIENCE = 120
ASKED = 40
OBSERVED_SECONDS = 20
# What the numbers must be at most.
BOUNDS = {"page_ms": 200, "memory_mb": 200, "first_load_kb": 150}
MARKS = ("<!-- bench-console: begin -->", "<!-- bench-console: end -->")


class Console:
    """The console's process, and one reader of it with a cookie."""

    def __init__(self, command: "list[str]", environment: "dict[str, str]"):
        clean = {name: value for name, value in os.environ.items() if name not in ("HOME", "XDG_STATE_HOME")}
        self.process = subprocess.Popen(command, env={**clean, **environment}, stdout=subprocess.PIPE, text=True)
        address = urlsplit(json.loads(self.process.stdout.readline())["address"])
        self.host = address.netloc
        self.cookie = ""
        headers = self.get(f"/?{address.query}")[1]
        cookie = http.cookies.SimpleCookie(headers["Set-Cookie"])
        self.cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in cookie.items())

    def get(self, path: str) -> "tuple[bytes, http.client.HTTPMessage, float]":
        """Body as sent, headers, milliseconds."""
        connection = http.client.HTTPConnection(self.host, timeout=PATIENCE)
        begin = time.monotonic()
        connection.request("GET", path, headers={"Cookie": self.cookie, "Accept-Encoding": "gzip"})
        answer = connection.getresponse()
        body = answer.read()
        took = (time.monotonic() - begin) * 1000
        connection.close()
        if answer.status not in (200, 202, 303):
            raise SystemExit(f"{path}: {answer.status}")
        return body, answer.headers, took

    def text(self, path: str) -> str:
        body, headers, _ = self.get(path)
        return (gzip.decompress(body) if headers["Content-Encoding"] == "gzip" else body).decode()

    def calls(self) -> int:
        # The page that is open says it too; asking for another one would cost calls.
        return int(re.search(r'id="calls">(\d+)<', self.text("/fleets/web"))[1])

    def listen(self, path: str, ended: threading.Event) -> None:
        """An open page, without a browser."""
        connection = http.client.HTTPConnection(self.host, timeout=PATIENCE)
        connection.request("GET", f"/events?path={path}", headers={"Cookie": self.cookie})
        answer = connection.getresponse()
        while not ended.is_set():
            answer.readline()
        connection.close()

    def memory_mb(self) -> int:
        status = Path(f"/proc/{self.process.pid}/status").read_text("utf-8")
        return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) // 1024


def eventually(what, happened):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        found = happened()
        if found:
            return found
        time.sleep(0.2)
    raise SystemExit(f"{what} did not happen within {PATIENCE} s")


def moved(value, seconds: float):
    """The record with each of its times moved."""
    if isinstance(value, dict):
        return {name: moved(part, seconds) for name, part in value.items()}
    if isinstance(value, list):
        return [moved(part, seconds) for part in value]
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+Z", value):
        at = datetime.datetime.fromisoformat(value[:19]) + datetime.timedelta(seconds=seconds)
        return at.isoformat() + "Z"
    return value


def a_record(s3, scaling) -> dict:
    """The ledger's record of a launch that really went well here."""
    scaling.set_desired_capacity(AutoScalingGroupName="web", DesiredCapacity=1)

    def ended():
        for found in s3.list_objects_v2(Bucket=BUCKET, Prefix="launches/web/i-").get("Contents", []):
            record = json.loads(s3.get_object(Bucket=BUCKET, Key=found["Key"])["Body"].read())
            if record.get("closing", {}).get("doneAt"):
                return record
        return None

    return eventually("a launch that goes well", ended)


def furnish(sandbox: Sandbox) -> None:
    """Ten fleets: web, and nine with its settings, its release, and records of launches of one hour."""
    s3, scaling = sandbox.client("s3"), sandbox.client("autoscaling")
    record = a_record(s3, scaling)
    settings = json.loads(s3.get_object(Bucket=BUCKET, Key="fleets/web/settings.json")["Body"].read())
    release = s3.get_object(Bucket=BUCKET, Key="fleets/web/release.json")["Body"].read()
    number = 0
    for fleet in [*FLEETS, "web"]:
        if fleet != "web":
            named = json.dumps({**settings, "fleet": fleet})
            s3.put_object(Bucket=BUCKET, Key=f"fleets/{fleet}/settings.json", Body=named)
            s3.put_object(Bucket=BUCKET, Key=f"fleets/{fleet}/release.json", Body=release)
            scaling.create_auto_scaling_group(
                AutoScalingGroupName=fleet,
                LaunchConfigurationName="example",
                MinSize=0,
                MaxSize=50,
                DesiredCapacity=0,
                VPCZoneIdentifier="subnet-0123456789abcdef0",
            )
        for _ in range(EACH):
            number += 1
            body = json.dumps(moved(record, -(number * 7 % 3600)))
            s3.put_object(Bucket=BUCKET, Key=f"launches/{fleet}/i-0b{number:015x}.json", Body=body)
    scaling.set_desired_capacity(AutoScalingGroupName="web", DesiredCapacity=1 + UNDER_WAY)


def times(console: Console, path: str) -> "dict[str, float]":
    """Milliseconds of the first time, and of those that follow while the page is open."""
    first = console.get(path)[2]
    took = []
    for _ in range(ASKED):
        took.append(console.get(path)[2])
        time.sleep(0.05)
    return {"first": round(first), "median": round(statistics.median(took), 1), "most": round(max(took), 1)}


def calls_in_a_minute(console: Console, pages: int) -> int:
    ended = threading.Event()
    threads = [threading.Thread(target=console.listen, args=("/fleets/web", ended)) for _ in range(pages)]
    for thread in threads:
        thread.start()
    before = console.calls()
    time.sleep(OBSERVED_SECONDS)
    made = console.calls() - before
    ended.set()
    for thread in threads:
        thread.join()
    return round(made * 60 / OBSERVED_SECONDS)


def measure(sandbox: Sandbox, console: Console) -> dict:
    # The fleet is asked for first, so that nothing that it needs was read before. The search reads all ten.
    pages = {
        "/fleets/web": "a fleet",
        "/": "all fleets",
        "/instances/i-0b" + f"{5:015x}": "an instance",
        "/search?q=0b": "a search",
    }
    found = {"pages": {name: times(console, path) for path, name in pages.items()}}
    loads = [sum(len(console.get(part)[0]) for part in ASSETS) + len(console.get(path)[0]) for path in pages]
    found["first_load_kb"] = round(max(loads) / 1000, 1)
    found["calls_a_minute"] = {"one page open": calls_in_a_minute(console, 1), "five": calls_in_a_minute(console, 5)}
    for fleet in FLEETS:
        console.get(f"/fleets/{fleet}")
    found["memory_mb"] = console.memory_mb()
    found["page_ms"] = max(page[which] for page in found["pages"].values() for which in ("first", "most"))
    return found


ASSETS = ["/assets/console.css", "/assets/console.js", "/assets/icon.svg"]


def rows(found: dict) -> "list[str]":
    lines = ["| ten fleets, 2,000 launches of one hour, twenty under way | measured | bound |", "|---|---:|---:|"]
    for name, page in found["pages"].items():
        lines.append(
            f"| {name}: median, most, and the first time, when AWS is asked | {page['median']} ms,"
            f" {page['most']} ms, {page['first']} ms | {BOUNDS['page_ms']} ms |"
        )
    for name, calls in found["calls_a_minute"].items():
        lines.append(f"| calls to AWS a minute, {name} | {calls} | |")
    lines.append(f"| memory of the process, at most | {found['memory_mb']} MB | {BOUNDS['memory_mb']} MB |")
    lines.append(f"| bytes of a first load, at most | {found['first_load_kb']} kB | {BOUNDS['first_load_kb']} kB |")
    return lines


def write(found: dict) -> None:
    text = PAGE.read_text("utf-8")
    before, rest = text.split(MARKS[0])
    after = rest.split(MARKS[1])[1]
    PAGE.write_text(f"{before}{MARKS[0]}\n" + "\n".join(rows(found)) + f"\n{MARKS[1]}{after}", "utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench_console.py", description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--console", required=True)
    parser.add_argument("command", nargs="+")
    options = parser.parse_args()
    sandbox = Sandbox(options.command)
    console = None
    try:
        sandbox.await_ready()
        furnish(sandbox)
        console = Console(shlex.split(options.console), sandbox.facts["environment"])
        found = measure(sandbox, console)
    finally:
        if console:
            console.process.terminate()
            console.process.wait()
        sandbox.stop()
    print(json.dumps(found) if options.json else "\n".join(rows(found)))
    if options.write:
        write(found)
    return int(any(found[name] > bound for name, bound in BOUNDS.items()))


if __name__ == "__main__":
    sys.exit(main())
