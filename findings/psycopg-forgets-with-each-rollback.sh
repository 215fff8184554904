#!/usr/bin/env bash
# psycopg 3.3.9: Connection.rollback() lets go of every prepared statement (DEALLOCATE ALL), also of
# those that earlier transactions prepared. An application whose requests end with a rollback, as
# SQLAlchemy's sessions do when they only read, never runs a prepared statement: each is planned anew.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/see.py" <<'EOF'
import os

import psycopg

url = os.environ["DATABASE_URL"].replace("+psycopg", "")
with psycopg.connect(url) as connection:

    def prepared():
        rows = connection.execute("SELECT name FROM pg_prepared_statements", prepare=False)
        return len(rows.fetchall())

    connection.execute("SELECT 1", prepare=True)
    connection.commit()
    kept = prepared()
    connection.rollback()
    print(f"after a commit: {kept}; after a rollback of a transaction that only read: {prepared()}")
    assert (kept, prepared()) == (1, 0), "it keeps them now"
EOF
.venv/bin/python -m app.servers.throwaway -- .venv/bin/python "$folder/see.py" 2>/dev/null
