#!/usr/bin/env python3
"""Unpacks archives into this folder, for a local instance without unzip: the options of unzip -o -q, and no others."""

import sys
import zipfile

archives = [word for word in sys.argv[1:] if not word.startswith("-")]
unknown = [word for word in sys.argv[1:] if word.startswith("-") and set(word[1:]) - set("oq")]
if unknown or not archives:
    sys.exit("unzip (stand-in): knows -o and -q only")
for archive in archives:
    try:
        with zipfile.ZipFile(archive) as opened:
            opened.extractall()
    except (OSError, zipfile.BadZipFile) as error:
        print(f"unzip (stand-in): {archive}: {error}", file=sys.stderr)
        sys.exit(9)
