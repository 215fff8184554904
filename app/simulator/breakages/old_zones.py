"""The rules of time zones that the PostgreSQL beside the simulator goes by are taken away.

In `make run` its program reads them through a link in VAR_DIR, which is made anew at each start.
"""

import os
import shutil
from importlib.util import find_spec
from pathlib import Path
from zoneinfo import available_timezones

from app.simulator.breakages.breakage import Breakage

OF_ZONES = {
    "old_zones": Breakage(
        "Database knows no time zones",
        "every one is UTC to it, though nothing of ours asks it",
        {},
        ("time_zones",),
    )
}


def known() -> bool:
    """Whether there is such a PostgreSQL."""
    return _link().is_symlink()


def taken_away() -> bool:
    return known() and _link().readlink() == _none().resolve()


def take_away(on: bool) -> None:
    """Sessions that have looked at one go by it until they end. Raises OSError."""
    to = _none() if on else _all()
    if on:
        _fill(to)
    new = _link().with_name("timezone.new")
    new.unlink(missing_ok=True)
    new.symlink_to(to.resolve())
    new.replace(_link())


def _fill(folder: Path) -> None:
    for name in available_timezones():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(_all() / "UTC", file)
    # PostgreSQL may run as another user.
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)


def _all() -> Path:
    spec = find_spec("tzdata")
    # Where there is such a program, that package was there to make it.
    assert spec is not None and spec.origin is not None  # noqa: S101 — for the type checker
    return Path(spec.origin).parent / "zoneinfo"


def _none() -> Path:
    return _program() / "no_zones"


def _link() -> Path:
    return _program() / "share" / "timezone"


def _program() -> Path:
    return Path(os.environ.get("VAR_DIR") or "var", "postgres.program")
