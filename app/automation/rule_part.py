"""What the parts of a rule consist of: a sentence with gaps, and what each gap takes.

A new trigger, condition or action is a file in its folder with a PART of its own.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Any, TypeVar

from app.automation.snapshot import Snapshot
from app.inbox.conversation_log import By
from app.lib.memo import memoized
from app.models import EventType
from app.tasks import Task

Options = Mapping[str, Any]
"""What a person chose, by the key of the gap; as JSON holds it."""
Choices = Sequence[tuple[str, str]]
"""Key and words of each; ids as strings."""


@dataclass(frozen=True, kw_only=True)
class Gap:
    """One thing to fill in."""

    key: str
    kind: str
    """number, line (of text), text (several lines), template (a text with variables), words (a
    list of them), choice (one key), choices (a list of keys)."""
    label: str
    """What is asked for, to whoever does not see the sentence around it."""
    default: Any = ""
    optional: bool = False
    """Whether it may stay empty."""
    least: int = 0
    most: int = 0
    """Of a number; of a text its characters, of lists their entries, where it is not 0."""
    choices: Callable[[], Choices] | None = None
    """What can be chosen by the tenant in scope."""
    variables: tuple[str, ...] = ()
    """The names that a template may use."""

    def offered(self) -> Choices:
        """The choices; within memo_scope asked for once, however many rules have the gap."""
        return memoized(("choices", self.choices), self.choices) if self.choices else ()


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
    due: Callable[[datetime, Options], datetime | None] = lambda at, options: at
    """The moment at which the rule is judged, for an event at that time; None: never."""
    void: Callable[[Snapshot, datetime], str] = lambda seen, now: ""
    """Why it is not to be judged any more when that moment has come, by what happened up to now;
    empty: it is."""


@dataclass(frozen=True, kw_only=True)
class Condition(RulePart):
    """What has to hold; the sentence goes on from "and"."""

    fact: str
    """What it looks at, as a heading in the log."""
    seen: Callable[[Snapshot], str]
    """What it saw there, in a few words."""
    holds: Callable[[Snapshot, Options], bool]


@dataclass(kw_only=True)
class Doer:
    """The rule that acts, for what it writes."""

    rule_id: int
    rule_name: str
    run_id: int
    now: datetime
    wakes: set[Task] = field(default_factory=set)
    """What is enqueued after the commit."""
    tells_team: bool = False
    """Whether everybody who has the inbox open is told, likewise."""
    notices: bool = False
    """Whether somebody has a new notice behind their bell, likewise."""

    @property
    def by(self) -> By:
        return By(rule_id=self.rule_id, rule_name=self.rule_name)


@dataclass(frozen=True, kw_only=True)
class Action(RulePart):
    """What is done; the sentence goes on from "then". All it does is rows of the caller's
    transaction, so that a run is done once and whole, or not at all."""

    do: Callable[[Snapshot, Options, Doer], str]
    """What was done, as a sentence. Raises NotDone, HeldBack and Later."""
    ends: bool = False
    """Whether no further rule looks at the event."""


class NotDone(Exception):
    """The action cannot be done; the text tells a person why and what to do."""


class HeldBack(Exception):
    """A limit keeps the rule from it; the text names the limit."""


class Later(Exception):
    """Not at this hour: the rule is judged again then."""

    def __init__(self, until: datetime) -> None:
        super().__init__("quiet hours")
        self.until = until


Part = TypeVar("Part", bound=RulePart)


def parts(folder: ModuleType, kind: type[Part]) -> dict[str, Part]:
    """The PART of each file in the folder, by its key, in order."""
    found = [
        import_module(f"{folder.__name__}.{file.name}").PART
        for file in iter_modules(folder.__path__)
    ]
    mine = [part for part in found if isinstance(part, kind)]
    return {part.key: part for part in sorted(mine, key=lambda part: part.order)}
