"""What the carrier is told of a claimed message."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import undefer

from app.channels import CHANNELS
from app.extensions import db, settings
from app.models import Customer, Media, Message, Tenant
from app.outbox.compose import unsubscribe
from app.outbox.compose.attachments import public_url
from app.outbox.compose.email_footer import sent_with, subject_of
from app.outbox.delivery.button_cards import Card
from app.outbox.delivery.of_messages import of_messages
from app.outbox.delivery.return_addresses import reply_to, return_path
from app.outbox.delivery.thread_terms import Terms
from app.providers.contract import File, Letter, Outgoing


def files_of(messages: list[Message]) -> dict[int, list[Media]]:
    """The files of each message, in their order; with what is in them where it goes along."""
    found: dict[int, list[Media]] = {}
    for within in (False, True):
        some = [each for each in messages if _is_letter(each) == within]
        query = select(Media).where(of_messages(some, Media.tenant_id, Media.message_id))
        query = query.order_by(Media.position)
        query = query.options(undefer(Media.content)) if within else query
        for file in db.session.scalars(query) if some else ():
            found.setdefault(file.message_id, []).append(file)
    return found


def languages_of(messages: list[Message]) -> dict[int, str | None]:
    """What the customer of each email speaks, as far as it is known."""
    letters = [each for each in messages if _is_letter(each)]
    query = (
        select(Message.id, Customer.language)
        .join(Message.customer)
        .where(of_messages(letters, Message.tenant_id, Message.id))
    )
    return {row.id: row.language for row in db.session.execute(query)} if letters else {}


def outgoing(
    message: Message,
    tenant: Tenant,
    files: list[Media],
    language: str | None = None,
    answers: tuple[str, ...] = (),
    card: Card | None = None,
    terms: Terms = Terms(),  # noqa: B008 (it never changes)
) -> Outgoing:
    """The claimed message in the words that every carrier understands; the language is its
    customer's, answers what an email answers, and the card has the buttons under its text;
    terms: how it enters a thread at Meta."""
    letter = _letter(message, tenant, files, language, answers)
    callback = f"{settings().public_url}/api/twilio/{tenant.slug}/message-status"
    return Outgoing(
        channel=CHANNELS[message.channel],
        sender=message.sender,
        recipient=message.recipient,
        body=message.body,
        callback_url=f"{callback}?mid={message.public_id}",
        service=message.service_sid,
        media_urls=() if letter else tuple(public_url(file.id) for file in files),
        content_sid=card.content_sid if card else message.content_sid,
        content_variables=card.variables if card else message.content_variables or {},
        valid_for=_valid_for(message),
        letter=letter,
        id=str(message.public_id),
        media_types=() if letter else tuple(file.content_type for file in files),
        answers=terms.answers,
        by_human_agent=terms.by_human_agent,
    )


def _is_letter(message: Message) -> bool:
    # What waits for a channel that was removed comes up all the same.
    return message.channel in CHANNELS and CHANNELS[message.channel].has_subject


def _letter(
    message: Message,
    tenant: Tenant,
    files: list[Media],
    language: str | None,
    answers: tuple[str, ...],
) -> Letter | None:
    if not _is_letter(message):
        return None
    return Letter(
        id=str(message.public_id),
        sender_name=tenant.name,
        reply_to=reply_to(message, tenant),
        subject=message.subject or subject_of(tenant),
        html=message.html,
        files=tuple(File(file.content_type, file.content or b"") for file in files),
        unsubscribe_url=_unsubscribe_url(message),
        # Only what goes out by itself has an end of its use.
        automatic=message.not_after is not None,
        foot=sent_with(tenant, language),
        answers=answers,
        return_path=return_path(message, tenant),
    )


def _unsubscribe_url(message: Message) -> str | None:
    if message.author_id is not None or message.html is None:
        return None
    return unsubscribe.url(message.tenant_id, message.channel, message.recipient, message.public_id)


def _valid_for(message: Message) -> timedelta | None:
    if message.not_after is None or message.attempted_at is None:
        return None
    return message.not_after - message.attempted_at
