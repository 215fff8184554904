"""A tenant cannot be forgotten (docs/adr): whatever is asked of a session, one tenant answers."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import (
    Integer,
    Select,
    case,
    cast,
    delete,
    exists,
    func,
    insert,
    literal,
    select,
    true,
    tuple_,
    union,
    union_all,
    update,
)
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import (
    Bundle,
    aliased,
    contains_eager,
    joinedload,
    load_only,
    selectinload,
    subqueryload,
    with_parent,
)

from app.extensions import db
from app.models import Appointment, ContactPoint, Customer, Tenant
from app.models import Service as Offer
from app.tenancy import NotNarrowed, TenantMissing, tenant_scope, unscoped
from tests.support.world import Business

QUIET = {"synchronize_session": False}

Probe = Callable[[int, int], Any]

# The forms of query. Each probe gives the tenants that it saw; it is told the stranger's
# customer and tenant. `probe(name)(theirs, stranger)`.
QUERIES: dict[str, Probe] = {
    "entities": lambda c, t: [x.tenant_id for x in db.session.scalars(select(Customer))],
    "columns": lambda c, t: db.session.scalars(select(Customer.tenant_id)).all(),
    "a label": lambda c, t: db.session.scalars(select(Customer.tenant_id.label("x"))).all(),
    "arithmetic": lambda c, t: db.session.scalars(select(Customer.tenant_id + 0)).all(),
    "a cast": lambda c, t: db.session.scalars(select(cast(Customer.tenant_id, Integer))).all(),
    "a function": lambda c, t: db.session.scalars(select(func.min(Customer.tenant_id))).all(),
    "a bundle": lambda c, t: [
        row[0].tenant_id for row in db.session.execute(select(Bundle("b", Customer.tenant_id)))
    ],
    "load_only": lambda c, t: [
        x.tenant_id for x in db.session.scalars(select(Customer).options(load_only(Customer.id)))
    ],
    "in portions": lambda c, t: [
        x.tenant_id for x in db.session.scalars(select(Customer).execution_options(yield_per=1))
    ],
    "pages": lambda c, t: [x.tenant_id for x in db.paginate(select(Customer)).items],
    "a join by a relation": lambda c, t: db.session.scalars(
        select(Appointment.tenant_id).join(Appointment.customer)
    ).all(),
    "a join from a shared table": lambda c, t: db.session.scalars(
        select(ContactPoint.tenant_id).join_from(
            Tenant, ContactPoint, ContactPoint.tenant_id == Tenant.id
        )
    ).all(),
    "an outer join": lambda c, t: db.session.scalars(
        select(ContactPoint.tenant_id)
        .select_from(Tenant)
        .outerjoin(ContactPoint, ContactPoint.tenant_id == Tenant.id)
    ).all(),
    "a lateral join": lambda c, t: db.session.scalars(_lateral()).all(),
    "an alias": lambda c, t: [x.tenant_id for x in db.session.scalars(select(aliased(Customer)))],
    "a column of an alias": lambda c, t: db.session.scalars(
        select(aliased(Customer).tenant_id)
    ).all(),
    "a subquery": lambda c, t: db.session.scalars(
        select(select(Customer).subquery().c.tenant_id)
    ).all(),
    "an alias of a subquery": lambda c, t: [
        x.tenant_id
        for x in db.session.scalars(select(aliased(Customer, select(Customer).subquery())))
    ],
    "a CTE": lambda c, t: db.session.scalars(
        select(select(Customer.tenant_id).cte().c.tenant_id)
    ).all(),
    "a recursive CTE": lambda c, t: db.session.scalars(
        select(
            select(Customer.tenant_id)
            .cte(recursive=True)
            .union(select(ContactPoint.tenant_id))
            .c.tenant_id
        )
    ).all(),
    "a union": lambda c, t: [
        row.tenant_id for row in db.session.execute(union(select(Customer), select(Customer)))
    ],
    "a union of columns": lambda c, t: db.session.scalars(
        union_all(select(Customer.tenant_id), select(ContactPoint.tenant_id))
    ).all(),
    "entities from a union": lambda c, t: [
        x.tenant_id
        for x in db.session.scalars(
            select(Customer).from_statement(union(select(Customer), select(Customer)))
        )
    ],
    "in a subselect": lambda c, t: db.session.scalars(
        select(Tenant.id).where(Tenant.id.in_(select(Customer.tenant_id)))
    ).all(),
    "a tuple in a subselect": lambda c, t: db.session.scalars(
        select(Tenant.id).where(tuple_(Tenant.id).in_(select(Customer.tenant_id)))
    ).all(),
    "in a union": lambda c, t: db.session.scalars(
        select(Tenant.id).where(
            Tenant.id.in_(union(select(Customer.tenant_id), select(ContactPoint.tenant_id)))
        )
    ).all(),
    "a scalar subquery": lambda c, t: db.session.scalars(
        select(select(Customer.tenant_id).where(Customer.tenant_id == t).limit(1).scalar_subquery())
    ).all(),
    "exists of another table": lambda c, t: db.session.scalars(
        select(Tenant.id).where(exists().where(Customer.tenant_id == Tenant.id))
    ).all(),
    "exists alone": lambda c, t: _seen(t, db.session.scalar(select(_there(c)))),
    "exists in a case": lambda c, t: db.session.scalars(
        select(case((_there(c), t), else_=None))
    ).all(),
    "any of a relation": lambda c, t: db.session.scalars(
        select(Customer.tenant_id).where(Customer.contact_points.any())
    ).all(),
    "a count": lambda c, t: _seen(
        t, db.session.scalar(select(func.count()).select_from(Customer).where(Customer.id == c))
    ),
    "a count of a column": lambda c, t: _seen(
        t, db.session.scalar(select(func.count(Customer.id)).where(Customer.id == c))
    ),
    "get": lambda c, t: _tenants(db.session.get(Customer, c)),
    "get with options": lambda c, t: _tenants(
        db.session.get(Customer, c, options=[selectinload(Customer.contact_points)])
    ),
    "get anew": lambda c, t: _tenants(db.session.get(Customer, c, populate_existing=True)),
    "get for update": lambda c, t: _tenants(db.session.get(Customer, c, with_for_update=True)),
    "refresh": lambda c, t: [_refreshed(x).tenant_id for x in db.session.scalars(select(Customer))],
    "legacy query": lambda c, t: [x.tenant_id for x in db.session.query(Customer)],
    "legacy query of the model": lambda c, t: [x.tenant_id for x in Customer.query],
    "legacy count": lambda c, t: _seen(
        t, db.session.query(Customer).filter(Customer.id == c).count()
    ),
    "legacy exists": lambda c, t: _seen(
        t,
        db.session.query(db.session.query(Customer).filter(Customer.id == c).exists()).scalar(),
    ),
    "contains_eager": lambda c, t: _points(
        select(Customer)
        .join(Customer.contact_points)
        .options(contains_eager(Customer.contact_points))
    ),
    "joinedload": lambda c, t: _points(
        select(Customer).options(joinedload(Customer.contact_points))
    ),
    "selectinload": lambda c, t: _points(
        select(Customer).options(selectinload(Customer.contact_points))
    ),
    "subqueryload": lambda c, t: _points(
        select(Customer).options(subqueryload(Customer.contact_points))
    ),
    "a lazy relation": lambda c, t: _points(select(Customer)),
    "with_parent": lambda c, t: [
        point.tenant_id
        for customer in db.session.scalars(select(Customer)).all()
        for point in db.session.scalars(
            select(ContactPoint).where(with_parent(customer, Customer.contact_points))
        )
    ],
    "update": lambda c, t: db.session.scalars(
        update(Customer).values(notes="x").returning(Customer.tenant_id)
    ).all(),
    "update unsynchronised": lambda c, t: db.session.scalars(
        update(Customer).values(notes="x").returning(Customer.tenant_id).execution_options(**QUIET)
    ).all(),
    "update by a subselect": lambda c, t: _seen(
        t,
        db.session.execute(
            update(Customer)
            .where(Customer.id.in_(select(aliased(Customer).id)), Customer.id == c)
            .values(notes="x")
            .execution_options(**QUIET)
        ).rowcount,
    ),
    "update of a shared table by a subselect": lambda c, t: db.session.scalars(
        update(Tenant)
        .where(Tenant.id.in_(select(Customer.tenant_id)))
        .values(name="x")
        .returning(Tenant.id)
        .execution_options(**QUIET)
    ).all(),
    "legacy update": lambda c, t: _seen(
        t,
        db.session.query(Customer)
        .filter(Customer.id == c)
        .update({"notes": "x"}, synchronize_session=False),
    ),
    "delete": lambda c, t: db.session.scalars(
        delete(ContactPoint).returning(ContactPoint.tenant_id).execution_options(**QUIET)
    ).all(),
    "legacy delete": lambda c, t: _seen(
        t,
        db.session.query(ContactPoint)
        .filter(ContactPoint.customer_id == c)
        .delete(synchronize_session=False),
    ),
    "insert from select": lambda c, t: db.session.scalars(
        insert(Offer)
        .from_select(["tenant_id", "name"], select(Customer.tenant_id, literal("x")))
        .returning(Offer.tenant_id)
    ).all(),
}

# Forms that the criteria does not reach: they are refused, whoever asks.
REFUSED: dict[str, Probe] = {
    "a plain table": lambda c, t: db.session.execute(select(Customer.__table__)),
    "a column of a plain table": lambda c, t: db.session.execute(
        select(Customer.__table__.c.tenant_id)
    ),
    "a plain table in a subselect": lambda c, t: db.session.execute(
        select(Tenant.id).where(Tenant.id.in_(select(Customer.__table__.c.tenant_id)))
    ),
    "a window function": lambda c, t: db.session.execute(
        select(func.lag(Customer.tenant_id).over())
    ),
    "a window function in a subselect": lambda c, t: db.session.execute(
        select(Tenant.id).where(Tenant.id.in_(select(func.min(Customer.tenant_id).over())))
    ),
    "an aggregate with a filter": lambda c, t: db.session.execute(
        select(func.count().filter(Customer.id == c))
    ),
    "an ordered aggregate": lambda c, t: db.session.execute(
        select(func.percentile_disc(0.5).within_group(Customer.tenant_id))
    ),
    "a function as a table": lambda c, t: db.session.execute(
        select(func.unnest(func.array_agg(Customer.tenant_id)).column_valued("x"))
    ),
    "an update from a second table": lambda c, t: db.session.execute(
        update(Tenant)
        .where(Tenant.id == Customer.tenant_id)
        .values(name="x")
        .execution_options(**QUIET)
    ),
    "an update from an alias of its table": lambda c, t: db.session.execute(
        update(Customer)
        .where(aliased(Customer).id == c)
        .values(notes="x")
        .execution_options(**QUIET)
    ),
    "a delete with a second table": lambda c, t: db.session.execute(
        delete(Tenant).where(Tenant.id == Customer.tenant_id).execution_options(**QUIET)
    ),
    "an update by a list of keys": lambda c, t: db.session.execute(
        update(Customer), [{"id": c, "notes": "x"}]
    ),
    "an update of a plain table": lambda c, t: db.session.execute(
        update(Customer.__table__).values(notes="x")
    ),
    "a delete of a plain table": lambda c, t: db.session.execute(delete(Customer.__table__)),
    "an insert into a plain table": lambda c, t: db.session.execute(
        insert(Customer.__table__).values(tenant_id=t)
    ),
}


def _lateral() -> Select[Any]:
    of_tenant = select(Customer.tenant_id).where(Customer.tenant_id == Tenant.id).lateral()
    return select(of_tenant.c.tenant_id).select_from(Tenant).join(of_tenant, true())


def _there(customer_id: int) -> Any:
    return select(Customer.id).where(Customer.id == customer_id).exists()


def _seen(stranger: int, evidence: Any) -> list[int]:
    return [stranger] if evidence else []


def _tenants(row: Any) -> list[int]:
    return [row.tenant_id] if row else []


def _refreshed(row: Customer) -> Customer:
    db.session.refresh(row)
    return row


def _points(query: Select[Any]) -> list[int]:
    customers = db.session.scalars(query).unique().all()
    return [point.tenant_id for customer in customers for point in customer.contact_points]


def _rolled_back(probe: Probe, *arguments: int) -> list[int]:
    try:
        return [tenant for tenant in probe(*arguments) if tenant is not None]
    finally:
        db.session.rollback()
        db.session.remove()


def _missing(probe: Probe, *arguments: int) -> bool:
    """Whether it was refused because no tenant is in scope."""
    try:
        _rolled_back(probe, *arguments)
    except TenantMissing:
        return True
    except StatementError as error:
        return isinstance(error.orig, TenantMissing)
    return False


def test_every_form_of_query_sees_one_tenant(salon: Business, garage: Business) -> None:
    with unscoped("the premise: there is something of the stranger's to see"):
        assert _rolled_back(QUERIES["get"], garage.customer_id, garage.id) == [garage.id]
    with tenant_scope(salon.id):
        leaks = {
            name: seen
            for name, probe in QUERIES.items()
            if set(seen := _rolled_back(probe, garage.customer_id, garage.id)) - {salon.id}
        }
        assert leaks == {}
        blind = {
            name
            for name, probe in QUERIES.items()
            if not _rolled_back(probe, salon.customer_id, salon.id)
        }
    assert blind == set(), "our own rows are seen"


def test_without_a_tenant_every_form_of_query_is_refused(salon: Business, garage: Business) -> None:
    answered = [
        name
        for name, probe in QUERIES.items()
        if not _missing(probe, garage.customer_id, garage.id)
    ]
    assert answered == []


def test_what_cannot_be_narrowed_is_refused(salon: Business, garage: Business) -> None:
    with tenant_scope(salon.id):
        for name, probe in REFUSED.items():
            try:
                probe(garage.customer_id, garage.id)
            except NotNarrowed:
                continue
            finally:
                db.session.rollback()
            pytest.fail(f"{name} was executed")


def test_shared_tables_need_no_tenant(salon: Business, garage: Business) -> None:
    slugs = set(db.session.scalars(select(Tenant.slug)))
    assert slugs == {"salon", "garage"}
    assert db.session.scalar(select(func.count().filter(Tenant.id > 0))) == 2
