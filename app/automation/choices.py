"""What can be chosen in the gaps of rules, by the tenant in scope: keys, and words for people."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from babel import Locale
from sqlalchemy import select

from app.automation.rule_part import Choices, Gap, Options
from app.channels import CHANNELS
from app.extensions import db
from app.inbox.conversation_commands import assignable
from app.models import Label, Service, StaffMember

ENGLISH = Locale("en")
NOT = "not"


def fixed(*pairs: tuple[str, str]) -> Callable[[], Choices]:
    """The same for everybody."""
    return lambda: pairs


def channels() -> Choices:
    return [(channel.key, channel.label) for channel in CHANNELS.values()]


def languages() -> Choices:
    """All that have a code of two letters, by their names in English."""
    named = ((str(code), str(name)) for code, name in ENGLISH.languages.items())
    return sorted(((code, name) for code, name in named if len(code) == 2), key=lambda one: one[1])


def users() -> Choices:
    """Those who may sign in."""
    return [(str(user.id), str(user)) for user in assignable()]


def labels() -> Choices:
    return _named(Label)


def services() -> Choices:
    return _named(Service)


def staff_members() -> Choices:
    return _named(StaffMember)


def _named(kind: type[Label] | type[Service] | type[StaffMember]) -> Choices:
    rows = db.session.execute(select(kind.id, kind.name).order_by(kind.name))
    return [(str(id_), name) for id_, name in rows]


def chosen(options: Options, key: str) -> frozenset[int]:
    """The ids in a gap of choices, or the one of a choice; what is none is left out."""
    given = options.get(key) or []
    keys = given if isinstance(given, list) else [given]
    return frozenset(int(each) for each in map(str, keys) if each.isascii() and each.isdigit())


def whether(key: str, label: str, yes: str, no: str, default: bool = True) -> Gap:
    """A gap (is, has) that says yes or no, each in the words of the sentence; for affirmed."""
    choices = fixed((key, yes), (NOT, no))
    return Gap(
        key=key, kind="choice", label=label, default=key if default else NOT, choices=choices
    )


def affirmed(options: Options, key: str) -> bool:
    """Whether such a gap says yes."""
    return bool(options[key] == key)


def gone(what: str, key: str, known: Callable[[], Choices]) -> Callable[[Options], str]:
    """The check of a part that names some of these: whether all are still there."""

    def check(options: Options) -> str:
        there = {int(id_) for id_, _ in known() if id_.isdigit()}
        return "" if chosen(options, key) <= there else f"The {what} that it names is gone."

    return check


def words_of(keys: Collection[Any], known: Choices) -> str:
    """The words of these keys, as the log has them."""
    names: Mapping[str, str] = dict(known)
    return ", ".join(names.get(str(key), "?") for key in keys)
