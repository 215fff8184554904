"""Notifications with all that is asked about each, by a few statements."""

from collections.abc import Collection

from sqlalchemy import ARRAY, BigInteger, any_, bindparam, select
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.models import Appointment, Customer, Notification

# What the sentences look at beside the row: with it, a list of rows needs no statements of its own
# for what has ended.
LOADS = (
    joinedload(Notification.customer).selectinload(Customer.contact_points),
    joinedload(Notification.appointment).options(
        joinedload(Appointment.service),
        joinedload(Appointment.staff_member),
        joinedload(Appointment.attendee),
    ),
    joinedload(Notification.message),
    joinedload(Notification.call),
)


def loaded(ids: Collection[int]) -> list[Notification]:
    """The notifications, in that order, with all that is looked at beside them."""
    if not ids:
        return []
    by_id = {row.id: row for row in db.session.scalars(_LOADED, {"ids": list(ids)})}
    return [by_id[id_] for id_ in ids if id_ in by_id]


_LOADED = (
    select(Notification)
    .where(Notification.id == any_(bindparam("ids", type_=ARRAY(BigInteger))))
    .options(*LOADS)
)
