from datetime import datetime

from sqlalchemy import BigInteger, Identity, Index, Text, UniqueConstraint, false, func
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.tenancy import TenantOwned


class ChannelAccount(TenantOwned, Model):
    """The account that a business writes from on a channel whose addresses the carrier makes up: a
    Facebook page, an Instagram account."""

    __tablename__ = "channel_account"
    __table_args__ = (
        # One to begin with, as of numbers.
        UniqueConstraint("tenant_id", "channel"),
        # It is known whose an answer is: webhooks name an account, and no business.
        UniqueConstraint("channel", "address"),
        Index(None, "check_at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    channel: Mapped[str]
    # The carrier's id of it, as its webhooks name it.
    address: Mapped[str]
    # What the carrier's calls name instead: the page that an Instagram account is linked to.
    node: Mapped[str]
    name: Mapped[str] = mapped_column(default="", server_default="")
    token_sealed: Mapped[str]
    # NULL: it lasts until somebody ends it.
    token_ends_at: Mapped[datetime | None]
    # What the carrier tells us of, as it said last.
    subscribed: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list, server_default="{}")
    # Whether the business's app may answer for seven days what a person types (HUMAN_AGENT).
    human_agent: Mapped[bool] = mapped_column(default=False, server_default=false())
    connected_at: Mapped[datetime] = mapped_column(server_default=func.now())
    # Why it has to be connected again, in a sentence; NULL: it works.
    trouble: Mapped[str | None]
    # What may soon keep it from working, likewise.
    warning: Mapped[str | None]
    # When the carrier is asked next whether all is as it should be.
    check_at: Mapped[datetime] = mapped_column(server_default=func.now())

    def __str__(self) -> str:
        return self.name or self.address
