"""Measures cold functions: the shipped package under AWS's Java client, a boto3 handler under AWS's Python client.

Started by scripts/dev/bench-cold, which has built everything. Runs are interleaved; each is a new process, pinned to
one CPU, then to two. AWS is a stub over HTTPS on loopback, which has the other CPU for itself in the first case.
"""

import argparse
import json
import os
import re
import shlex
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Optional

from bench_report import ROOT, Figure, Goal, machine, report
from cold_stub import BUCKET, PATIENCE_SECONDS, Aws, Lambda

INVOCATIONS = 30
FIRST = 10
HANDLER = "dev.gantry.function.LaunchQueueHandler::handleRequest"
RUNTIME = (
    "aws-lambda-java-runtime-interface-client",
    "aws-lambda-java-core",
    "aws-lambda-java-serialization",
    "utils-lite",
)
# What a JVM sees of the memory that Terraform gives a function: its heap begins with a sixty-fourth of it.
ITS_MEMORY = ["-XX:MaxRAM=1024m"]
# As Lambda's java21 runtime starts a function (sandbox: Host.command).
LIKE_LAMBDA = [*ITS_MEMORY, "-XX:MaxHeapSize=891289k", "-XX:+UseSerialGC", "-XX:+TieredCompilation",
               "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData"]  # fmt: skip
TASKSET, OPENSSL, MOUNT = (shutil.which(tool) or tool for tool in ("taskset", "openssl", "mount"))
BOTO3 = "boto3"
RESTORED = "snap"
# The first JDK that writes its cache when a program ends (JEP 514).
AOT = 25
KEPT = ROOT / "docs/bench-cold.json"
TRAIN = ROOT / "lambda/function/src/image/train"
ALL_CORES = os.sched_getaffinity(0)
# Read before this process is pinned to one core.
MACHINE = machine()


class Failed(Exception):
    """A run that did not end as it should."""


@dataclass(frozen=True)
class Subject:
    """What is measured: how its process starts."""

    key: str
    label: str
    command: "list[str]"
    environment: "dict[str, str]" = field(default_factory=dict)
    package: Optional[Path] = None


@dataclass(frozen=True)
class Run:
    """One process, in milliseconds; resident in MiB."""

    cold: float
    init: float
    first: float
    warm: float
    first_ten: float
    resident: float
    calls: int


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


