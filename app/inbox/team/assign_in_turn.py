"""Where a business wants that, what waits and is nobody's goes in turn to those who are there."""

from datetime import datetime, timedelta

from sqlalchemy import Select, exists, select, update

from app import live
from app.extensions import db
from app.inbox import conversation_commands as commands
from app.inbox.conversation_log import By
from app.models import Conversation, Tenant, User, UserSession
from app.tenancy import current_tenant_id, tenant_scope

# Whose page asked for something so lately is there. An open inbox does every five minutes, and that
# is known to five more (app/users/sessions.py).
THERE = timedelta(minutes=11)
# So many in one transaction.
BATCH = 50
# What is given at one moment is given one after the other.
TICK = timedelta(microseconds=1)


def assign_in_turn(now: datetime) -> int:
    """Of all businesses that want it, who has waited longest first; how many. Each business is
    committed, and its open pages are told. With nobody there they stay as they are."""
    wanted = db.session.scalars(select(Tenant.id).where(Tenant.assigns_in_turn)).all()
    db.session.rollback()
    return sum(_of(tenant_id, now) for tenant_id in wanted)


def _of(tenant_id: int, now: datetime) -> int:
    with tenant_scope(tenant_id):
        given = _given(now)
        db.session.commit()
    for customer_id in given:
        live.publish(tenant_id, customer_id)
    if given:
        live.publish(tenant_id, live.NOTICES)
    return len(given)


def _given(now: datetime) -> list[int]:
    # Of two who do this at once the second waits, and finds what is left and whose turn it is.
    ours = select(Tenant.id).where(Tenant.id == current_tenant_id(), Tenant.assigns_in_turn)
    if db.session.scalar(ours.with_for_update(key_share=True)) is None:
        return []
    given: list[int] = []
    for customer_id in db.session.scalars(_nobodys()).all():
        if (user_id := _next(now)) is None:
            break
        commands.assign(customer_id, user_id, By(), now)
        turn = update(User).where(User.id == user_id).values(turn_at=now + len(given) * TICK)
        db.session.execute(turn.execution_options(synchronize_session=False))
        given.append(customer_id)
    return given


def _nobodys() -> Select[int]:
    query = select(Conversation.customer_id).where(
        Conversation.waiting_since.is_not(None), Conversation.assignee_id.is_(None)
    )
    oldest = query.order_by(Conversation.waiting_since, Conversation.id).limit(BATCH)
    return oldest.with_for_update(skip_locked=True, key_share=True)


def _next(now: datetime) -> int | None:
    """Whose turn it is: of those there, whoever was given one longest ago, or never."""
    there = exists().where(
        UserSession.tenant_id == User.tenant_id,
        UserSession.user_id == User.id,
        UserSession.ended_at.is_(None),
        UserSession.last_seen_at > now - THERE,
    )
    query = select(User.id).where(User.active, there)
    return db.session.scalar(query.order_by(User.turn_at.nulls_first(), User.id).limit(1))
