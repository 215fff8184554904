"""PostgreSQL's data folder: who owns it, its creation, and what its postmaster.pid tells.

As root the folder belongs to a user id of its own, since PostgreSQL refuses root: no account is
made for it, and no permission of any other folder is changed (see launch.py).
"""

import os
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from app.servers import kept
from app.servers.process import launched
from app.servers.server_errors import ServerError

ADMIN = "postgres"
# Belongs to nobody: between systemd's ranges (systemd.io/UIDS-GIDS) and above Debian's accounts.
SERVER_USER = 60999
# initdb wants a user that has a name, which our number has not.
NAMED_USER = 65534


def owner(folder: Path) -> int | None:
    """Whom the server has to become: nobody else, unless we are root."""
    if os.geteuid() != 0:
        return None
    return (folder.exists() and folder.stat().st_uid) or SERVER_USER


def create(folder: Path, initdb: Path, password: str, durable: bool) -> None:
    """Make the data folder; a creation that is cut off leaves nothing that looks like one."""
    new, password_file = folder.with_suffix(".new"), folder.with_suffix(".once")
    shutil.rmtree(new, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    new.mkdir(mode=0o700)
    kept.write_private(password_file, password)
    try:
        for path in (new, password_file):
            give(path, NAMED_USER)
        _initdb(initdb, new, password_file, durable)
        for path in (new, *new.rglob("*")):
            give(path, SERVER_USER)
    finally:
        password_file.unlink()
    new.rename(folder)


def _initdb(initdb: Path, folder: Path, password_file: Path, durable: bool) -> None:
    options = [
        f"--pgdata={folder}",
        f"--username={ADMIN}",
        f"--pwfile={password_file}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        # Unicode without the machine's locales, which differ: the data can move.
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--data-checksums",
        *([] if durable else ["--no-sync"]),
    ]
    user = NAMED_USER if os.geteuid() == 0 else None
    done = subprocess.run(
        launched([str(initdb), *options], signal.SIGKILL, user),
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines() or ["it says nothing"]
        raise ServerError(f"PostgreSQL's data cannot be made in {folder.parent}: {said[0]}")


def give(path: Path, user: int) -> None:
    """Let it be the user's, where we are root."""
    if os.geteuid() != 0:
        return
    try:
        os.chown(path, user, user, follow_symlinks=False)
    except OSError as error:
        raise ServerError(
            f"PostgreSQL cannot run as root on {path.parent} ({error.strerror}): run as another"
            " user, choose another VAR_DIR, or set DATABASE_URL"
        ) from None


def check_owner(folder: Path) -> None:
    user = folder.stat().st_uid
    if os.geteuid() not in (0, user):
        raise ServerError(
            f"{folder} belongs to user {user}: run as that user or choose another VAR_DIR"
        )


def ready(folder: Path) -> bool:
    """Whether the postmaster takes connections: the last line of its file says so."""
    lines = _postmaster_file(folder)
    return len(lines) > 7 and lines[7].strip() == "ready"


def leaving(folder: Path) -> bool:
    """Whether the postmaster was asked to end, and takes no new connections."""
    lines = _postmaster_file(folder)
    return len(lines) > 7 and lines[7].strip() == "stopping"


def wait_until_free(folder: Path, within: float = 10.0) -> None:
    """Wait for the postmaster of a run that was killed to end, and clear up after one that is gone.

    A number that now belongs to another process would keep PostgreSQL from starting. It ignores
    its parent's, so we put ours there; the rest of the file stays, for by it PostgreSQL notices
    what we cannot see of the earlier run.
    """
    lines = _postmaster_file(folder)
    if not lines:
        return
    deadline = time.monotonic() + within
    while _serves(int(lines[0]), folder):
        # One that stands still (SIGSTOP) does not end.
        with suppress(ProcessLookupError):
            os.kill(int(lines[0]), signal.SIGCONT)
        if time.monotonic() > deadline:
            raise ServerError(f"another PostgreSQL runs on {folder} (process {lines[0]})")
        time.sleep(0.05)
    _end_orphans(folder)
    _forget_postmaster(folder)


def _end_orphans(folder: Path) -> None:
    # A session that is busy does not notice for long that its postmaster was killed.
    for process in (int(path.name) for path in Path("/proc").glob("[0-9]*")):
        if _serves(process, folder):
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)


def _forget_postmaster(folder: Path) -> None:
    file = folder / "postmaster.pid"
    lines = _postmaster_file(folder)
    if lines:
        # "ready" was said by the one that is gone.
        file.write_text("\n".join([str(os.getpid()), *lines[1:7]]) + "\n")


def _postmaster_file(folder: Path) -> list[str]:
    try:
        return (folder / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return []


def _serves(process: int, folder: Path) -> bool:
    try:
        return Path(f"/proc/{process}/cwd").readlink() == folder.resolve()
    except OSError:
        return False