class Bench:
    """The stubs, and what a process needs to find and to trust them."""

    def __init__(self, folder: Path, classpath: "list[Path]", ric: Path):
        self.folder = folder
        self.python = Path(sys.executable)
        self.ric = ric
        self.runtime = [jar for jar in classpath if jar.name.startswith(RUNTIME)]
        certify(folder)
        self.aws = Aws(folder / "chain.pem", folder / "server.key")
        self.runtime_api = Lambda()
        trusted = folder / "trusted.pem"
        bundled = self.python.parent.parent.glob("lib/python*/site-packages/botocore/cacert.pem")
        trusted.write_text(next(bundled).read_text(encoding="utf-8") + (folder / "ca.pem").read_text(encoding="utf-8"))
        trust(trusted)

    def environment(self) -> "dict[str, str]":
        """What Lambda sets, and what Terraform's launch_function adds."""
        endpoints = {
            "AWS_ENDPOINT_URL_SSM": self.aws.endpoint("ssm"),
            "AWS_ENDPOINT_URL_S3": self.aws.endpoint("s3"),
            "AWS_ENDPOINT_URL_AUTO_SCALING": self.aws.endpoint("autoscaling"),
            "AWS_ENDPOINT_URL_SQS": self.aws.endpoint("sqs"),
        }
        return {
            **endpoints,
            "AWS_CA_BUNDLE": str(self.folder / "trusted.pem"),
            "AWS_REGION": "eu-central-1",
            "AWS_DEFAULT_REGION": "eu-central-1",
            "AWS_EXECUTION_ENV": "AWS_Lambda",
            "AWS_LAMBDA_FUNCTION_NAME": "gantry",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1024",
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
            "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/gantry",
            "AWS_LAMBDA_LOG_STREAM_NAME": "stream",
            "AWS_ACCESS_KEY_ID": "ASIAEXAMPLE",
            "AWS_SECRET_ACCESS_KEY": "bench",
            "AWS_SESSION_TOKEN": "bench",
            "AWS_LAMBDA_RUNTIME_API": self.runtime_api.address,
            "_HANDLER": HANDLER,
            "LANG": "en_US.UTF-8",
            "TZ": ":UTC",
            "PATH": os.environ["PATH"],
            "GANTRY_BUCKET": BUCKET,
            "GANTRY_QUEUE_URL": f"{self.aws.endpoint('sqs')}/123456789012/gantry-launches",
            "GANTRY_DLQ_URL": f"{self.aws.endpoint('sqs')}/123456789012/gantry-dlq",
            "GANTRY_PAGER_URL": f"{self.aws.endpoint('sqs')}/123456789012/gantry-pages",
            "GANTRY_TIMEOUT_SECONDS": "60",
        }

    def boto3(self) -> Subject:
        """The handler that a user would write, with boto3 as installed beside this program."""
        command = [str(self.python), "-m", "awslambdaric", "cold_boto3.handler"]
        libraries = f"{ROOT / 'scripts/lib/bench'}:{self.ric}"
        return Subject(BOTO3, "boto3 handler", command, {"PYTHONPATH": libraries, "PYTHONDONTWRITEBYTECODE": "1"})

    def zipped(self, key: str, label: str, package: Path, home: Path) -> Subject:
        """A zip function: the runtime's own jars on the class path, the package's found by the client."""
        task = unpacked(self.folder, package)
        command = [*self.jvm(home), "-cp", ":".join(map(str, self.runtime)), *self.main()]
        return Subject(key, label, command, of_package(task), package)

    def restored(self, key: str, label: str, package: Path, home: Path) -> Subject:
        """The same, started as for SnapStart: the hooks run, the snapshot is taken, and the function goes on."""
        plain = self.zipped(key, label, package, home)
        hooks = "-Dorg.crac.Core.Compat=com.amazonaws.services.lambda.crac"
        environment = {**plain.environment, "AWS_LAMBDA_INITIALIZATION_TYPE": "snap-start"}
        return Subject(key, label, [plain.command[0], hooks, *plain.command[1:]], environment, package)

    def image(self, key: str, label: str, package: Path, home: Path) -> Subject:
        """An image: everything on the class path, with the cache of the image's own training (lambda/function)."""
        task = unpacked(self.folder / "image", package)
        runtime = self.folder / "runtime"
        runtime.mkdir()
        for jar in self.runtime:
            shutil.copy(jar, runtime)
        say(f"{label}: training …")
        command = [str(TRAIN), str(home / "bin/java"), str(runtime), str(task)]
        trained = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        if trained.returncode:
            raise Failed(f"{label}: {trained.stdout[-3000:]}")
        arguments = shlex.split((task / "java.args").read_text(encoding="utf-8"))
        return Subject(
            key, label, [str(home / "bin/java"), *ITS_MEMORY, *arguments, HANDLER], of_package(task), package
        )

    def jvm(self, home: Path) -> "list[str]":
        return [str(home / "bin/java"), *LIKE_LAMBDA, f"-Djava.io.tmpdir={self.folder}"]

    def main(self) -> "list[str]":
        return ["com.amazonaws.services.lambda.runtime.api.client.AWSLambda", HANDLER]

    def run(self, subject: Subject, cpus: "set[int]") -> Run:
        """One process from its start until it has answered all invocations."""
        self.runtime_api.reset(INVOCATIONS)
        self.aws.calls.clear()
        log = self.folder / "function.log"
        with log.open("wb") as output:
            began = time.monotonic()
            process = subprocess.Popen(
                [TASKSET, "--cpu-list", ",".join(map(str, sorted(cpus))), *subject.command],
                env={**self.environment(), **subject.environment},
                stdout=output,
                stderr=output,
                cwd=subject.environment.get("LAMBDA_TASK_ROOT", self.folder),
            )
            try:
                self.wait(process)
                resident = memory(process.pid)
            finally:
                process.kill()
                process.wait(PATIENCE_SECONDS)
        answered = [i for i in self.runtime_api.invocations if i.answered]
        sent = [c.at for c in self.aws.calls if c.operation == "SendCommand"]
        if self.runtime_api.failure or len(answered) < INVOCATIONS or len(sent) != INVOCATIONS:
            tail = log.read_text(errors="replace")[-3000:]
            what = f"{len(answered)} answers, {len(sent)} commands of {INVOCATIONS}"
            raise Failed(f"{subject.label}: {what}; {self.runtime_api.failure}\n{tail}")
        return self.figures(began, sent, resident)

    def wait(self, process: subprocess.Popen) -> None:
        """Until all invocations are answered, something failed, or the process has ended."""
        end_of_patience = time.monotonic() + PATIENCE_SECONDS
        while not self.runtime_api.done.wait(0.1) and process.poll() is None and time.monotonic() < end_of_patience:
            pass

    def figures(self, began: float, sent: "list[float]", resident: float) -> Run:
        done = self.runtime_api.invocations
        ready = self.runtime_api.restored or done[0].handed
        took = [(i.answered - i.handed) * 1000 for i in done[:INVOCATIONS]]
        before = sum(1 for c in self.aws.calls if c.at <= sent[0])
        return Run(
            cold=(sent[0] - began) * 1000,
            init=(ready - began) * 1000,
            first=(sent[0] - ready) * 1000,
            warm=statistics.median(took[FIRST:]),
            first_ten=sum(took[:FIRST]),
            resident=resident,
            calls=before,
        )


