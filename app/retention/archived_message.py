"""A message as it stands in an archive: all that the product knows of it, in plain words and types
that any program reads."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.extensions import db
from app.models import Message, MessageQuote, Notification, ReceivedEmail, Reply

Line = dict[str, Any]
TABLE = (
    *("time", "direction", "channel", "customer", "from", "to", "author"),
    *("status", "subject", "text", "attachments", "id"),
)


def lines(messages: Sequence[Message], files: Mapping[int, str]) -> list[Line]:
    """One for each, in their order. files: of an attachment's id, where it lies in the archive."""
    ids = [each.id for each in messages]
    quotes = select(MessageQuote.message_id, MessageQuote.quoted_sid)
    quoted = dict(_pairs(quotes.where(MessageQuote.message_id.in_(ids))))
    kinds = select(Notification.message_id, Notification.type)
    automatic = dict(_pairs(kinds.where(Notification.message_id.in_(ids))))
    return [
        _line(each, files)
        | _known(answers_message=quoted.get(each.id), kind=automatic.get(each.id))
        for each in messages
    ]


def _pairs(query: Any) -> Iterable[tuple[int, str]]:
    return (tuple(row) for row in db.session.execute(query))


def _line(message: Message, files: Mapping[int, str]) -> Line:
    said = {
        "id": message.id,
        "at": message.created_at.isoformat(),
        "direction": message.direction,
        "channel": message.channel,
        "status": message.status.value,
        "from": message.sender,
        "to": message.recipient,
        "customer": {"id": message.customer_id, "name": message.customer.name},
        "body": message.body,
    }
    return said | _known(
        public_id=str(message.public_id),
        author=str(message.author) if message.author else None,
        subject=message.subject,
        html=message.html,
        segments=message.segments,
        sent_at=message.sent_at.isoformat() if message.sent_at else None,
        carrier_id=message.provider_sid,
        carrier_account=message.account_sid,
        error_code=message.error_code,
        error=message.error,
        approved_template=message.content_sid,
        template_variables=message.content_variables,
        again_of=message.again_of_id,
        email=_email(message.received_email),
        read_as=_read_as(message.reply),
        attachments=[
            _known(
                file=files.get(each.id),
                name=each.name,
                content_type=each.content_type,
                content_id=each.content_id,
                error=each.error,
            )
            for each in message.media
        ],
    )


def _email(email: ReceivedEmail | None) -> Line | None:
    if email is None:
        return None
    return _known(
        message_id=email.header_id,
        references=list(email.answers),
        whole_text=email.whole,
        html=email.html,
        invitation=email.invitation,
    )


def _read_as(reply: Reply | None) -> Line | None:
    """What a customer's answer to a reminder was taken for."""
    if reply is None:
        return None
    return _known(answer=reply.answer, outcome=reply.outcome, reason=reply.reason)


def _known(**values: Any) -> Line:
    """Without what says nothing."""
    return {name: value for name, value in values.items() if value not in (None, "", [], {})}


def row(line: Line, timezone: str) -> list[str]:
    """The same for a spreadsheet, under TABLE; its time is that of the wall."""
    at = datetime.fromisoformat(line["at"]).astimezone(ZoneInfo(timezone))
    files = (each.get("file", each.get("name", "")) for each in line.get("attachments", []))
    who = (line["customer"]["name"], line["from"], line["to"], line.get("author", ""))
    said = (line["status"], line.get("subject", ""), line["body"], "; ".join(files))
    told = (f"{at:%Y-%m-%d %H:%M}", line["direction"], line["channel"], *who, *said)
    return [*told, str(line["id"])]
