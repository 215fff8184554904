"""A customer's email, from the webhook into the database: as any message, with what else it has in
the same statement."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from app import live
from app.channels import CHANNELS
from app.extensions import settings
from app.inbound import receive
from app.inbound.email_thread import in_thread
from app.inbound.routing import Route
from app.inbound.statement import extended, store
from app.lib.file_names import cleaned
from app.lib.safe_media import kept_as
from app.lib.text.cleaning import clean
from app.providers.contract import Received, ReceivedLetter

STATEMENT = extended(receive.STATEMENT, "email.sql")
CHANNEL = CHANNELS["email"]


def receive_email(route: Route, message: Received, now: datetime, recovered: bool = False) -> bool:
    """Store the email as of that time and tell the inbox; whether it was new.

    When this returns, it is committed. One of our own that came back changes nothing, and neither
    does one that came before. Raises SQLAlchemy's errors when the database does not take it.
    """
    if message.address and message.address == (settings().email_from or "").lower():
        return False
    # No account of Twilio's vouches for an email: its STOP stands beside the link's.
    ours = replace(route, account_sid="", own=False)
    customer_id, fresh = store(
        STATEMENT, route.tenant_id, _parameters(ours, message, now) | {"recovered": recovered}
    )
    if fresh:
        live.publish(route.tenant_id, customer_id)
    return bool(fresh)


def _parameters(route: Route, message: Received, now: datetime) -> dict[str, Any]:
    letter = message.letter or ReceivedLetter("", "")
    values = receive.parameters(route, CHANNEL, message, now)
    if not letter.nature.commands:
        values |= {"said": None, "stop": False, "start": False, "asks": False}
    return values | _of_letter(letter) | in_thread(route, message.address, letter)


def _of_letter(letter: ReceivedLetter) -> dict[str, Any]:
    return {
        "header_id": letter.id,
        "answers": list(letter.answers),
        "whole": letter.whole,
        "answerable": letter.nature.answerable,
        "is_reply": letter.nature.personal,
        "file_types": [kept_as(clean(each.content_type), each.content) for each in letter.files],
        "file_names": [cleaned(clean(each.name)) for each in letter.files],
        "contents": [each.content for each in letter.files],
    }
