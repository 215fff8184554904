"""Who is named in a note: @Maya as a person writes it, @[12] as it is kept, so that whoever is
renamed or gone is named as they are now."""

import re
from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

from sqlalchemy import select

from app.extensions import db
from app.inbox.timeline import NoteRow
from app.models import Note, NoteMention, User

KEPT = re.compile(r"@\[(\d{1,9})\]")
SOMEBODY = "somebody"


class Mentioned(Protocol):
    """A user, or what a page knows of one."""

    @property
    def email(self) -> str: ...


Somebody = TypeVar("Somebody", bound=Mentioned)


def handles(users: Sequence[Somebody]) -> dict[str, Somebody]:
    """The users of a business by what is written after the @: their name, or where two have the
    same one their email."""
    names = [str(user).casefold() for user in users]
    shared = {name for name in names if names.count(name) > 1}
    return {user.email if str(user).casefold() in shared else str(user): user for user in users}


def kept(text: str) -> tuple[str, list[User]]:
    """The text as it is kept, and whom it names, each once."""
    if "@" not in text:
        return text, []
    team = db.session.scalars(select(User).where(User.active)).all()
    known = {handle.casefold(): user for handle, user in handles(team).items()}
    longest_first = sorted(known, key=len, reverse=True)
    any_of = "|".join(map(re.escape, longest_first))
    written = re.compile(rf"(?<![\w@.])@({any_of})(?!\w)", re.IGNORECASE)
    named: dict[int, User] = {}

    def mark(found: re.Match[str]) -> str:
        user = known[found[1].casefold()]
        named[user.id] = user
        return f"@[{user.id}]"

    return (written.sub(mark, text) if known else text), list(named.values())


def write(note_id: int, users: Iterable[User]) -> None:
    """Part of the caller's transaction."""
    db.session.add_all(NoteMention(note_id=note_id, user_id=user.id) for user in users)


def names(notes: Sequence[Note | NoteRow]) -> dict[int, str]:
    """Of those who are named in the notes, by their ids."""
    naming = [note.id for note in notes if KEPT.search(note.body)]
    if not naming:
        return {}
    query = (select(User).join(NoteMention, NoteMention.user_id == User.id).distinct()).where(
        NoteMention.note_id.in_(naming)
    )
    return {user.id: str(user) for user in db.session.scalars(query)}


def pieces(text: str, names: dict[int, str]) -> list[tuple[str, str]]:
    """The text in pieces, each with the name that follows it; empty: none does."""
    *pairs, last = KEPT.split(text)
    before, ids = pairs[::2], pairs[1::2]
    named = [names.get(int(id_), SOMEBODY) for id_ in ids]
    return [*zip(before, named, strict=True), (last, "")]


def told(text: str, names: dict[int, str]) -> str:
    """The text with the names in it."""
    return KEPT.sub(lambda found: f"@{names.get(int(found[1]), SOMEBODY)}", text)
