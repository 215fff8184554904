"""What a machine reports of an email of ours, brought to the message that it is about."""

from datetime import datetime

from sqlalchemy import select

from app import live
from app.extensions import db, settings
from app.inbound.emails.email_thread import is_one_of
from app.inbound.routing import Route
from app.lib.mail.signed_address import Purpose, named
from app.models import Direction, Message
from app.outbox.settle.email_report import complained, delivered, failed
from app.providers.contract import EmailNews, EmailReport, ReceivedLetter
from app.tenancy import tenant_scope


def settle(route: Route, letter: ReceivedLetter, report: EmailReport, now: datetime) -> bool:
    """Write down what it tells, committed; whether that was news.

    It is believed where it came to the address that one of our emails has for that, or quotes its
    Message-ID, or where it quotes nothing answers it: whoever sends emails in our name fills this
    mailbox with reports of theirs (backscatter), which change nothing.
    """
    with tenant_scope(route.tenant_id):
        message = _about(route, letter, report)
        news = message is not None and _told(message, report, now)
        db.session.commit()
        if message and news:
            live.publish(route.tenant_id, message.customer_id)
    return news


def _told(message: Message, report: EmailReport, now: datetime) -> bool:
    match report.news:
        case EmailNews.FAILED:
            return failed(message, report.status, now)
        case EmailNews.DELIVERED:
            return delivered(message, now)
        case EmailNews.COMPLAINT:
            return complained(message, now)
        case EmailNews.DELAYED:
            return False


def _about(route: Route, letter: ReceivedLetter, report: EmailReport) -> Message | None:
    at = (*letter.recipients, report.return_path)
    own = named(settings().signing_keys, route.tenant_id, at, [Purpose.BOUNCE])
    which = Message.public_id == own if own else is_one_of(report.named or letter.answers)
    query = select(Message).where(
        which, Message.channel == "email", Message.direction == Direction.OUTBOUND
    )
    return db.session.scalar(query.order_by(Message.id.desc()).limit(1))
