from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Model
from app.models.customer import Customer
from app.models.service import Service
from app.models.staff_member import StaffMember
from app.tenancy import TenantOwned, owned_reference


class AppointmentStatus(StrEnum):
    SCHEDULED = "scheduled"
    CONFIRMED = "confirmed"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"


class Appointment(TenantOwned, Model):
    """A customer's time with the business."""

    __tablename__ = "appointment"
    __table_args__ = (
        owned_reference("customer_id", "customer"),
        owned_reference("attendee_id", "customer"),
        owned_reference("service_id", "service", ondelete="SET NULL (service_id)"),
        owned_reference("staff_member_id", "staff_member", ondelete="SET NULL (staff_member_id)"),
        UniqueConstraint("tenant_id", "external_id"),
        # A form posted twice is one appointment.
        UniqueConstraint("tenant_id", "client_token"),
        CheckConstraint(
            "status IN ('scheduled', 'confirmed', 'completed', 'cancelled', 'no_show')",
            name="status_known",
        ),
        CheckConstraint("attendee_id <> customer_id", name="attended_by_another"),
        CheckConstraint("attendee_id IS NULL OR attendee_name = ''", name="attendee_is_one"),
        CheckConstraint("duration_minutes BETWEEN 1 AND 1440", name="duration_within_a_day"),
        Index("ix_appointment_calendar", "tenant_id", "starts_at"),
        Index("ix_appointment_customer", "tenant_id", "customer_id", "starts_at"),
        Index(
            "ix_appointment_attendee",
            "tenant_id",
            "attendee_id",
            "starts_at",
            postgresql_where=text("attendee_id IS NOT NULL"),
        ),
        Index(
            "ix_appointment_unplanned",
            "starts_at",
            postgresql_where=text("planned_for IS DISTINCT FROM starts_at"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # With whom it was agreed, and who is written to about it.
    customer_id: Mapped[int]
    # Who comes, where that is somebody else: another customer, or only a name
    # (docs/adr/0029-shared-numbers.md).
    attendee_id: Mapped[int | None]
    attendee_name: Mapped[str] = mapped_column(default="", server_default="")
    service_id: Mapped[int | None]
    staff_member_id: Mapped[int | None]
    starts_at: Mapped[datetime]
    duration_minutes: Mapped[int] = mapped_column(default=60)
    status: Mapped[str] = mapped_column(default=AppointmentStatus.SCHEDULED)
    source: Mapped[str] = mapped_column(default="staff")
    notes: Mapped[str] = mapped_column(default="", server_default="")
    external_id: Mapped[str | None]
    client_token: Mapped[str | None]
    # How often its customer has moved it by its link.
    customer_moves: Mapped[int] = mapped_column(default=0, server_default="0")
    # When its present start was agreed on.
    booked_at: Mapped[datetime] = mapped_column(server_default=func.now())
    # The start that its notifications were planned for; null: they are to be planned anew.
    planned_for: Mapped[datetime | None]
    # How many seconds its zone was ahead of UTC then, by the rules of that day, and at which start:
    # an older program, which moves it, knows of neither.
    planned_offset: Mapped[int | None]
    offset_for: Mapped[datetime | None]
    # Which telling of its present start that was (a revision; see Notification).
    telling: Mapped[int] = mapped_column(default=0, server_default="0")
    # The start that its customer took it to have then, by word of mouth or by message; none: that
    # it was cancelled. Null since when: nobody has noted it.
    known_start: Mapped[datetime | None]
    known_at: Mapped[datetime | None]
    # From when on they are told by message what has changed since; null: they are not.
    tell_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())

    customer: Mapped[Customer] = relationship(
        overlaps="service,staff_member",
        foreign_keys="Appointment.tenant_id, Appointment.customer_id",
    )
    attendee: Mapped[Customer | None] = relationship(
        viewonly=True, foreign_keys="Appointment.tenant_id, Appointment.attendee_id"
    )
    service: Mapped[Service | None] = relationship(overlaps="customer,staff_member")
    staff_member: Mapped[StaffMember | None] = relationship(overlaps="customer,service")

    @property
    def who_comes(self) -> str:
        """The name of its attendee; empty where the customer comes."""
        attendee = self.attendee if self.attendee_id else None
        return attendee.name if attendee else self.attendee_name

    @property
    def agreed_start(self) -> datetime | None:
        """Its start; none where it is cancelled."""
        return None if self.status == AppointmentStatus.CANCELLED else self.starts_at

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.duration_minutes)
