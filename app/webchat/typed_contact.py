"""How a visitor says they can be reached. Nobody has verified it: it is shown to staff as typed,
and makes nobody of theirs the visitor."""

from app.customers.contact import BadAddress, normal
from app.lib.telephone.phone import BadNumber
from app.lib.text.cleaning import clean, one_line
from app.models import ChatSession
from app.webchat.visitor_refused import VisitorRefused, Why

LONGEST = 120


def take(session: ChatSession, name: str, email: str, phone: str, country: str) -> None:
    """Keep what is not empty. The caller commits. Raises VisitorRefused, and keeps nothing."""
    named = one_line(clean(name))[:LONGEST]
    mailbox = _normal("email", email, country, Why.BAD_EMAIL)
    number = _normal("sms", phone, country, Why.BAD_PHONE)
    # Whom the business's site has signed in is called as it says.
    session.name = session.name if session.identity else named or session.name
    session.typed_email = mailbox or session.typed_email
    session.typed_phone = number or session.typed_phone


def _normal(channel: str, typed: str, country: str, wrong: Why) -> str:
    text = clean(typed).strip()
    try:
        return normal(channel, text, country) if text else ""
    except (BadAddress, BadNumber):
        raise VisitorRefused(wrong) from None
