"""Whether a new chat looks like spam: that of a program which writes to everybody. Then it begins
once its caller has worked for it (webchat/abuse/proof_of_work.py), which the panel does by itself:
nobody is turned away, and no person has to solve a riddle.

What looks so: a field filled in that no person sees; a panel that is on no site of the business's;
a first word too soon after the panel was shown; and more new chats than people begin, from an
address, from its network, or of a business by callers who were not shown its panel.
"""

import math
from datetime import timedelta

from app.extensions import settings
from app.lib.time.clock import now
from app.tenancy import current_tenant_id
from app.web.chat import chat_limits, panel_key
from app.web.chat.chat_door import Chat
from app.web.chat.given_fields import Given, text_of
from app.webchat.abuse import proof_of_work
from app.webchat.chat_sites import is_of
from app.webchat.visitor_refused import VisitorRefused, Why

# In the panel's form; no eyes, screen reader, keyboard or browser's autofill meets it there.
HONEYPOT = "website"
# Nobody has read the panel and written something before.
SOONEST = timedelta(seconds=3)


def check_session(chat: Chat, fields: Given) -> None:
    """Let in who shows a proof, and who does not look so. Raises VisitorRefused, with a
    challenge.

    A proof counts once. Where Redis is away each process counts by itself: what is allowed holds in
    each, and a proof counts once in each.
    """
    if not _proven(fields):
        try:
            _look_at(chat, fields)
        except VisitorRefused as refused:
            raise _challenged(refused) from None


def check_message(fields: Given) -> None:
    """Likewise of a message in a chat that has begun."""
    if fields.get(HONEYPOT) and not _proven(fields):
        raise _challenged(VisitorRefused(Why.PROOF_NEEDED))


def _look_at(chat: Chat, fields: Given) -> None:
    page = text_of(fields, "page_url")
    opened = panel_key.opened(text_of(fields, "key"), chat.tenant.id, now())
    # A program of the business's own has neither a panel nor a page.
    placed = bool(page) or opened is not None
    if fields.get(HONEYPOT) or (placed and not is_of(page, chat.settings.sites)):
        raise VisitorRefused(Why.PROOF_NEEDED)
    if opened is not None and (early := SOONEST - (now() - opened)) > timedelta(0):
        raise VisitorRefused(Why.TOO_FAST, math.ceil(early.total_seconds()))
    chat_limits.allow_unproven(opened is not None, chat.tenant.id)


def _proven(fields: Given) -> bool:
    keys = settings().signing_keys
    salt = proof_of_work.proven(text_of(fields, "proof"), current_tenant_id(), keys, now())
    return salt is not None and chat_limits.first_use(salt)


def _challenged(refused: VisitorRefused) -> VisitorRefused:
    keys = settings().signing_keys
    refused.challenge = proof_of_work.challenge(current_tenant_id(), keys, now())
    return refused
