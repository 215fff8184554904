"""Which tenant we are working for, and why nobody can forget it.

Every ORM statement that touches a tenant-owned table is narrowed to the
current tenant; with no tenant in scope it raises instead of returning rows.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from sqlalchemy import (
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    UniqueConstraint,
    bindparam,
    event,
)
from sqlalchemy.orm import (
    Mapped,
    ORMExecuteState,
    Session,
    UOWTransaction,
    declared_attr,
    mapped_column,
    with_loader_criteria,
)

_tenant_id: ContextVar[int | None] = ContextVar("tenant_id", default=None)
_unscoped: ContextVar[str | None] = ContextVar("unscoped", default=None)


class TenantMissing(RuntimeError):
    """Tenant-owned rows were touched with no tenant in scope."""


class WrongTenant(RuntimeError):
    """A row of one tenant was about to be written while working for another."""


def current_tenant_id() -> int:
    """The tenant in scope. Raises TenantMissing where there is none."""
    tenant_id = _tenant_id.get()
    if tenant_id is None:
        raise TenantMissing("wrap the call in tenant_scope(tenant_id)")
    return tenant_id


def tenant_in_scope() -> bool:
    """Whether tenant-owned rows can be touched here."""
    return _tenant_id.get() is not None


@contextmanager
def tenant_scope(tenant_id: int) -> Iterator[None]:
    """Work for one tenant. Raises WrongTenant inside another's scope."""
    # One session serves one tenant: its identity map would hand a row loaded
    # for the first tenant to the second.
    if _tenant_id.get() not in (None, tenant_id):
        raise WrongTenant("a tenant is already in scope")
    token = _tenant_id.set(tenant_id)
    try:
        yield
    finally:
        _tenant_id.reset(token)


@contextmanager
def unscoped(reason: str) -> Iterator[None]:
    """Look across tenants on purpose, e.g. to find who signs in; a test lists the places."""
    token = _unscoped.set(reason)
    try:
        yield
    finally:
        _unscoped.reset(token)


class TenantOwned:
    """A row that belongs to one tenant, and is seen in that tenant's scope alone."""

    @declared_attr
    def tenant_id(cls) -> Mapped[int]:
        return mapped_column(ForeignKey("tenant.id", ondelete="CASCADE"), default=current_tenant_id)


def owned_key() -> UniqueConstraint:
    """The key that composite foreign keys of other tenant-owned tables point at."""
    return UniqueConstraint("tenant_id", "id")


def owned_reference(column: str, table: str, ondelete: str = "CASCADE") -> ForeignKeyConstraint:
    """A foreign key that cannot point at another tenant's row."""
    return ForeignKeyConstraint(
        ["tenant_id", column], [f"{table}.tenant_id", f"{table}.id"], ondelete=ondelete
    )


# The bind calls current_tenant_id when the statement runs, so the criteria is
# built once, caches well, and raises when no tenant is in scope.
CURRENT_TENANT = bindparam("tenant", callable_=current_tenant_id, type_=Integer())
ONLY_CURRENT_TENANT = with_loader_criteria(
    TenantOwned, lambda cls: cls.tenant_id == CURRENT_TENANT, include_aliases=True
)


@event.listens_for(Session, "do_orm_execute")
def narrow_to_tenant(state: ORMExecuteState) -> None:
    if _unscoped.get() is None and not state.is_column_load and not state.is_relationship_load:
        state.statement = state.statement.options(ONLY_CURRENT_TENANT)


@event.listens_for(Session, "before_flush")
def refuse_foreign_rows(
    session: Session, _context: UOWTransaction, _instances: Sequence[Any] | None
) -> None:
    if _unscoped.get() is not None:
        return
    for row in [*session.new, *session.dirty, *session.deleted]:
        if isinstance(row, TenantOwned) and row.tenant_id not in (None, current_tenant_id()):
            raise WrongTenant(f"{row!r} belongs to another tenant")
