from sqlalchemy import CheckConstraint, Index, column, func
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Model
from app.models.user import User
from app.tenancy import TenantOwned, owned_reference


class CannedReply(TenantOwned, Model):
    """A text that staff insert by its shortcut, with the customer's data filled in."""

    __tablename__ = "canned_reply"
    __table_args__ = (
        owned_reference("user_id", "user"),
        # One shortcut is one text to whoever types it, among the team's and among their own.
        Index(
            "uq_canned_reply_shortcut",
            "tenant_id",
            func.coalesce(column("user_id"), 0),
            "shortcut",
            unique=True,
        ),
        CheckConstraint("shortcut ~ '^[a-z0-9][a-z0-9-]*$'", name="shortcut_form"),
        # For the foreign key: a deleted user is looked for here.
        Index("ix_canned_reply_user", "tenant_id", "user_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # Whose it is; NULL: the team's.
    user_id: Mapped[int | None]
    title: Mapped[str]
    # What is typed after a slash.
    shortcut: Mapped[str]
    # Liquid.
    body: Mapped[str]

    user: Mapped[User | None] = relationship(viewonly=True)

    def __str__(self) -> str:
        return self.title
