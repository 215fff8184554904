#!/usr/bin/env bash
# psycopg 3.3.9: a statement of more than 4,096 characters, or with more than 50 parameters, is taken
# apart anew (its placeholders found and numbered) at each execution; a shorter one once. An INSERT of
# many columns written by SQLAlchemy for a batch soon passes both: each execution then costs Python
# time that grows with the statement, though it is the same and prepared on the server.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check 'psycopg[binary]==3.3.9'
cat >"$folder/see.py" <<'EOF'
import time

from psycopg._queries import PostgresQuery
from psycopg.adapt import Transformer

TURNS = 500


def statement(parameters, length):
    values = ", ".join(f"%(p{number})s" for number in range(parameters))
    return f"SELECT {values} -- ".ljust(length, "x"), {f"p{n}": n for n in range(parameters)}


def microseconds(parameters, length):
    """Of Python for one execution after the first."""
    query, values = statement(parameters, length)
    PostgresQuery(Transformer()).convert(query, values)
    begin = time.process_time()
    for _ in range(TURNS):
        PostgresQuery(Transformer()).convert(query, values)
    return (time.process_time() - begin) / TURNS * 1e6


seen = {
    name: microseconds(*given)
    for name, given in (
        ("50 parameters, 4,096 characters", (50, 4096)),
        ("50 parameters, 4,097 characters", (50, 4097)),
        ("51 parameters, 4,096 characters", (51, 4096)),
    )
}
for name, cost in seen.items():
    print(f"{name}: {cost:.0f} µs")
kept, longer, more = seen.values()
assert longer > 1.5 * kept and more > 1.5 * kept
EOF
"$folder/venv/bin/python" "$folder/see.py"
