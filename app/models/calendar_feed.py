from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Model
from app.models.staff_member import StaffMember
from app.tenancy import TenantOwned, owned_reference


class FeedShows(StrEnum):
    """What a feed tells of an appointment beside its time."""

    NAMES = "names"
    """The service, and the whole name of who comes."""
    INITIALS = "initials"
    """The service, and the first name with an initial."""
    BUSY = "busy"
    """Nothing but that somebody is booked."""


class CalendarFeed(TenantOwned, Model):
    """An address at which a calendar program reads appointments (app/appointments/feeds)."""

    __tablename__ = "calendar_feed"
    __table_args__ = (
        owned_reference("staff_member_id", "staff_member"),
        UniqueConstraint("tenant_id", "token_hash"),
        # For the foreign key: a deleted staff member is looked for here.
        Index("ix_calendar_feed_staff_member", "tenant_id", "staff_member_id"),
        CheckConstraint("shows IN ('names', 'initials', 'busy')", name="shows_known"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    # Whose appointments they are; NULL: everybody's.
    staff_member_id: Mapped[int | None]
    shows: Mapped[str]
    # SHA-256 of the secret in the address, by which it is found; and the secret sealed by the
    # vault, so that an admin can copy the address again.
    token_hash: Mapped[str]
    token_sealed: Mapped[str]
    created_at: Mapped[datetime]
    # When a program last read it, by the hour.
    read_at: Mapped[datetime | None]

    staff_member: Mapped[StaffMember | None] = relationship(viewonly=True)

    def __str__(self) -> str:
        return self.staff_member.name if self.staff_member else "All staff"
