"""What a check consists of, and how those of a folder are found."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from pkgutil import walk_packages

from app.health.finding import Verdict


@dataclass(frozen=True)
class Check:
    key: str
    order: int
    """Among findings that are equally bad the lower one is told first."""
    looks_at: str
    """In a few words, as pages tell it."""
    look: Callable[[datetime], Verdict | None]
    """Given the present time; None: it does not concern them. Writes nothing, but
    what it has learned of a thing outside."""
    outside: bool = False
    """Whether it asks Twilio or the mail server, and so may take its time, holding no transaction.
    Raises SendError when it could not be told: what it found before stands."""


def found(path: Iterable[str], package: str) -> dict[str, Check]:
    """The CHECK of every file there, at any depth, by key, in their order."""
    files = (each.name for each in walk_packages(path, f"{package}.") if not each.ispkg)
    modules = map(import_module, files)
    checks: list[Check] = [module.CHECK for module in modules]
    return {check.key: check for check in sorted(checks, key=lambda check: check.order)}
