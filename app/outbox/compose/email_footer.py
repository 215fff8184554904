"""The line below every email that says on whose behalf it comes from our address."""

from sqlalchemy import func, select, true

from app.extensions import db
from app.lib.mail.display_name import display_name
from app.models import Direction, Message, ReceivedEmail, Tenant

# So much of a subject nobody's mail program shows.
LONGEST_SUBJECT = 200

LINES = {"en": "Sent with KaiVox by {name}", "es": "Enviado con KaiVox por {name}"}
SUBJECTS = {"en": "Message", "es": "Mensaje"}


def subject_of(tenant: Tenant) -> str:
    """Of an email to which nobody gave one."""
    return display_name(tenant.name) or SUBJECTS[spoken(tenant.locale)]


def answer_to(customer_id: int) -> str:
    """The subject of an answer to the last email that the customer wrote; empty: none had one."""
    query = (
        select(Message.subject)
        .outerjoin(Message.received_email)
        .where(func.coalesce(ReceivedEmail.personal, true()))
        .where(Message.customer_id == customer_id, Message.channel == "email")
        .where(Message.direction == Direction.INBOUND, Message.subject.is_not(None))
        .order_by(Message.id.desc())
        .limit(1)
    )
    return as_answer(db.session.scalar(query) or "")


def as_answer(subject: str) -> str:
    """The subject of an answer to an email of that subject; empty: it had none."""
    answers = not subject or subject[:3].lower() == "re:"
    return (subject if answers else f"Re: {subject}")[:LONGEST_SUBJECT]


def sent_with(tenant: Tenant, language: str | None) -> str:
    """In the customer's language (a tag such as es-MX) where we have it, else in the tenant's."""
    line = LINES[spoken(language or "", tenant.locale)]
    return line.format(name=display_name(tenant.name) or tenant.slug)


def spoken(*tags: str) -> str:
    """The first language of the tags (es-MX, en_US) that we have words in; else English."""
    known = (tag.replace("_", "-").partition("-")[0].strip().lower() for tag in (*tags, "en"))
    return next(language for language in known if language in LINES)