def of_package(task: Path) -> "dict[str, str]":
    """Where Lambda's variables say that the package is."""
    return {"LAMBDA_TASK_ROOT": str(task), "LD_LIBRARY_PATH": f"{task}:{task / 'lib'}"}


def memory(pid: int) -> float:
    """Resident, in MiB: taskset has become the function by then."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except FileNotFoundError:
        return 0
    found = re.search(r"VmRSS:\s+(\d+)", status)
    return int(found[1]) / 1024 if found else 0


def trust(certificates: Path) -> None:
    """Native TLS reads the system's certificates: the bench's are among them in the mount namespace that it runs in."""
    for place in ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt"):
        if Path(place).exists():
            subprocess.run([MOUNT, "--bind", str(certificates), place], check=True)
            return
    raise Failed("this system has no bundle of certificates where Debian or Amazon Linux has it")


def certify(folder: Path) -> None:
    """A certificate authority of this run's own, and a certificate for the stub's addresses, as AWS has them."""
    names = ",".join(f"IP:127.0.0.{n}" for n in range(1, 9))

    def openssl(*arguments: str) -> None:
        subprocess.run([OPENSSL, *arguments], cwd=folder, check=True, capture_output=True)

    ca = ("-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=bench-cold")
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *ca)
    openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=aws")
    (folder / "names").write_text(f"subjectAltName={names}\n", encoding="utf-8")
    signing = ("-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "names")
    openssl("x509", "-req", "-in", "server.csr", "-out", "server.pem", *signing)
    chain = (folder / "server.pem").read_text(encoding="utf-8") + (folder / "ca.pem").read_text(encoding="utf-8")
    (folder / "chain.pem").write_text(chain, encoding="utf-8")


def unpacked(folder: Path, package: Path) -> Path:
    task = folder / "task" / package.stem
    if not task.exists():
        with zipfile.ZipFile(package) as archive:
            archive.extractall(task)
    return task


def measure(bench: Bench, subjects: "list[Subject]", cpus: "set[int]", runs: int) -> "dict[str, list[Run]]":
    """Interleaved, so that a change of the machine's load affects all of them."""
    found: "dict[str, list[Run]]" = {s.key: [] for s in subjects}
    for subject in subjects:
        bench.run(subject, cpus)  # files are in the page cache then
    for number in range(runs):
        say(f"run {number + 1} of {runs}, {len(cpus)} CPU …")
        for subject in subjects:
            found[subject.key].append(bench.run(subject, cpus))
    return found


