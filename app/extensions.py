"""The libraries that live as long as the program, made once and bound to it in create_app."""

from datetime import datetime
from typing import TYPE_CHECKING

from flask import current_app
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_security import Security
from flask_sqlalchemy import SQLAlchemy
from redis import Redis
from sqlalchemy import DateTime, Engine, MetaData, Text
from sqlalchemy.orm import DeclarativeBase, registry

from app.config import Settings
from app.lib.vault import Vault
from app.tenancy import OneTenantSession, current_tenant_id

# Constraints get names that a later migration can find again.
NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Every time is an instant, every text unbounded: limits belong to the forms."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMING),
        type_annotation_map={datetime: DateTime(timezone=True), str: Text()},
    )


db = SQLAlchemy(model_class=Base, session_options={"class_": OneTenantSession})
security = Security()
limiter = Limiter(get_remote_address)

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


def each_business() -> str:
    """A limiter's key_func: all users of the business in scope count together."""
    return f"tenant {current_tenant_id()}"


def direct_engine() -> Engine:
    """Connections in autocommit, without a session: for the one statement of a webhook."""
    engine: Engine = current_app.extensions["direct_engine"]
    return engine


def redis_client() -> Redis:
    """Redis, for saying "look now" and nothing that must not be lost. It answers at once or not."""
    redis: Redis = current_app.extensions["redis"]
    return redis


def settings() -> Settings:
    current: Settings = current_app.extensions["settings"]
    return current


def vault() -> Vault:
    current: Vault = current_app.extensions["vault"]
    return current
