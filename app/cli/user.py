"""`flask user …`: who signs in."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask.cli import AppGroup

from app import onboarding
from app.cli.command_errors import find_tenant, plain_errors
from app.extensions import db
from app.lib.time.clock import now
from app.models import Role, User
from app.tenancy import unscoped
from app.users import second_factor, user_access

WHY = "commands are the operator's, who sees to everybody who signs in"

user = AppGroup("user", help="People who sign in.")
by_email = click.option("--email", required=True, help="Of somebody of any business, or operator.")


@user.command("create")
@click.option("--email", required=True)
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@click.option("--tenant", "slug", help="The slug of their business; none for a platform admin.")
@click.option("--password", required=True, help="Ten characters at least, and no common one.")
@click.option("--name", default="", help="How colleagues know them.")
def create(email: str, role: str, slug: str | None, password: str, name: str) -> None:
    """Make somebody who can sign in."""
    with plain_errors():
        business = find_tenant(slug) if slug else None
        made = onboarding.create_user(email, password, Role(role), business, name)
    click.echo(f"Created {made.email} ({role}). They sign in at /login")


@user.command("list")
@click.option("--tenant", "slug", help="Of that business alone.")
def list_(slug: str | None) -> None:
    """Everybody who signs in: email, role, business, and whether they may."""
    with plain_errors():
        business = find_tenant(slug) if slug else None
        for found, whose in user_access.everybody(business):
            state = "may sign in" if found.active else "disabled"
            click.echo(f"{found.email}  {found.role}  {whose.slug if whose else '-'}  {state}")


@user.command("disable")
@by_email
def disable(email: str) -> None:
    """Let somebody sign in no more, and end their sessions."""
    with _somebody(email) as found:
        user_access.disable(found, now())
    click.echo(f"Disabled {email}. Every session of theirs has ended.")


@user.command("enable")
@by_email
def enable(email: str) -> None:
    """Let somebody sign in again, with the password that they had."""
    with _somebody(email) as found:
        user_access.enable(found)
    click.echo(f"Enabled {email}.")


@user.command("reset")
@by_email
def reset(email: str) -> None:
    """Give somebody a random password, printed once, and end their sessions."""
    with _somebody(email) as found:
        fresh = user_access.reset(found, now())
    click.echo(f"{email}  password: {fresh}")


@user.command("reset-second-factor")
@by_email
def reset_second_factor(email: str) -> None:
    """Let somebody sign in by the password alone, whose telephone and recovery codes are gone."""
    with _somebody(email) as found:
        if not second_factor.has(found):
            raise click.ClickException(f"{email} has no second factor")
        second_factor.turn_off(found, "The operator of KaiVox", now())
    click.echo(f"Reset. {email} signs in by the password alone, and sets up another one.")


@contextmanager
def _somebody(email: str) -> Iterator[User]:
    with plain_errors(), unscoped(WHY):
        found = user_access.find(email)
        if found is None:
            raise click.ClickException(f"nobody signs in with “{email}”: see `flask user list`")
        yield found
        db.session.commit()
