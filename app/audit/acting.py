"""Who acts: somebody who is signed in, or a program by its key, from the beginning of their request
to its end. What webhooks, workers and commands write is no person's act, and there nobody acts."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from app.models import Role, User


@dataclass(frozen=True, slots=True)
class Actor:
    id: int | None
    """None: a program acts, by a key of that name."""
    name: str
    by_operator: bool


_actor: ContextVar[Actor | None] = ContextVar("actor", default=None)


def actor_of(user: User) -> Actor:
    return Actor(user.id, str(user), user.role == Role.PLATFORM_ADMIN)


def current_actor() -> Actor | None:
    """Who acts here; None: nobody does."""
    return _actor.get()


@contextmanager
def acting(user: User) -> Iterator[None]:
    """What is written within is the user's act."""
    with acting_as(actor_of(user)):
        yield


@contextmanager
def acting_as(actor: Actor) -> Iterator[None]:
    """Likewise, of who is no user of ours."""
    token = _actor.set(actor)
    try:
        yield
    finally:
        _actor.reset(token)
