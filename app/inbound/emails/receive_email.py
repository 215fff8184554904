"""A customer's email, from the webhook into the database: as any message, with what else it has in
the same statement. A machine's report of an email of ours is no message: it moves that one."""

import json
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, update

from app import live
from app.channels import CHANNELS
from app.extensions import db, settings
from app.inbound import arrived, receive
from app.inbound.emails.email_reports import settle
from app.inbound.emails.email_thread import in_thread
from app.inbound.emails.email_words import words
from app.inbound.routing import Route
from app.inbound.statement import extended, store
from app.lib.file_names import cleaned
from app.lib.mail.letter_page import has_remote_pictures
from app.lib.safe_media import kept_as
from app.lib.text.cleaning import clean
from app.models import Conversation, Tenant
from app.providers.contract import Received, ReceivedLetter
from app.tenancy import tenant_scope

STATEMENT = extended(receive.STATEMENT, "email.sql")
CHANNEL = CHANNELS["email"]
LONGEST_ID = 300


def receive_email(route: Route, message: Received, now: datetime, recovered: bool = False) -> bool:
    """Store the email as of that time and tell the inbox; whether it was new.

    When this returns, it is committed. One of our own that came back changes nothing, and neither
    does one that came before, nor a report of what we never sent. Raises SQLAlchemy's errors when
    the database does not take it.
    """
    letter = message.letter or ReceivedLetter("", "")
    if _our_own(route, message.address):
        return False
    if letter.report:
        return settle(route, letter, letter.report, now)
    # No account of Twilio's vouches for an email: its STOP stands beside the link's.
    ours = replace(route, account_sid="", own=False)
    values = _parameters(ours, message, letter, now) | {"recovered": recovered}
    customer_id, fresh = store(STATEMENT, route.tenant_id, values)
    if fresh:
        if letter.nature.personal:
            arrived.tell(route.tenant_id, customer_id)
        else:
            _not_unread(route, customer_id)
            live.publish(route.tenant_id, customer_id)
    return bool(fresh)


def _not_unread(route: Route, customer_id: int) -> None:
    """What no person wrote is shown, and calls nobody. Where this is lost, somebody reads it."""
    one_less = func.greatest(Conversation.unread_count - 1, 0)
    mine = update(Conversation).where(Conversation.customer_id == customer_id)
    with tenant_scope(route.tenant_id):
        db.session.execute(
            mine.values(unread_count=one_less).execution_options(synchronize_session=False)
        )
        db.session.commit()


def _our_own(route: Route, address: str) -> bool:
    """Whether it comes from where our emails come from, or are answered to."""
    sender, above = settings().email_from or "", settings().inbound_email_domain
    answered_there = above and address.endswith(f"@{route.slug}.{above}")
    return bool(address and (address == sender.lower() or answered_there))


def _parameters(
    route: Route, message: Received, letter: ReceivedLetter, now: datetime
) -> dict[str, Any]:
    values = receive.parameters(route, CHANNEL, message, now)
    values |= (
        words(message, letter) | _of_letter(letter) | in_thread(route, message.address, letter)
    )
    # Nor does a bounce, or what a machine says for somebody who is away, need an answer.
    values["waits"] = now if letter.nature.personal and not values["stop"] else None
    # What the business itself writes, from the mailbox where it reads answers, is no question.
    return values | ({"answerable": False} if _own_mailbox(route, message.address) else {})


def _own_mailbox(route: Route, address: str) -> bool:
    with tenant_scope(route.tenant_id):
        own = db.session.get_one(Tenant, route.tenant_id).reply_to
        db.session.rollback()
    return bool(own) and own == address


def _of_letter(letter: ReceivedLetter) -> dict[str, Any]:
    return {
        "header_id": letter.id,
        "answers": list(letter.answers),
        "whole": letter.whole,
        "html": letter.html,
        "remote_pictures": has_remote_pictures(letter.html),
        "invitation": json.dumps(letter.invitation) if letter.invitation else None,
        "answerable": letter.nature.answerable,
        "personal": letter.nature.personal,
        "is_reply": letter.nature.personal,
        "file_types": [kept_as(clean(each.content_type), each.content) for each in letter.files],
        "file_names": [cleaned(clean(each.name)) for each in letter.files],
        "content_ids": [clean(each.content_id)[:LONGEST_ID] for each in letter.files],
        "contents": [each.content for each in letter.files],
    }
