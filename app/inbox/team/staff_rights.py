"""What an admin lets each member of staff do. An admin may do all of it, and so may an operator."""

from enum import StrEnum
from typing import NamedTuple, Protocol

from sqlalchemy import ColumnElement, or_

from app import live
from app.models import Role, Sees, User
from app.row_security.visibility import Viewer
from app.streams import pubsub


class Right(StrEnum):
    """A column of User that says yes or no."""

    EXPORT = "may_export"
    """Take lists of customers and calls along, as files."""
    DELETE = "may_delete"
    """Delete customers, with all that belongs to them."""


class Rights(NamedTuple):
    may_export: bool = False
    may_delete: bool = False
    sees: Sees = Sees.ALL


class Onlooker(Protocol):
    """A user, or what a page knows of one."""

    @property
    def id(self) -> int: ...
    @property
    def role(self) -> str: ...
    @property
    def sees(self) -> str: ...


def of(user: User) -> Rights:
    """As an admin set them; of an admin, who may do all, what they would be as staff."""
    return Rights(user.may_export, user.may_delete, Sees(user.sees))


def has(user: User, right: Right) -> bool:
    return user.role != Role.STAFF or bool(getattr(user, right))


def give(user: User, rights: Rights) -> bool:
    """Whether anything changes by it. They hold from their next request on, and their open streams
    end with the caller's commit."""
    if of(user) == rights:
        return False
    user.may_export, user.may_delete, user.sees = rights
    end_streams(user)
    return True


def end_streams(user: User) -> None:
    """Their pages ask for others, by what they may see then; once the caller has committed."""
    live.end_streams(pubsub.user(user.id))


def viewer_of(user: User) -> Viewer | None:
    """For whose eyes their requests are answered; None: they see all conversations."""
    if user.role != Role.STAFF or user.sees == Sees.ALL:
        return None
    return Viewer(user.id, unassigned=user.sees == Sees.OWN_AND_UNASSIGNED)


def seeing(assignee_id: int | None) -> ColumnElement[bool]:
    """The condition that a user sees a conversation that is assigned so; as conversation_seen of
    the database says it (migration 0094)."""
    all_ = or_(User.role != Role.STAFF, User.sees == Sees.ALL)
    if assignee_id is None:
        return or_(all_, User.sees == Sees.OWN_AND_UNASSIGNED)
    return or_(all_, User.id == assignee_id)


def sees(user: Onlooker, assignee_id: int | None) -> bool:
    """The same, of one who is known."""
    if user.role != Role.STAFF or user.sees == Sees.ALL:
        return True
    if assignee_id is None:
        return user.sees == Sees.OWN_AND_UNASSIGNED
    return user.id == assignee_id
