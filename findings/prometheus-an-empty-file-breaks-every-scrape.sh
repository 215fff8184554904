#!/usr/bin/env bash
# prometheus_client 0.26.0, several processes (PROMETHEUS_MULTIPROC_DIR): a process that is killed
# between making its file and writing into it leaves one of no bytes, and from then on every scrape of
# every process raises struct.error, until somebody deletes it. So does any other *.db in that folder.
# Code that only serves what MultiProcessCollector gives has no metrics any more, for good.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check prometheus-client==0.26.0
cat >"$folder/see.py" <<'EOF'
import os
import struct
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

Counter("served", "Requests.").inc()
registry = CollectorRegistry()
MultiProcessCollector(registry)
print("before:", [line for line in generate_latest(registry).decode().splitlines() if line[0] != "#"])
# What MmapedDict has done when it is killed after open() and before truncate().
Path(os.environ["PROMETHEUS_MULTIPROC_DIR"], "counter_99999999.db").open("a+b").close()
try:
    generate_latest(registry)
except struct.error as error:
    print("after: struct.error:", error)
else:
    raise SystemExit("it is read")
EOF
mkdir "$folder/files"
PROMETHEUS_MULTIPROC_DIR="$folder/files" "$folder/venv/bin/python" "$folder/see.py"
# Seen:
# before: ['served_total 1.0']
# after: struct.error: unpack_from requires a buffer of at least 4 bytes for unpacking 4 bytes at offset 0 (actual buffer size is 0)
