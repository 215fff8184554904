"""The wheel's PostgreSQL with the time zones that Python goes by.

PostgreSQL reads the files of its zones beside its own program, so a copy of the program stands
among links: to the rest of the wheel, and to the zones of the package tzdata. It is made anew at
each start, as either package may have been upgraded, and changes nothing of them.
"""

import shutil
import signal
import subprocess
from importlib.util import find_spec
from pathlib import Path

from app.servers import cluster
from app.servers.process import launched, open_log
from app.servers.server_errors import ServerError

ZONES = "timezone"


def program(wheel: Path, folder: Path, data: Path, log: Path) -> Path:
    """The server to run on the data: made in the folder, or where that one does not run (the log
    says why) the wheel's own, which has zones of its own."""
    try:
        made = _make(wheel, folder, data.stat().st_uid)
        _try(made, data)
    except (OSError, ServerError, subprocess.CalledProcessError) as error:
        said = (getattr(error, "stderr", None) or str(error)).strip()
        with open_log(log).open("a") as file:
            file.write(f"PostgreSQL goes by zones of its own, and not by tzdata's: {said}\n")
        return wheel / "bin" / "postgres"
    return made


def _make(wheel: Path, folder: Path, user: int) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    made = folder / "bin" / "postgres"
    for path in (folder, made.parent, folder / "share"):
        path.mkdir(mode=0o700)
    shutil.copyfile(wheel / "bin" / "postgres", made)
    made.chmod(0o700)
    (folder / "lib").symlink_to(wheel / "lib")
    for path in (wheel / "share").iterdir():
        (folder / "share" / path.name).symlink_to(_zones() if path.name == ZONES else path)
    for path in (folder, *folder.rglob("*")):
        cluster.give(path, user)
    return made


def _zones() -> Path:
    spec = find_spec("tzdata")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("the package tzdata is not installed")
    return Path(spec.origin).parent / "zoneinfo"


def _try(made: Path, data: Path) -> None:
    """See that it starts there and finds a zone: a disk may allow no programs, for one."""
    asked = [str(made), "-D", str(data), "--timezone=Europe/Berlin", "-C", "timezone"]
    command = launched(asked, signal.SIGKILL, cluster.owner(data))
    subprocess.run(command, cwd=data, capture_output=True, text=True, check=True)
