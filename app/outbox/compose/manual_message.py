"""A message somebody wrote becomes a row of the outbox, or is refused with the reason."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app import live, tasks
from app.channels import CHANNELS
from app.channels.channel import Channel
from app.extensions import db
from app.lib.text.cleaning import clean, one_line
from app.lib.text.homoglyphs import plain
from app.models import Customer, Message, Tenant
from app.outbox import transitions
from app.outbox.compose import attachments
from app.outbox.compose.approved_template import Filled
from app.outbox.compose.attachments import Upload
from app.outbox.compose.content import Content
from app.outbox.compose.delivery_route import route, route_of_text
from app.outbox.compose.email_footer import subject_of
from app.outbox.compose.ledger import enter
from app.outbox.refused import Refused
from app.providers import provider
from app.tenancy import current_tenant_id

# So much of a subject nobody's mail program shows.
LONGEST_SUBJECT = 200


def compose(
    customer: Customer,
    channel_key: str,
    body: str,
    now: datetime,
    author_id: int | None = None,
    client_token: str | None = None,
    again_of: int | None = None,
    uploads: Sequence[Upload] = (),
    template: Filled | None = None,
    subject: str = "",
    html: str | None = None,
) -> Message:
    """Put a message to the customer into the outbox, commit it and ring the worker.

    It leaves when the tenant's time to take it back is over. A client_token that was used before
    gives the message that it made. A template takes the place of the body; the subject is an
    email's, and html what it said beside the body when it was sent before. Raises Refused.
    """
    if known := _posted_before(client_token):
        return known
    chosen = _channel(channel_key)
    tenant = db.session.get_one(Tenant, current_tenant_id())
    if template:
        _check_template(chosen, uploads)
        path = route(customer, tenant, chosen)
    else:
        path = route_of_text(customer, tenant, chosen, now)
    files = attachments.checked(path.channel, uploads)
    if template:
        content = Content(template.text, template=template)
    else:
        text = _body(tenant, path.channel, body, bool(files))
        content = _content(tenant, path.channel, text, subject, html)
    message = transitions.queue(
        customer_id=customer.id,
        channel=path.channel.key,
        **content.columns(),
        sender=path.sender,
        recipient=path.recipient,
        fell_back_from=path.fell_back_from,
        created_at=now,
        send_after=now + timedelta(seconds=tenant.undo_seconds),
        author_id=author_id,
        client_token=client_token,
        again_of_id=again_of,
    )
    try:
        enter(message, by_hand=True)
        db.session.add_all(attachments.rows(files, message, now))
        db.session.flush()
    except IntegrityError:
        # The same form, posted twice at once: the other one has just made the message.
        db.session.rollback()
        if known := _posted_before(client_token):
            return known
        raise
    db.session.commit()
    tasks.enqueue(tasks.Task.DRAIN_OUTBOX)
    live.publish(message.tenant_id, customer.id)
    return message


def _posted_before(client_token: str | None) -> Message | None:
    if not client_token:
        return None
    return db.session.scalar(select(Message).where(Message.client_token == client_token))


def _channel(key: str) -> Channel:
    channel = CHANNELS.get(key)
    if channel is None:
        raise Refused("Choose how to send it: by SMS, by WhatsApp or by email.")
    if provider(channel.provider) is None:
        raise Refused(f"{channel.label} is not connected yet. Choose another channel.")
    return channel


def _check_template(channel: Channel, uploads: Sequence[Upload]) -> None:
    if channel.session_window is None:
        raise Refused(f"{channel.label} needs no template. Write the text yourself.")
    if uploads:
        raise Refused("A template goes without files. Remove them.")


def _content(
    tenant: Tenant, channel: Channel, text: str, subject: str, html: str | None
) -> Content:
    if not channel.has_subject:
        return Content(text)
    title = one_line(clean(subject)) or subject_of(tenant)
    if len(title) > LONGEST_SUBJECT:
        raise Refused(
            f"The subject has {len(title):,} characters; {LONGEST_SUBJECT} are taken. Shorten it."
        )
    return Content(text, title, html)


def _body(tenant: Tenant, channel: Channel, text: str, with_files: bool) -> str:
    body = clean(text).replace("\r\n", "\n").strip()
    # What is far too long is not looked at character by character.
    if channel.billed_by_segment and tenant.plain_characters and len(body) < 10_000:
        body = plain(body)
    if not body and not with_files:
        raise Refused("Write something first: the message is empty.")
    if len(body) > channel.max_length:
        raise Refused(
            f"The message has {len(body):,} characters; {channel.label} takes"
            f" {channel.max_length:,} at most. Shorten it or send it in two."
        )
    return body
