"""The same done with many conversations, in one transaction, which is the caller's."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.inbox.conversation_commands import Seen
from app.models import Conversation

# A page of the list has fewer.
MOST = 100


@dataclass(frozen=True)
class Done:
    """What became of each: the conversations that changed, and the others."""

    changed: list[Conversation]
    unchanged: list[Conversation]


def each(chosen: Mapping[int, Seen], do: Callable[[int, Seen], bool]) -> Done:
    """Do it with each of the business's conversations among the chosen, by their customers' ids.

    They are locked first and in one order, so that two who do this at once do not wait for each
    other in turn. What the business does not have is left out.
    """
    query = (
        select(Conversation)
        .where(Conversation.customer_id.in_(sorted(chosen)[:MOST]))
        .options(joinedload(Conversation.customer))
        .order_by(Conversation.customer_id)
        .with_for_update(of=Conversation, key_share=True)
    )
    done = Done([], [])
    for talk in db.session.scalars(query).all():
        changed = do(talk.customer_id, chosen[talk.customer_id])
        (done.changed if changed else done.unchanged).append(talk)
    return done
