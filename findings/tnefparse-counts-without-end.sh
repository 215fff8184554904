#!/usr/bin/env bash
# tnefparse 1.4.0: how many properties and values a winmail.dat has is read from the file and counted
# to, also where the file ends long before (decode_mapi: «continue» past the end; values of two bytes
# beyond it are empty, and no error). 60 bytes that anybody can email keep a process busy for hours.
# Whoever parses what strangers send needs a process with an end (app/providers/inbound_email/winmail.py).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check tnefparse==1.4.0
cat >"$folder/see.py" <<'EOF'
import logging
import resource
import struct
import subprocess
import sys

SIGNATURE = struct.pack("<IH", 0x223E9F78, 1)


def piece(name, kind, data):
    head = struct.pack("<BHHI", 1, name, kind, len(data))
    return head + data + struct.pack("<H", sum(data) & 0xFFFF)


if len(sys.argv) > 1:
    from tnefparse import TNEF

    logging.disable()
    resource.setrlimit(resource.RLIMIT_CPU, (3, 3))
    TNEF(bytes.fromhex(sys.argv[1]), do_checksum=False)
    sys.exit(0)

codepage = piece(0x9007, 6, struct.pack("<II", 1252, 0))
many = 0xFFFFFFFF
for what, data in (
    ("properties", struct.pack("<I", many)),
    ("values", struct.pack("<IHHI", 1, 0x1002, 1, many)),
):
    file = SIGNATURE + codepage + piece(0x9003, 6, data) + bytes(20)
    ended = subprocess.run([sys.executable, __file__, file.hex()]).returncode
    print(f"{what}: {len(file)} bytes, ended with {ended} (-24 or -9: after 3 s of CPU)")
    assert ended < 0
EOF
"$folder/venv/bin/python" "$folder/see.py"
