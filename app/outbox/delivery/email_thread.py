"""What an email that staff write answers, so that mail programs keep the thread (RFC 5322)."""

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import aliased

from app.extensions import db
from app.models import Message, ReceivedEmail
from app.tenancy import unscoped


def answers_of(messages: list[Message]) -> dict[int, tuple[str, ...]]:
    """Of those that somebody wrote by hand, the Message-IDs of the last email that had come from
    their customer by then and of all before it, the eldest first."""
    ids = [each.id for each in messages if each.channel == "email" and each.author_id]
    ours, heard = aliased(Message), aliased(Message)
    query = (
        select(ours.id, ReceivedEmail.header_id, ReceivedEmail.answers)
        .join(heard, (heard.tenant_id == ours.tenant_id) & (heard.customer_id == ours.customer_id))
        .join(
            ReceivedEmail,
            (ReceivedEmail.tenant_id == heard.tenant_id) & (ReceivedEmail.message_id == heard.id),
        )
        .where(ours.id.in_(ids), heard.id < ours.id, ReceivedEmail.header_id != "")
        .order_by(ours.id, heard.id.desc())
        .ext(distinct_on(ours.id))
    )
    with unscoped("the outbox is one for all tenants"):
        rows = db.session.execute(query).all() if ids else []
    return {id_: (*before, header_id) for id_, header_id, before in rows}
