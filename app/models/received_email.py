from sqlalchemy import ARRAY, BigInteger, Identity, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.tenancy import TenantOwned, owned_key, owned_reference


class ReceivedEmail(TenantOwned, Model):
    """What else there is of an email that came in; text, subject and sender are its message's."""

    __tablename__ = "received_email"
    __table_args__ = (
        owned_key(),
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
    # Whether something of ours may answer it by itself.
    answerable: Mapped[bool]
    # Whether a person answers an email of ours: anybody can name any sender, so that nothing else
    # may confirm or cancel an appointment.
    is_reply: Mapped[bool]
