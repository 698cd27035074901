"""Packs the stand-in for MediaMTX (tests/standin) as MediaMTX's releases are packed, the same bytes each time.

Usage: standin.py FILE.tar.gz
"""

import gzip
import io
import sys
import tarfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
LIB = ROOT / "ansible/roles/rtsp_server/files/lib"
MEMBERS = {
    "mediamtx": ROOT / "tests/standin/mediamtx.py",
    "mediamtx_config.py": LIB / "mediamtx_config.py",
    "mediamtx-v1.20.1-keys.tsv": LIB / "mediamtx-v1.20.1-keys.tsv",
    "LICENSE": ROOT / "LICENSE",
}


def main() -> int:
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        print(__doc__, file=sys.stderr)
        return 2
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, path in MEMBERS.items():
            member = tarfile.TarInfo(name)
            member.size = path.stat().st_size
            member.mode = 0o755 if name == "mediamtx" else 0o644
            archive.addfile(member, io.BytesIO(path.read_bytes()))
    Path(sys.argv[1]).write_bytes(gzip.compress(packed.getvalue(), mtime=0))
    return 0


if __name__ == "__main__":
    sys.exit(main())
