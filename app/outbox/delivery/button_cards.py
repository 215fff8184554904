"""The buttons under a reminder that goes by RCS: confirm, cannot come, call.

Twilio takes buttons in a content template alone (twilio/card), and a value in one has neither line
breaks nor runs of blanks (Twilio, 21656). So each shape of a text, its lines, is a template, with
the words of each line as a value and the text as it is for whoever has no RCS (twilio/text). The
text of the message stays what it is: a shape whose template is not made yet goes without buttons.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import InstrumentedAttribute

from app import tasks
from app.extensions import db
from app.lib.reminder_buttons import LABELS
from app.models import ButtonCard, Message, Notification, Tenant
from app.outbox.delivery.of_messages import of_messages

REMINDER = "appointment_reminder"
# What a value may not have in it.
BETWEEN = re.compile(r"(\s*[\n\t]\s*|\s{4,})")
# Of a template's 100 (Twilio, 92002).
MOST_LINES = 90
ABOUT = "about"
MESSAGE_ID = cast("InstrumentedAttribute[int]", Notification.message_id)


@dataclass(frozen=True)
class Card:
    content_sid: str
    variables: Mapping[str, str]


@dataclass(frozen=True)
class Filled:
    """A template as Twilio is told of it, and the values for one message."""

    definition: dict[str, Any]
    variables: dict[str, str]

    @property
    def digest(self) -> str:
        return hashlib.sha256(json.dumps(self.definition, sort_keys=True).encode()).hexdigest()


def filled(text: str, language: str, tenant: Tenant, about: str) -> Filled | None:
    """The card of a text in that language; about names the notification. None: it is too long."""
    parts = BETWEEN.split(text.strip())
    lines = {str(number): line for number, line in enumerate(parts[::2], start=1)}
    if not text.strip() or len(lines) > MOST_LINES:
        return None
    gaps = [f"{{{{{number}}}}}" for number in lines]
    # Between two lines stands what stood there.
    body = "".join(each for pair in zip(gaps, [*parts[1::2], ""], strict=True) for each in pair)
    card = {"body": body, "actions": _actions(language, tenant)}
    definition = {
        "friendly_name": "KaiVox reminder",
        "language": language,
        "variables": {**dict.fromkeys(lines, "…"), ABOUT: "none"},
        "types": {"twilio/card": card, "twilio/text": {"body": body}},
    }
    return Filled(definition, {**lines, ABOUT: about})


def _actions(language: str, tenant: Tenant) -> list[dict[str, str]]:
    says = LABELS[language]
    named = (("confirm", says.confirm), ("cancel", says.cancel))
    actions = [
        {"type": "QUICK_REPLY", "title": title, "id": f"{button}:{{{{{ABOUT}}}}}"}
        for button, title in named
    ]
    # Who calls the number hears somebody where calls are put through.
    if tenant.forward_calls_to and tenant.sms_from:
        call = {"type": "PHONE_NUMBER", "title": says.call, "phone": tenant.sms_from}
        actions.append({**call, "id": f"click:call:{{{{{ABOUT}}}}}"})
    return actions


def cards_of(
    messages: list[Message], tenants: Mapping[int, Tenant], now: datetime
) -> dict[int, Card]:
    """Of those that are reminders and go by a Messaging Service, where the template is made; it is
    asked for where it is not. For whoever looks across tenants."""
    wanted = _wanted([each for each in messages if each.service_sid], tenants)
    if not wanted:
        return {}
    keys = {(m.tenant_id, m.account_sid or "", card.digest): card for m, card in wanted}
    known = _known(list(keys))
    ask_for({key: card for key, card in keys.items() if key not in known}, now)
    found = {}
    for message, card in wanted:
        sid = known.get((message.tenant_id, message.account_sid or "", card.digest))
        if sid:
            found[message.id] = Card(sid, card.variables)
    return found


def _wanted(messages: list[Message], tenants: Mapping[int, Tenant]) -> list[tuple[Message, Filled]]:
    if not messages:
        return []
    query = (
        select(Notification.message_id, Notification.public_id, Notification.language)
        .where(of_messages(messages, Notification.tenant_id, MESSAGE_ID))
        .where(Notification.type == REMINDER)
    )
    about = {row.message_id: row for row in db.session.execute(query)}
    made = []
    for each in messages:
        if row := about.get(each.id):
            spoken = row.language if row.language in LABELS else "en"
            card = filled(each.body, spoken, tenants[each.tenant_id], str(row.public_id))
            made += [(each, card)] if card else []
    return made


def _known(keys: list[tuple[int, str, str]]) -> dict[tuple[int, str, str], str | None]:
    key = ButtonCard.tenant_id, ButtonCard.account_sid, ButtonCard.digest
    rows = db.session.execute(select(*key, ButtonCard.content_sid).where(tuple_(*key).in_(keys)))
    return {(row.tenant_id, row.account_sid, row.digest): row.content_sid for row in rows}


def ask_for(cards: Mapping[tuple[int, str, str], Filled], now: datetime) -> None:
    """Let these be made, by tenant, account and digest; each is asked for once. Commits."""
    if not cards:
        return
    rows = [
        {
            "tenant_id": tenant_id,
            "account_sid": account_sid,
            "digest": digest,
            "definition": card.definition,
            "ask_after": now,
            "created_at": now,
        }
        for (tenant_id, account_sid, digest), card in sorted(cards.items())
    ]
    new = insert(ButtonCard).values(rows).on_conflict_do_nothing().returning(ButtonCard.id)
    made = db.session.scalars(new).all()
    db.session.commit()
    # Whoever makes cards foresees some: it would ask for itself for ever.
    if made:
        tasks.enqueue(tasks.Task.MAKE_CARDS)
