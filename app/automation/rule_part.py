"""What the parts of a rule consist of: a sentence with gaps, and what each gap takes.

A new trigger, condition or action is a file in its folder with a PART of its own.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Any, TypeVar

from app.automation.snapshot import Snapshot
from app.models import AutomationEvent, EventType

Options = Mapping[str, Any]
"""What a person chose, by the key of the gap; as JSON holds it."""


@dataclass(frozen=True, kw_only=True)
class Gap:
    """One thing to fill in."""

    key: str
    kind: str
    """number, line (of text), text, words (a list), choice (one key), choices (a list of keys)."""
    label: str
    """What is asked for, to whoever does not see the sentence around it."""
    default: Any = ""
    least: int = 0
    most: int = 0
    choices: Callable[[], Sequence[tuple[str, str]]] | None = None
    """Key and words of what can be chosen by the tenant in scope; ids as strings."""


@dataclass(frozen=True, kw_only=True)
class RulePart:
    key: str
    order: int
    """Where it stands among the others of its folder."""
    sentence: str
    """Such as "nobody answers for {minutes} minutes": the gaps by their keys, in braces."""
    gaps: tuple[Gap, ...] = ()
    gone: Callable[[Options], str] = lambda options: ""
    """What it names and is no more, as a sentence: the rule then turns itself off. Else empty."""


@dataclass(frozen=True, kw_only=True)
class Trigger(RulePart):
    """What sets a rule off; the sentence goes on from "When"."""

    events: frozenset[EventType]
    wants: Callable[[Snapshot, Options], bool] = lambda seen, options: True
    """Whether an event of these is one."""
    waits: Callable[[Options], timedelta] = lambda options: timedelta(0)
    """How long after the event it is judged."""
    void: Callable[[AutomationEvent, Snapshot], str] = lambda event, seen: ""
    """Why it is not to be judged any more when that time has come; empty: it is."""


@dataclass(frozen=True, kw_only=True)
class Condition(RulePart):
    """What has to hold; the sentence goes on from "and"."""

    holds: Callable[[Snapshot, Options], bool]
    seen: Callable[[Snapshot], str]
    """What it looked at, in a few words for the log."""


@dataclass(frozen=True, kw_only=True)
class Action(RulePart):
    """What is done; the sentence goes on from "then". All it does is rows of the caller's
    transaction, so that a run is done once and whole, or not at all."""

    do: Callable[[Snapshot, Options, "Doer"], str]
    """What was done, as a sentence. Raises NotDone, and HeldBack where a limit keeps it."""
    ends: bool = False
    """Whether no further rule looks at the event."""


@dataclass(frozen=True)
class Doer:
    """The rule that acts, for what it writes."""

    rule_id: int
    rule_name: str
    run_key: str
    """Unique to this run: what it writes is written once."""


class NotDone(Exception):
    """The action cannot be done; the text tells a person why and what to do."""


class HeldBack(Exception):
    """A limit keeps the rule from it; the text names the limit."""


Part = TypeVar("Part", bound=RulePart)


def parts(folder: ModuleType, kind: type[Part]) -> dict[str, Part]:
    """The PART of each file in the folder, by its key, in order."""
    found = [
        import_module(f"{folder.__name__}.{file.name}").PART
        for file in iter_modules(folder.__path__)
    ]
    mine = [part for part in found if isinstance(part, kind)]
    return {part.key: part for part in sorted(mine, key=lambda part: part.order)}
