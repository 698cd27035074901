"""Prints the folder of the Python that runs this, without links: a python3 on the PATH may be a script that starts it.

Usage: python_folder.py
"""

import os
import sys

print(os.path.dirname(os.path.realpath(sys.executable)))
