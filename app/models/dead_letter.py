from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.tenancy import TenantOwned, owned_reference


class DeadLetter(TenantOwned, Model):
    """Work that was tried as often as makes sense and waits for the operator.

    It is a message of ours, an attachment, or a message that the carrier has and that we could
    not store, by its SID. Only of the last kind there are rows before the last try ("trying"),
    as there is no other row that could count; discarded, it is not tried again.
    """

    __tablename__ = "parked"
    __table_args__ = (
        owned_reference("message_id", "message"),
        owned_reference("media_id", "media"),
        UniqueConstraint("tenant_id", "message_id"),
        UniqueConstraint("tenant_id", "media_id"),
        UniqueConstraint("tenant_id", "sid"),
        CheckConstraint("num_nonnulls(message_id, media_id, sid) = 1", name="one_kind"),
        CheckConstraint("state IN ('trying', 'parked', 'discarded')", name="state_known"),
        Index("ix_parked_to_show", "id", postgresql_where=text("state = 'parked'")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    message_id: Mapped[int | None] = mapped_column(BigInteger)
    media_id: Mapped[int | None] = mapped_column(BigInteger)
    sid: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="parked", server_default="parked")
    attempts: Mapped[int]
    # An error's class and place, or a sentence of ours; never what a customer wrote.
    reason: Mapped[str]
    since: Mapped[datetime]
