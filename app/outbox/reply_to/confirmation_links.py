"""Sends the links by which mailboxes for answers are confirmed, each once."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape

from sqlalchemy import select, update

from app.channels import CHANNELS
from app.extensions import db, settings
from app.lib import shutdown
from app.lib.mail.display_name import display_name
from app.lib.mail.reply_link import signed
from app.models import Tenant
from app.outbox.compose.email_footer import spoken
from app.outbox.reply_to.reply_address import Link, keys
from app.providers import provider
from app.providers.contract import Account, Letter, Outcome, Outgoing, SendError
from app.rows.chosen_once import chosen_once

# A mail server that takes nothing now is tried again for so long, every so often.
PATIENCE, AGAIN = timedelta(hours=2), timedelta(minutes=1)
SUBJECTS = {
    "en": "Confirm where answers to {business} go",
    "es": "Confirme adónde van las respuestas a {business}",
}
TEXTS = {
    "en": "{business} wants answers to its emails to come to this mailbox. If that is right, open"
    " this link within three days and press the button there:\n\n{url}\n\nIf you know nothing of"
    " it, do nothing.",
    "es": "{business} quiere que las respuestas a sus correos lleguen a este buzón. Si es correcto,"
    " abra este enlace antes de tres días y pulse el botón:\n\n{url}\n\nSi no sabe nada de esto, no"
    " haga nada.",
}


@dataclass(frozen=True)
class Due:
    """A link that is to go out."""

    tenant_id: int
    business: str
    language: str
    address: str
    asked_at: datetime


def send_links(now: datetime) -> int:
    """Send each link that is due; how many there were."""
    done = 0
    while provider("smtp") and not shutdown.requested() and (due := _claim(now)):
        _settle(due, _send(due, now), now)
        done += 1
    return done


def _claim(now: datetime) -> Due | None:
    """The next one, committed that it is being sent: whoever dies over it has sent it or not, and
    nobody sends it again unasked."""
    first = (
        select(Tenant.id)
        .where(Tenant.reply_to_link == Link.DUE, Tenant.reply_to_link_at <= now)
        .order_by(Tenant.reply_to_link_at)
        .limit(1)
        # Whoever only refers to the business holds nothing up.
        .with_for_update(skip_locked=True, key_share=True)
    )
    taken = (
        update(Tenant)
        .where(Tenant.id.in_(chosen_once(first)))
        .values(reply_to_link=Link.SENDING, reply_to_link_at=now)
        .returning(Tenant)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    tenant = db.session.scalars(taken).one_or_none()
    due = _due(tenant, now) if tenant else None
    db.session.commit()
    return due


def _due(tenant: Tenant, now: datetime) -> Due:
    business = display_name(tenant.name) or tenant.slug
    language = spoken(tenant.locale)
    address, asked_at = tenant.reply_to_wanted or "", tenant.reply_to_asked_at or now
    return Due(tenant.id, business, language, address, asked_at)


def _send(due: Due, now: datetime) -> Link:
    carrier, server = provider("smtp"), settings().mail_server
    if carrier is None or server is None:
        return Link.DUE
    try:
        carrier.send(Account(server.user, server.password), _email(due, now))
    except SendError as error:
        if error.outcome is Outcome.UNKNOWN:
            return Link.UNSURE
        passes = error.outcome is Outcome.RETRY or error.sender_at_fault
        return Link.DUE if passes and now - due.asked_at < PATIENCE else Link.REFUSED
    return Link.SENT


def _email(due: Due, now: datetime) -> Outgoing:
    token = signed(keys(), due.tenant_id, due.address, now)
    url = f"{settings().public_url}/reply-address/{token}"
    text = TEXTS[due.language].format(business=due.business, url=url)
    link = f'<a href="{escape(url)}">{escape(url)}</a>'
    told = TEXTS[due.language].format(business=escape(due.business), url=link)
    html = "".join(f"<p>{part}</p>\n" for part in told.split("\n\n"))
    sender = settings().email_from or ""
    subject = SUBJECTS[due.language].format(business=due.business)
    letter = Letter(str(uuid.uuid4()), "KaiVox", sender, subject, html)
    return Outgoing(CHANNELS["email"], sender, due.address, text, "", letter=letter)


def _settle(due: Due, state: Link, now: datetime) -> None:
    """Unless another mailbox was entered meanwhile."""
    values = {"reply_to_link": state}
    later = {"reply_to_link_at": now + AGAIN} if state is Link.DUE else {}
    settled = (
        update(Tenant)
        .where(Tenant.id == due.tenant_id, Tenant.reply_to_wanted == due.address)
        .where(Tenant.reply_to_link == Link.SENDING)
        .values(values | later)
        .execution_options(synchronize_session=False)
    )
    db.session.execute(settled)
    db.session.commit()
