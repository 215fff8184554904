"""People whom the business serves."""

from collections.abc import Sequence

from marshmallow import Schema, ValidationError, fields, validate
from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import selectinload

from app.customers import add, contact
from app.customers.edit_details import LONGEST, BadDetail, take_details
from app.extensions import db
from app.lib.telephone.phone import BadNumber
from app.models import ContactPoint, Customer, Tenant
from app.outbox.queue.opt_out import ask_ahead, refusal
from app.tenancy import current_tenant_id
from app.web.api.fields import Filter, Id, Instant
from app.web.api.resource import Change, New, Resource, Said, refused
from app.web.guards.problem import Problem

ANOTHERS = "Customer {} has this already."


class ContactPointShown(Schema):
    channel = fields.String(required=True)
    address = fields.String(required=True)
    stopped = fields.Method(
        "_stopped",
        metadata={"type": "boolean", "description": "Whether they want no messages there."},
        required=True,
    )
    invalid_since = Instant(
        required=True,
        allow_none=True,
        metadata={"description": "Since when emails come back from there."},
    )

    def _stopped(self, point: ContactPoint) -> bool:
        return bool(refusal(point.channel, point.address))


class CustomerShown(Schema):
    id = Id(required=True)
    first_name = fields.String(required=True)
    last_name = fields.String(required=True)
    language = fields.String(required=True, allow_none=True)
    preferred_channel = fields.String(required=True, allow_none=True)
    timezone = fields.String(required=True, allow_none=True)
    external_id = fields.String(
        required=True, allow_none=True, metadata={"description": "Your own number for them."}
    )
    notes = fields.String(required=True)
    reached_through_id = Id(
        required=True, allow_none=True, metadata={"description": "Who is written to about them."}
    )
    contact_points = fields.List(fields.Nested(ContactPointShown), required=True)
    created_at = Instant(required=True)


class CustomerChanges(Schema):
    first_name = fields.String(validate=validate.Length(max=LONGEST["first_name"]))
    last_name = fields.String(validate=validate.Length(max=LONGEST["last_name"]))
    language = fields.String(allow_none=True, metadata={"description": "A code such as en or es."})
    preferred_channel = fields.String(allow_none=True)
    notes = fields.String(validate=validate.Length(max=LONGEST["notes"]))
    external_id = fields.String(allow_none=True, validate=validate.Length(min=1, max=100))


class CustomerNew(CustomerChanges):
    phone = fields.String(metadata={"description": "With its country code, or of the business’s."})
    email = fields.String()


def make(said: Said, _name: str | None) -> Customer:
    """Raises Problem: 409 where somebody has the number, the email or the external_id."""
    points = _addresses(said)
    _refuse_known(points, said.get("external_id"))
    customer = Customer(contact_points=points)
    db.session.add(customer)
    _take(customer, said)
    return customer


def change(customer: Customer, said: Said) -> None:
    _take(customer, said)
    db.session.commit()


def _take(customer: Customer, said: Said) -> None:
    if "external_id" in said:
        customer.external_id = said["external_id"]
    try:
        take_details(customer, said)
        db.session.flush()
    except BadDetail as error:
        raise Problem(422, str(error)) from None
    except IntegrityError:
        db.session.rollback()
        raise Problem(409, "Another customer has this external_id, number or email.") from None


def _addresses(said: Said) -> list[ContactPoint]:
    country = db.session.get_one(Tenant, current_tenant_id()).country
    points = []
    for field, channel in (("phone", "sms"), ("email", "email")):
        if field in said:
            try:
                address = contact.normal(channel, said[field], country)
            except (BadNumber, contact.BadAddress) as error:
                raise refused(field, f"{error}.") from None
            points.append(ContactPoint(channel=channel, address=address))
    if not points and not (said.get("first_name") or said.get("last_name")):
        raise Problem(422, "Give a name, a phone or an email at least.")
    return points


def _refuse_known(points: Sequence[ContactPoint], external_id: str | None) -> None:
    known = [add.by_address(each.channel, each.address) for each in points]
    known += [add.by_phone(each.address) for each in points if each.channel == "sms"]
    if external_id:
        same = select(Customer).where(Customer.external_id == external_id)
        known.append(db.session.scalar(same))
    if found := next(filter(None, known), None):
        raise Problem(409, ANOTHERS.format(found.id))


def _address(text: str) -> ColumnElement[bool]:
    """As it is stored: E.164, or an email in small letters."""
    if not text.strip():
        raise ValidationError("give a number or an email")
    mine = ContactPoint.tenant_id == Customer.tenant_id, ContactPoint.customer_id == Customer.id
    return exists().where(*mine, ContactPoint.address == text)


RESOURCE = Resource(
    name="customers",
    one="customer",
    model=Customer,
    shown=CustomerShown,
    reads="customers:read",
    writes="customers:write",
    tells_changes=True,
    new=New(CustomerNew, make),
    change=Change(CustomerChanges, change),
    filters={
        "external_id": Filter(lambda text: Customer.external_id == text),
        "address": Filter(_address),
    },
    which=(Customer.merged_into_id.is_(None),),
    loads=(selectinload(Customer.contact_points),),
    ahead=ask_ahead,
)
