"""Commands that answer a mistake with one line, and not with a traceback."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy import select
from sqlalchemy.exc import OperationalError, ProgrammingError

from app.config import ConfigError
from app.extensions import db
from app.models import Tenant


@contextmanager
def plain_errors() -> Iterator[None]:
    try:
        yield
    except (ValueError, ConfigError) as error:
        raise click.ClickException(str(error)) from error
    except ProgrammingError as error:
        raise click.ClickException(
            "the database has no tables yet, or old ones: run `flask --app wsgi db upgrade`"
        ) from error
    except OperationalError as error:
        raise click.ClickException("the database does not answer: check DATABASE_URL") from error


def find_tenant(slug: str) -> Tenant:
    tenant = db.session.scalar(select(Tenant).where(Tenant.slug == slug))
    if tenant is None:
        raise click.ClickException(f"there is no business with the slug “{slug}”")
    return tenant
