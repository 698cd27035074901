"""Starts a sandbox, waits for its first line, and ends it: what it loads then gets into its class data archive.

Usage: sandbox_training.py COMMAND…
"""

import subprocess
import sys

with subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as sandbox:
    sandbox.stdout.readline()
    sandbox.terminate()
