"""Every kind of row is in an export, or it is said why not; and no secret is."""

from pathlib import Path
from zipfile import ZipFile

from sqlalchemy import Text, inspect, select

from app.audit.audited import SECRET
from app.exports.exported_kinds import KINDS, LEFT_OUT
from app.extensions import Model, db
from app.models import Tenant
from app.tenancy import TenantOwned, tenant_scope
from tests.exports.asked import archive, written
from tests.support.world import Business


def test_every_kind_of_row_is_exported_or_it_is_said_why_not() -> None:
    left = [name for names in LEFT_OUT.values() for name in names.split()]
    exported = [kind.model.__tablename__ for kind in KINDS.values()]
    owned = {
        mapper.class_.__tablename__
        for mapper in Model.registry.mappers
        if issubclass(mapper.class_, TenantOwned)
    }
    assert owned | {"tenant"} == {*left, *exported}, "put it into KINDS, or say why not"
    assert len({*left, *exported}) == len(left) + len(exported), "none is in both"


def test_what_is_left_out_of_a_kind_is_a_column_of_it() -> None:
    for name, kind in KINDS.items():
        assert kind.left_out <= {each.key for each in inspect(kind.model).column_attrs}, name


def test_no_secret_is_in_a_file(salon: Business, root: Path) -> None:
    planted = 0
    with tenant_scope(salon.id):
        for kind in KINDS.values():
            row = db.session.scalars(select(kind.model).limit(1)).first()
            if kind.model is Tenant:
                row = db.session.get_one(Tenant, salon.id)
            for column in inspect(kind.model).column_attrs if row else ():
                secret = SECRET.search(column.key) and isinstance(column.columns[0].type, Text)
                # The database takes no other words here.
                if secret and column.key not in ("reply_to_link", "auth", "old_secret_sealed"):
                    setattr(row, column.key, f"planted-{kind.model.__tablename__}-{column.key}")
                    planted += 1
        db.session.commit()
    assert planted >= 8
    written(salon)
    assert b"planted" not in unpacked(archive(root, salon))


def unpacked(path: Path) -> bytes:
    with ZipFile(path) as file:
        return b"\n".join(file.read(name) for name in file.namelist())
