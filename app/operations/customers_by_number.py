"""Customers of any business, found by their whole telephone number: for the operator, to whom
somebody complains."""

from dataclasses import dataclass

import structlog
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.audit.audit_record import record_in
from app.channels import CHANNELS
from app.extensions import db
from app.lib.telephone.phone import forms
from app.models import AuditAction, ContactPoint, Customer, Tenant
from app.tenancy import unscoped

MOST = 50

log = structlog.get_logger()


@dataclass(frozen=True)
class Found:
    tenant_id: int
    business: str
    customer_id: int
    customer: str
    channels: tuple[str, ...]
    """By which they are known under that number."""


def find(number: str, operator_id: int) -> list[Found] | None:
    """Whoever has the number, by business; None where it is no whole number of any country that
    a business is in.

    Who looked, and which customers they were shown, is logged; the number is not.
    """
    with unscoped("the operator finds a customer of any business by a number"):
        addresses = _addresses(number)
        found = _found(addresses) if addresses else []
    for each in found:
        record_in(each.tenant_id, AuditAction.SOUGHT, customer_id=each.customer_id)
    db.session.commit()
    shown = [(each.tenant_id, each.customer_id) for each in found]
    log.info("customer_sought", operator=operator_id, shown=shown)
    return found if addresses else None


def _addresses(number: str) -> set[str]:
    countries = db.session.scalars(select(Tenant.country).distinct())
    return {form for country in countries for form in forms(number, country)}


def _found(addresses: set[str]) -> list[Found]:
    # With each business and channel, by the unique key of addresses.
    query = (
        select(ContactPoint, Tenant)
        .join(Tenant, Tenant.id == ContactPoint.tenant_id)
        .where(ContactPoint.channel.in_(CHANNELS), ContactPoint.address.in_(addresses))
        .options(joinedload(ContactPoint.customer).selectinload(Customer.contact_points))
        .order_by(Tenant.name, Tenant.id, ContactPoint.id)
        .limit(MOST)
    )
    people: dict[tuple[int, int], Found] = {}
    for point, tenant in db.session.execute(query):
        key = tenant.id, point.customer_id
        before = people[key].channels if key in people else ()
        people[key] = Found(
            tenant.id, tenant.name, point.customer_id, point.customer.name, (*before, point.channel)
        )
    return list(people.values())
