"""Which tenant we are working for, and why nobody can forget it.

Every ORM statement that touches a tenant-owned table is narrowed to the
current tenant; with no tenant in scope it raises instead of returning rows.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any, TypeVarTuple

import flask_sqlalchemy.session
from sqlalchemy import (
    Alias,
    Executable,
    ForeignKey,
    ForeignKeyConstraint,
    FromClause,
    Integer,
    Result,
    Select,
    SelectBase,
    Table,
    Tuple,
    bindparam,
    event,
    tuple_,
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
from sqlalchemy.orm.attributes import get_history

Ts = TypeVarTuple("Ts")

_tenant_id: ContextVar[int | None] = ContextVar("tenant_id", default=None)
_unscoped: ContextVar[str | None] = ContextVar("unscoped", default=None)


class TenantMissing(RuntimeError):
    """Tenant-owned rows were touched with no tenant in scope."""


class WrongTenant(RuntimeError):
    """A row of one tenant was about to be written while working for another."""


class NotNarrowed(RuntimeError):
    """The session hook cannot narrow this form of statement on tenant-owned tables."""


def current_tenant_id() -> int:
    """The tenant in scope. Raises TenantMissing where there is none."""
    tenant_id = _tenant_id.get()
    if tenant_id is None:
        raise TenantMissing("wrap the call in tenant_scope(tenant_id)")
    return tenant_id


def tenant_in_scope() -> bool:
    """Whether tenant-owned rows can be touched here."""
    return _tenant_id.get() is not None


def tenant_id_in_scope() -> int | None:
    """The tenant in scope, if there is one."""
    return _tenant_id.get()


def looks_across() -> bool:
    """Whether an unscoped block has been entered here."""
    return _unscoped.get() is not None


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
        return mapped_column(
            ForeignKey("tenant.id", ondelete="CASCADE"),
            primary_key=True,
            sort_order=-1,
            default=current_tenant_id,
        )

    def __init_subclass__(cls, **options: Any) -> None:
        """A key is (tenant_id, id), so that tables can be spread by tenant (docs/adr/0027); to a
        session, which serves one tenant, a row is known by its id alone."""
        if number := vars(cls).get("id"):
            number.column.autoincrement = True
            cls.__mapper_args__ = {"primary_key": ["id"]}  # type: ignore[attr-defined]
        super().__init_subclass__(**options)


def key_of(kind: type[Any]) -> Tuple:
    """The primary key of its rows, to find some of any tenant by: the id alone has no index."""
    return tuple_(*(getattr(kind, column.key) for column in kind.__table__.primary_key))


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
def narrow_to_tenant(state: ORMExecuteState) -> Result[Any] | None:
    if _unscoped.get() is not None:
        return None
    if state.is_column_load:
        return _read_again(state)
    has_criteria = id(ONLY_CURRENT_TENANT) in map(id, state.user_defined_options)
    if has_criteria and not state.is_relationship_load:
        # narrowed() has looked through it.
        return None
    refuse_what_cannot_be_narrowed(state)
    # A relation of a row that a narrowed statement found brings the criteria along.
    if not has_criteria:
        state.statement = state.statement.options(ONLY_CURRENT_TENANT)
    return None


def _read_again(state: ORMExecuteState) -> Result[Any] | None:
    """A row at hand is read by its key, also once its scope was left; that of a platform admin,
    who belongs to no tenant, in whatever business they have entered."""
    kind = state.bind_mapper.class_ if state.bind_mapper else None
    if not kind or not issubclass(kind, TenantOwned):
        return None
    owner = kind.__table__.c.tenant_id  # type: ignore[attr-defined]
    if tenant_in_scope() and not owner.nullable:
        # Without the tenant no index would find it.
        mine = owner == CURRENT_TENANT
        state.statement = state.statement.where(mine)  # type: ignore[attr-defined]
        return None
    with unscoped("what was found is read again"):
        return state.invoke_statement()


def refuse_what_cannot_be_narrowed(state: ORMExecuteState) -> None:
    """The criteria reaches entities in selects alone: neither plain tables nor window functions
    and aggregates with a FILTER, nor a second table of an UPDATE or DELETE, nor an UPDATE by a
    list of primary keys. Raises NotNarrowed.

    Text and ORM inserts are not looked into: a test keeps them to the few places that need them.
    """
    changes = state.is_orm_statement and (state.is_update or state.is_delete)
    target = state.statement.table if changes else None  # type: ignore[attr-defined]
    for table in _plain_tables(state.statement, state.is_orm_statement and not changes):
        if _owned(table) and not (target is not None and table.compare(target)):
            raise NotNarrowed(f"name entities, in a select of their own: {state.statement}")
    if target is not None and _owned(target) and isinstance(state.parameters, list):
        raise NotNarrowed(f"update rows of {target} by a condition, or one by one")


def narrowed(query: Select[*Ts]) -> Select[*Ts]:
    """The select as the hook would narrow it, to be looked through once and run often: each time
    for the tenant in scope then. Raises NotNarrowed."""
    for table in _plain_tables(query, narrowed=False):
        if _owned(table):
            raise NotNarrowed(f"name entities, in a select of their own: {query}")
    return query.options(ONLY_CURRENT_TENANT)


def _plain_tables(statement: Executable, narrowed: bool) -> Iterator[FromClause]:
    """The tables and aliases that a statement names where the criteria does not reach."""
    seen: set[tuple[int, bool]] = set()
    waiting: list[tuple[Any, bool]] = [(statement, narrowed)]
    while waiting:
        element, narrowed = waiting.pop()
        if isinstance(element, SelectBase):
            # SQLAlchemy's own mark of a select that it compiles with the ORM's options.
            narrowed = element._propagate_attrs.get("compile_state_plugin") == "orm"
        if (id(element), narrowed) in seen:
            continue
        seen.add((id(element), narrowed))
        for source in (element, getattr(element, "table", None)):
            if isinstance(source, Table | Alias) and not narrowed:
                yield source
        waiting.extend((child, narrowed) for child in element.get_children())


def _owned(source: FromClause) -> bool:
    """Whether it is a tenant-owned table, or an alias of one."""
    if isinstance(source, Alias):
        return _owned(source.element)
    return isinstance(source, Table) and source.name in _owned_tables()


@cache
def _owned_tables() -> frozenset[str]:
    kinds: list[Any] = TenantOwned.__subclasses__()
    return frozenset(kind.__table__.name for kind in kinds)


@event.listens_for(Session, "before_flush")
def refuse_foreign_rows(
    session: Session, _context: UOWTransaction, _instances: Sequence[Any] | None
) -> None:
    if _unscoped.get() is not None:
        return
    for row in [*session.new, *session.dirty, *session.deleted]:
        if isinstance(row, TenantOwned) and any(
            owner != current_tenant_id() for owner in _owners(row)
        ):
            raise WrongTenant(f"{row!r} belongs to another tenant")


def _owners(row: TenantOwned) -> set[int]:
    """Whose row it is, and was: nobody takes a row over. Empty for a platform admin."""
    history = get_history(row, "tenant_id")
    return {owner for owner in history.sum() if owner is not None}


class OneTenantSession(flask_sqlalchemy.session.Session):
    """A session whose memory of one tenant's rows is closed to the next."""

    def get(self, entity: Any, ident: Any, **options: Any) -> Any:
        """The row of that key, or None: one at hand as well as one to be found."""
        row = super().get(entity, ident, **options)
        if isinstance(row, TenantOwned) and _unscoped.get() is None:
            return row if row.tenant_id == current_tenant_id() else None
        return row
