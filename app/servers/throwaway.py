"""Run a command against new, empty servers that are gone afterwards.

`python -m app.servers.throwaway -- COMMAND…`: the command gets DATABASE_URL and REDIS_URL, and
the database is migrated first.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from app.servers import ServerError, embedded

UPGRADE = (sys.executable, "-m", "flask", "--app", "wsgi", "db", "upgrade")


def main(command: list[str]) -> int:
    with tempfile.TemporaryDirectory(prefix="kaivox-", ignore_cleanup_errors=True) as folder:
        # PostgreSQL runs as another user when we are root.
        Path(folder).chmod(0o711)
        with embedded(Path(folder), durable=False) as urls:
            env = {**os.environ, "DATABASE_URL": urls.database, "REDIS_URL": urls.redis}
            return _run(UPGRADE, env) or _run(command, env)


def _run(command: list[str] | tuple[str, ...], env: dict[str, str]) -> int:
    return subprocess.run(command, env=env, check=False).returncode


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[2:] if sys.argv[1:2] == ["--"] else sys.argv[1:]))
    except ServerError as error:
        sys.exit(str(error))
