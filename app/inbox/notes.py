"""What the team writes to itself in a conversation. Nothing here is ever sent."""

from datetime import datetime
from hashlib import sha256

from sqlalchemy.dialects.postgresql import insert

from app.extensions import db
from app.inbox.conversation_log import By
from app.inbox.team import mentions, notices
from app.lib.text.cleaning import clean, shows
from app.models import Note, User
from app.tenancy import current_tenant_id

LONGEST = 5_000


class BadNote(ValueError):
    """The note is empty or too long; says so in a person's words."""


def add_note(
    customer_id: int, text: str, by: By, at: datetime, client_token: str | None = None
) -> bool:
    """Keep the note, in the caller's transaction; whom a person names in it is told. A client_token
    that was used before changes nothing, unless a person wrote something else by now; whether it
    was new. Raises BadNote."""
    body, named = _body(text), list[User]()
    if by.rule_id is None:
        client_token = client_token and f"{client_token}-{sha256(body.encode()).hexdigest()[:16]}"
        body, named = mentions.kept(body)
    row = insert(Note).values(
        tenant_id=current_tenant_id(),
        customer_id=customer_id,
        body=body,
        created_at=at,
        client_token=client_token,
        **by.columns(),
    )
    kept = row.on_conflict_do_nothing(index_elements=["tenant_id", "client_token"])
    note_id = db.session.scalar(kept.returning(Note.id))
    if note_id is not None and named:
        mentions.write(note_id, named)
        notices.mention(named, note_id, customer_id, by, at)
    return note_id is not None


def _body(text: str) -> str:
    body = clean(text).replace("\r\n", "\n").strip()
    if not shows(body):
        raise BadNote("Write something first: the note is empty.")
    if len(body) > LONGEST:
        raise BadNote(
            f"The note has {len(body):,} characters; {LONGEST:,} are kept. Shorten it or write two."
        )
    return body