def subjects(bench: Bench, package: Path, java: "dict[str, Path]") -> "list[Subject]":
    """What a user would write instead, then each package that Terraform can choose, on the JDKs that are here."""
    newest = max(java, key=int)
    home = java[newest]
    return [
        bench.boto3(),
        *(bench.zipped(f"zip{major}", f"zip, JDK {major}", package, where) for major, where in java.items()),
        bench.restored(RESTORED, f"zip, JDK {newest}, restored from a snapshot", package, home),
        *([bench.image("aot", f"image, JDK {newest} with its AOT cache", package, home)] if int(newest) >= AOT else []),
    ]


def median(runs: "list[Run]", what: str) -> float:
    """The median of one figure of these runs."""
    return statistics.median(getattr(run, what) for run in runs)


def figures(measured: "dict[int, dict[str, list[Run]]]") -> "list[Figure]":
    """Each goal, as a ratio of the boto3 handler's medians in the same runs."""
    rows = []
    for cpus, of in measured.items():
        where = f"{cpus} CPU{'s' if cpus > 1 else ''}"
        cold = {key: runs for key, runs in of.items() if key not in (BOTO3, RESTORED)}
        best = min(cold, key=lambda key: median(cold[key], "cold"))
        plain = max(cold, key=lambda key: median(cold[key], "cold"))
        goal = Goal(1.5, "≤ 1.5 times") if cpus == 1 else Goal(1.0, "≤ 1.0 times")
        rows += [
            ratio(of, RESTORED, "first", f"Restored function to command accepted, of boto3's cold start, {where}",
                  Goal(0.2, "≤ 0.2 times")),
            ratio(of, best, "cold", f"Cold function to command accepted, best package, of boto3's, {where}", goal),
            ratio(of, plain, "cold", f"Cold function to command accepted, plain zip, of boto3's, {where}",
                  Goal(3.0, "≤ 3.0 times")),
            ratio(of, best, "warm", f"Warm invocation, best package, of boto3's, {where}", Goal(2.5, "≤ 2.5 times")),
            Figure("first_ten", f"First ten invocations together, best package, {where}",
                   [run.first_ten / 1000 for run in of[best]], "s", Goal(0.6, "≤ 0.6 s")),
            Figure("resident", f"Resident memory, best package, {where}",
                   [run.resident for run in of[best]], "MiB", Goal(110, "≤ 110 MiB")),
        ]  # fmt: skip
    return rows


def ratio(of: "dict[str, list[Run]]", package: str, what: str, words: str, goal: Goal) -> Figure:
    """Each run of a package as a multiple of the boto3 handler's median cold start, or warm invocation."""
    to = median(of[BOTO3], "warm" if what == "warm" else "cold")
    return Figure(what, words, [getattr(run, what) / to for run in of[package]], "times", goal)


