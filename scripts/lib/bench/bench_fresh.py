"""What the first demo costs: a clone in an empty folder, without any cache of Maven, pip or instance images.

Started by scripts/dev/bench --fresh. Git, the JDK and the other Debian packages are there; scripts/demo would install
them.
"""

import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(1, str(Path(__file__).resolve().parents[1] / "demo"))
from bench_report import ROOT, Figure, Goal, report  # noqa: E402
from demo import Failed  # noqa: E402

# Enough for downloads and a build on a slow machine; then it is ended.
PATIENCE_SECONDS = 1800
FIRST = re.compile(r"First instance in service ([\d.]+) s after")
STEP = re.compile(r"^(Image|Python tools|Building)[^:]*: (\d+) s$")
STEPS = {
    "Image": ("image", "of which: the image of the instances"),
    "Python tools": ("python", "of which: the Python tools"),
    "Building": ("build", "of which: the rest of the build (with its downloads), which begins beside the image"),
}


def megabytes(folder: Path) -> float:
    return sum(f.lstat().st_size for f in folder.rglob("*") if f.is_file() and not f.is_symlink()) / 1e6


def clone(into: Path, name: str) -> Path:
    """What is committed, as others would get it."""
    folder = into / name
    git = shutil.which("git")
    if git is None:
        raise Failed("git is not on the PATH")
    subprocess.run([git, "clone", "--quiet", "--no-hardlinks", str(ROOT), str(folder)], check=True)
    return folder


def bare_environment(folder: Path) -> "dict[str, str]":
    """Empty caches; the machine's own settings say where packages come from."""
    caches = {"XDG_CACHE_HOME": str(folder / "cache"), "PIP_CACHE_DIR": str(folder / "pip")}
    return {**os.environ, **caches, "MAVEN_OPTS": f"-Dmaven.repo.local={folder / 'maven'}"}


def run(command: "list[str]", folder: Path, environment: "dict[str, str]") -> str:
    """Its output; ended with everything it started when it takes too long or when this program is interrupted."""
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        output, _ = process.communicate(timeout=PATIENCE_SECONDS)
    except BaseException:
        os.killpg(process.pid, signal.SIGINT)
        process.wait(60)
        raise
    if process.returncode:
        raise Failed(f"{' '.join(command)} ended with {process.returncode}:\n{output[-3000:]}")
    return output


def measure(into: Path, instances: str) -> "list[Figure]":
    folder = clone(into, "gantry")
    environment = bare_environment(into)
    command = ["scripts/demo", "--instances", instances]
    began = time.monotonic()
    output = run(command, folder, environment)
    whole = time.monotonic() - began
    found = figures(output, whole, instances) + sizes(into, folder)
    # The image of the instances is in that cache; what it is made of is downloaded again.
    shutil.rmtree(into / "cache")
    again = first_in_service(run(command, clone(into, "again"), environment))
    what = "In another clone, with what Maven and pip had downloaded: to the first in service"
    return [*found, Figure("again", what, [again], "s", Goal(75.0, "≤ 75 s"))]


def steps(output: str) -> "dict[str, float]":
    return {match[1]: float(match[2]) for match in map(STEP.match, output.splitlines()) if match}


def first_in_service(output: str) -> float:
    """Seconds from the command's start."""
    first = FIRST.search(output)
    if not first:
        raise Failed(f"the demo did not say when the first instance was in service:\n{output[-3000:]}")
    return sum(steps(output).values()) + float(first[1])


def figures(output: str, whole: float, instances: str) -> "list[Figure]":
    took, ready = steps(output), first_in_service(output)
    found = [Figure("first", f"scripts/demo to the first instance in service ({instances})", [ready], "s")]
    found += [Figure(key, what, [took[name]], "s") for name, (key, what) in STEPS.items() if name in took]
    return [*found, Figure("whole", "scripts/demo to its end", [whole], "s")]


def sizes(into: Path, folder: Path) -> "list[Figure]":
    return [
        Figure("maven", "Downloaded by Maven", [megabytes(into / "maven")], "MB"),
        Figure("venv", "Python tools, installed", [megabytes(folder / ".gantry/demo-venv")], "MB"),
    ]


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench_fresh.py", description=__doc__)
    parser.add_argument("--instances", choices=("real", "local", "simulated"), required=True)
    parser.add_argument("--repetitions", type=int, help="taken as scripts/dev/bench gives it; once is enough here")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        with tempfile.TemporaryDirectory(prefix="gantry-fresh-") as folder:
            found = measure(Path(folder), options.instances)
        return report(found, "fresh", options.json, options.write)
    except (Failed, subprocess.CalledProcessError, subprocess.TimeoutExpired) as failure:
        print(f"bench: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
