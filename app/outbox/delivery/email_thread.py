"""What an email of ours answers, so that mail programs keep the thread (RFC 5322)."""

from collections.abc import Callable, Sequence

from sqlalchemy import Row, Select, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import aliased

from app.extensions import db
from app.models import EmailAutoAnswer, Message, ReceivedEmail
from app.outbox.delivery.of_messages import of_messages

# A message of ours, and of what it answers the Message-ID and those before it.
Thread = Select[int, str, list[str]]


def answers_of(messages: list[Message]) -> dict[int, tuple[str, ...]]:
    """Of those that somebody wrote by hand, the Message-IDs of the last email that had come from
    their customer by then and of all before it, the eldest first; of those that answer one by
    themselves, of that."""
    emails = [each for each in messages if each.channel == "email"]
    by_hand = [each for each in emails if each.not_after is None]
    by_themselves = [each for each in emails if each.not_after is not None]
    rows = [*_rows(_last_heard, by_hand), *_rows(_answered, by_themselves)]
    return {id_: (*before, header_id) for id_, header_id, before in rows}


def _rows(
    query: Callable[[list[Message]], Thread], messages: list[Message]
) -> Sequence[Row[int, str, list[str]]]:
    return db.session.execute(query(messages)).all() if messages else []


def _last_heard(messages: list[Message]) -> Thread:
    ours, heard = aliased(Message), aliased(Message)
    return (
        select(ours.id, ReceivedEmail.header_id, ReceivedEmail.answers)
        .join(heard, (heard.tenant_id == ours.tenant_id) & (heard.customer_id == ours.customer_id))
        .join(
            ReceivedEmail,
            (ReceivedEmail.tenant_id == heard.tenant_id) & (ReceivedEmail.message_id == heard.id),
        )
        # An absence note is no word of theirs that anybody answers.
        .where(of_messages(messages, ours.tenant_id, ours.id))
        .where(heard.id < ours.id, ReceivedEmail.personal)
        .where(ReceivedEmail.header_id != "")
        .order_by(ours.id, heard.id.desc())
        .ext(distinct_on(ours.id))
    )


def _answered(messages: list[Message]) -> Thread:
    return (
        select(EmailAutoAnswer.message_id, ReceivedEmail.header_id, ReceivedEmail.answers)
        .join(
            ReceivedEmail,
            (ReceivedEmail.tenant_id == EmailAutoAnswer.tenant_id)
            & (ReceivedEmail.message_id == EmailAutoAnswer.answered_id),
        )
        .where(of_messages(messages, EmailAutoAnswer.tenant_id, EmailAutoAnswer.message_id))
        .where(ReceivedEmail.header_id != "")
    )
