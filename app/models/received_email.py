from typing import Any

from sqlalchemy import ARRAY, BigInteger, Computed, Identity, Text, UniqueConstraint, false, true
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.tenancy import TenantOwned, owned_reference


class ReceivedEmail(TenantOwned, Model):
    """What else there is of an email that came in; text, subject and sender are its message's."""

    __tablename__ = "received_email"
    __table_args__ = (
        owned_reference("message_id", "message"),
        UniqueConstraint("tenant_id", "message_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    message_id: Mapped[int] = mapped_column(BigInteger)
    # Its Message-ID, by which an answer of ours names it; empty: it has none.
    header_id: Mapped[str]
    # The Message-IDs of what was said before it, the eldest first.
    answers: Mapped[list[str]] = mapped_column(ARRAY(Text))
    # Its text with what it quotes; empty: it quotes nothing.
    whole: Mapped[str]
    # As it was set, by whoever sent it: never shown but as app/lib/mail/letter_page.py makes it.
    html: Mapped[str] = mapped_column(deferred=True, default="", server_default="")
    has_html: Mapped[bool] = mapped_column(Computed("html <> ''"))
    # Whether pictures of it lie elsewhere: whoever loads them tells their sender that it is read.
    remote_pictures: Mapped[bool] = mapped_column(default=False, server_default=false())
    # What it invites to, as app/lib/mail/invitation.py tells it.
    invitation: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    # Whether it counts as a person's word. An absence note and a bounce do not.
    personal: Mapped[bool] = mapped_column(default=True, server_default=true())
    # Whether something of ours may answer it by itself.
    answerable: Mapped[bool]
    # Whether a person answers an email of ours: anybody can name any sender, so that nothing else
    # may confirm or cancel an appointment.
    is_reply: Mapped[bool]
