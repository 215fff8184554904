"""Idempotent receiver: a customer's message from the webhook to its row, by one statement."""

from datetime import datetime
from itertools import chain
from typing import Any

from app import tasks
from app.channels import family, home
from app.channels.channel import Channel
from app.inbound import arrived, keywords
from app.inbound.routing import Route
from app.inbound.statement import ended, extended, statement, store, store_if
from app.lib.file_names import OTHER, cleaned, noun
from app.lib.telephone.phone import BadNumber, e164, variants
from app.lib.telephone.withheld import withheld
from app.lib.text.cleaning import preview, shows
from app.lib.time.clock import local_day
from app.models.message_count import ALL_DAYS, SHARDS
from app.outbox.queue.session_window import OTHERS
from app.providers.contract import Received

STATEMENT = statement("receive.sql")
USUAL = statement("receive.sql", usual=True)
USUAL_NAMED = statement("receive.sql", usual=True, named=True)
OPENING = extended(STATEMENT, "window.sql")
# By whether it opens a carrier's thread, and whether it quotes.
STATEMENTS = {
    (False, False): STATEMENT,
    (False, True): extended(STATEMENT, "quote.sql"),
    (True, False): OPENING,
    (True, True): extended(OPENING, "quote.sql"),
}
# By whether it quotes: of a channel where somebody may write by an id that is no address elsewhere.
PAIRED = {quotes: ended(STATEMENTS[False, quotes], "paired.sql") for quotes in (False, True)}
# Of a channel whose files come within its messages.
WITH_FILES = extended(STATEMENT, "files.sql")
BY_RCS = extended(STATEMENT, "rcs.sql")
EMPTY = "Sent an empty message"


def receive(
    route: Route, channel: Channel, message: Received, now: datetime, recovered: bool = False
) -> bool:
    """Store the message as of that time and tell the inbox; whether it was new.

    When this returns, it is committed. A message of a known SID changes nothing. Raises
    SQLAlchemy's errors when the database does not take it.
    """
    values = parameters(route, channel, message, now) | {"recovered": recovered}
    customer_id, fresh = _usual(route, values) or _any(route, values)
    if fresh:
        arrived.tell(route.tenant_id, customer_id)
        if message.attachments:
            tasks.enqueue(tasks.Task.FETCH_MEDIA)
        if fresh > 1:
            tasks.enqueue(tasks.Task.JOIN_IDENTITIES)
    return bool(fresh)


def _usual(route: Route, values: dict[str, Any]) -> tuple[Any, ...] | None:
    """What was stored of words from an address that is known on that channel; None: nothing, as it
    is more than that. Most are no more, and half a statement takes half the time."""
    more = ("stop", "start", "urls", "quotes", "opens_thread", "contents", "by_rcs")
    if any(values[each] for each in more) or values["forms"] != values["heard"]:
        return None
    alone = values["heard"] == [values["sender"]] and not values["first"]
    known_there = values | {"family": [values["home"]]}
    return store_if(USUAL if alone else USUAL_NAMED, route.tenant_id, known_there)


def _any(route: Route, values: dict[str, Any]) -> tuple[Any, ...]:
    if values["contents"]:
        return store(WITH_FILES, route.tenant_id, values)
    if values["has_ids"]:
        return store(PAIRED[bool(values["quotes"])], route.tenant_id, values)
    which = bool(values["opens_thread"]), bool(values["quotes"])
    sql = BY_RCS if values["by_rcs"] else STATEMENTS[which]
    return store(sql, route.tenant_id, values)


def parameters(route: Route, channel: Channel, message: Received, now: datetime) -> dict[str, Any]:
    """What the statement is told of the message."""
    address = message.address if channel.is_scoped else normal(message.address, route.country)
    hidden = withheld(address)
    # Who keeps their number back is a new customer each time, whom nobody can write to.
    theirs = [] if hidden else [address]
    heard = list(dict.fromkeys([*theirs, *message.aliases]))
    forms = heard if channel.is_scoped else chain.from_iterable(map(variants, heard))
    said = keywords.said(message.body, message.recipient, message.opt_out_type)
    text = _text(message)
    first_name, _, last_name = (message.name or "Anonymous" * hidden).partition(" ")
    return {
        "tenant": route.tenant_id,
        "sid": message.sid,
        "account": route.account_sid,
        "voucher": route.voucher,
        "channel": channel.key,
        "home": home(channel.key),
        "has_ids": channel.has_ids,
        "by_rcs": now if channel.carries else None,
        "button": message.tapped.button if message.tapped else "",
        "about": message.tapped.about if message.tapped else None,
        "family": family(channel),
        "heard": heard,
        "forms": list(dict.fromkeys(forms)),
        "sender": address,
        "recipient": message.recipient,
        "first": first_name,
        "last": last_name.strip(),
        "subject": (message.letter and message.letter.subject) or None,
        "body": text,
        "preview": preview(_titled(message, text)) or message.what or _attached(message),
        "said": said,
        "stop": said is keywords.Said.STOP,
        "start": said is keywords.Said.START,
        "asks": said is None and keywords.asks_to_stop(message.body),
        "urls": [attachment.url for attachment in message.attachments],
        "types": [attachment.content_type for attachment in message.attachments],
        # A STOP needs nobody's answer.
        "waits": None if said is keywords.Said.STOP else now,
        "opened": now if channel.session_window else None,
        "opens_thread": channel.key in OTHERS,
        "days": [ALL_DAYS, local_day(now, route.timezone)],
        "shards": SHARDS,
        "quotes": message.quotes,
        "file_types": [file.content_type for file in message.files],
        "file_names": [cleaned(file.name) for file in message.files],
        "contents": [file.content for file in message.files],
        "now": now,
    }


def normal(address: str, country: str) -> str:
    """E.164 where it is a number, in the form they wrote from; a WhatsApp user id or a short code
    stays as it is."""
    try:
        read = e164(address, country) if address.startswith("+") else address
    except BadNumber:
        return address
    return address if address in variants(read) else read


def _text(message: Received) -> str:
    """What they said; where nobody would see anything of it what they sent, unless that is seen."""
    if shows(message.body):
        return message.body
    return "" if _types(message) else message.what or EMPTY


def _attached(message: Received) -> str:
    kinds = set(map(noun, _types(message)))
    return kinds.pop() if len(kinds) == 1 else OTHER if kinds else ""


def _types(message: Received) -> list[str]:
    """Of the files that came with it, or within it."""
    within = (*message.files, *(message.letter.files if message.letter else ()))
    return [each.content_type for each in message.attachments] + [f.content_type for f in within]


def _titled(message: Received, text: str) -> str:
    subject = message.letter.subject if message.letter else ""
    return f"{subject}: {text}" if subject and text else subject or text
