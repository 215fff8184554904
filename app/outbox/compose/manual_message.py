"""A message that staff wrote becomes a row of the outbox, once (idempotency key), or is refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError

from app import live, tasks
from app.channels import CHANNELS, home
from app.channels.channel import Channel
from app.extensions import db
from app.inbox.reading import quoted_messages
from app.lib.text.cleaning import clean, one_line
from app.lib.text.homoglyphs import plain
from app.models import Customer, DraftFile, Message, Tenant
from app.outbox import transitions
from app.outbox.compose import attachments, draft_files, drafts, posted_before
from app.outbox.compose.approved_template import Filled
from app.outbox.compose.attachments import Checked, Upload
from app.outbox.compose.content import Content
from app.outbox.compose.delivery_route import DeliveryRoute, route, route_of_text
from app.outbox.compose.drafts import InDraft
from app.outbox.compose.email_footer import LONGEST_SUBJECT, answer_to, subject_of
from app.outbox.compose.ledger import enter
from app.outbox.refused import Refused
from app.providers import provider
from app.tenancy import current_tenant_id

SCHEDULED = (
    "This message is scheduled already, and stands in the conversation: send it now or change it"
    " there."
)


@dataclass(frozen=True)
class Prepared:
    """A message that can be sent."""

    path: DeliveryRoute
    content: Content
    files: Sequence[Checked] = ()
    kept: Sequence[DraftFile] = ()
    """Those of the files that wait in a draft; they are the last ones."""


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
    draft: InDraft | None = None,
    answers: int | None = None,
) -> Message:
    """Put a message to the customer into the outbox, commit it and enqueue the worker.

    It leaves when the tenant's time to take it back is over. A client_token that was used before
    gives the message that it made. A template takes the place of the body; the subject is an
    email's, and html what it said beside the body when it was sent before. A draft that it is sent
    from is gone with it. answers: the message of theirs that it answers. Raises Refused
    (SentAlready for what is no repetition, though it looks like one), and NoSuchFile for a file
    that is none of the draft's.
    """
    said = None if template else body
    if known := posted_before.message(client_token):
        return posted_before.same(known, customer.id, said)
    if posted_before.scheduled(client_token):
        # The answer to a form that was to go later was lost, and it is posted again for now.
        raise Refused(SCHEDULED)
    prepared = prepare(
        customer, channel_key, body, now, uploads, template, subject, html=html, draft=draft
    )
    tenant = db.session.get_one(Tenant, current_tenant_id())
    leaves = now + timedelta(seconds=tenant.undo_seconds)
    try:
        message = put(customer, prepared, now, leaves, author_id, client_token, again_of)
        quoted_messages.remember(message, answers)
        if draft:
            drafts.sent(draft, customer.id, prepared.kept)
            db.session.flush()
    except IntegrityError:
        # The same form, posted twice at once: the other one has just made the message.
        db.session.rollback()
        if known := posted_before.message(client_token):
            return posted_before.same(known, customer.id, said)
        raise
    db.session.commit()
    tasks.enqueue(tasks.Task.DRAIN_OUTBOX)
    live.publish(message.tenant_id, customer.id)
    return message


def prepare(
    customer: Customer,
    channel_key: str,
    body: str,
    now: datetime,
    uploads: Sequence[Upload] = (),
    template: Filled | None = None,
    subject: str = "",
    html: str | None = None,
    draft: InDraft | None = None,
) -> Prepared:
    """The message as it would leave now. Raises Refused and NoSuchFile, as for `compose`."""
    chosen = _channel(channel_key)
    tenant = db.session.get_one(Tenant, current_tenant_id())
    if template:
        _check_template(chosen, uploads)
        path = route(customer, tenant, chosen)
    else:
        path = route_of_text(customer, tenant, chosen, now, by_hand=True)
    kept = draft_files.named(draft.user_id, customer.id, draft.file_ids) if draft else []
    uploads = [*uploads, *(Upload(file.name, file.content) for file in kept)]
    files = attachments.checked(path.channel, uploads)
    if template:
        return Prepared(path, Content(template.text, template=template))
    text = _body(tenant, path.channel, body, bool(files))
    return Prepared(
        path, _content(customer, tenant, path.channel, text, subject, html), files, kept
    )


def put(
    customer: Customer,
    prepared: Prepared,
    now: datetime,
    send_after: datetime,
    author_id: int | None,
    client_token: str | None,
    again_of: int | None = None,
    by_hand: bool = True,
) -> Message:
    """Enter it into the outbox, in the caller's transaction. Raises IntegrityError where the
    client_token was used before."""
    path = prepared.path
    message = transitions.queue(
        customer_id=customer.id,
        channel=path.channel.key,
        **prepared.content.columns(),
        sender=path.sender,
        recipient=path.recipient,
        fell_back_from=path.fell_back_from,
        created_at=now,
        send_after=send_after,
        author_id=author_id,
        client_token=client_token,
        again_of_id=again_of,
    )
    enter(message, by_hand=by_hand)
    db.session.add_all(attachments.rows(prepared.files, message, now))
    db.session.flush()
    return message


def _channel(key: str) -> Channel:
    channel = CHANNELS.get(home(key))
    if channel is None:
        raise Refused("Choose how to send it: by SMS, by WhatsApp or by email.")
    if provider(channel.provider) is None:
        raise Refused(f"{channel.label} is not connected yet. Choose another channel.")
    return channel


def _check_template(channel: Channel, uploads: Sequence[Upload]) -> None:
    if not channel.picks_templates:
        raise Refused(f"{channel.label} needs no template. Write the text yourself.")
    if uploads:
        raise Refused("A template goes without files. Remove them.")


def _content(
    customer: Customer,
    tenant: Tenant,
    channel: Channel,
    text: str,
    subject: str,
    html: str | None,
) -> Content:
    if not channel.has_subject:
        return Content(text)
    title = one_line(clean(subject)) or answer_to(customer.id) or subject_of(tenant)
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