def table(measured: "dict[int, dict[str, list[Run]]]", of: "list[Subject]") -> "list[str]":
    """Every package: medians, and in brackets from where to where."""
    head = ("package", "CPUs", "spawn → command accepted", "of boto3's", "init", "first after init", "warm")
    head += ("first ten", "resident", "calls")
    lines = ["| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
    for cpus, found in measured.items():
        boto3 = median(found[BOTO3], "cold")
        for subject in of:
            runs = found[subject.key]
            cells = [subject.label, str(cpus), spread(runs, "cold"), f"{median(runs, 'cold') / boto3:.2f}"]
            cells += [spread(runs, what) for what in ("init", "first", "warm", "first_ten")]
            cells += [f"{median(runs, 'resident'):.0f} MiB", f"{median(runs, 'calls'):.0f}"]
            lines.append("| " + " | ".join(cells) + " |")
    return lines


def spread(runs: "list[Run]", what: str) -> str:
    """The median in milliseconds, and from where to where."""
    values = [getattr(run, what) for run in runs]

    def shown(value: float) -> str:
        return f"{value:.0f}" if value >= 20 else f"{value:.1f}"

    return f"{shown(statistics.median(values))} ms ({shown(min(values))} to {shown(max(values))})"


def keep(measured: "dict[int, dict[str, list[Run]]]") -> None:
    """Every run, so that a later one can be compared with it."""
    runs = {str(cpus): {k: [asdict(run) for run in of] for k, of in found.items()} for cpus, found in measured.items()}
    rounded = json.loads(json.dumps({"machine": MACHINE, "runs": runs}), parse_float=lambda text: round(float(text), 1))
    KEPT.write_text(json.dumps(rounded, indent=1) + "\n", encoding="utf-8")


def kept(of: "list[Subject]") -> "dict[int, dict[str, list[Run]]]":
    """What was kept of other numbers of CPUs on this machine, so that they can be measured one at a time."""
    if not KEPT.exists():
        return {}
    stored = json.loads(KEPT.read_text(encoding="utf-8"))
    keys = {subject.key for subject in of}
    found = {
        int(cpus): {k: [Run(**run) for run in runs] for k, runs in by.items()} for cpus, by in stored["runs"].items()
    }
    return {cpus: by for cpus, by in found.items() if keys == set(by)} if stored["machine"] == MACHINE else {}


def on(bench: Bench, found: "list[Subject]", cpus: int, runs: int) -> "dict[str, list[Run]]":
    """The functions have the first CPUs; the stub has the last one, which the second case shares."""
    cores = sorted(ALL_CORES)
    os.sched_setaffinity(0, {cores[-1]} if cpus == 1 else set(cores))
    return measure(bench, found, set(cores[:cpus]), runs)


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench_cold.py", description=__doc__)
    parser.add_argument("--zip", type=Path, required=True)
    parser.add_argument(
        "--classpath", type=Path, required=True, help="a file that names jars, the Java client's among them"
    )
    parser.add_argument("--java", action="append", required=True, metavar="MAJOR=HOME")
    parser.add_argument("--ric", type=Path, required=True, help="where the Python client is")
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--only", help="comma-separated keys of packages; boto3 is always measured")
    parser.add_argument("--cpus", type=int, action="append", choices=(1, 2))
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        with tempfile.TemporaryDirectory(prefix="gantry-bench-cold-") as folder:
            measured, lines = measured_in(Path(folder), options)
    except Failed as failure:
        say(f"bench-cold: {failure}")
        return 1
    except KeyboardInterrupt:
        return 130
    say("\n".join(lines))
    if options.write:
        keep(measured)
    whole = all({BOTO3, RESTORED, "aot"} <= set(of) for of in measured.values())
    return report(figures(measured) if whole else [], "cold", options.json, options.write, after=lines)


def measured_in(folder: Path, options: argparse.Namespace) -> "tuple[dict[int, dict[str, list[Run]]], list[str]]":
    """The runs, and the table of them."""
    java = {major: Path(home) for major, home in (pair.split("=", 1) for pair in options.java)}
    classpath = [Path(jar) for jar in options.classpath.read_text(encoding="utf-8").strip().split(":")]
    bench = Bench(folder, classpath, options.ric.resolve())
    found = subjects(bench, options.zip, java)
    if options.only:
        found = [s for s in found if s.key in (BOTO3, *options.only.split(","))]
    measured = {many: on(bench, found, many, options.runs) for many in options.cpus or (1, 2)}
    os.sched_setaffinity(0, ALL_CORES)
    if options.write:
        measured = dict(sorted({**kept(found), **measured}.items()))
    return measured, table(measured, found)


if __name__ == "__main__":
    sys.exit(main())
