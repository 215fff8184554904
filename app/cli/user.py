import click
from flask.cli import AppGroup

from app import onboarding
from app.cli.plain import find_tenant, plain_errors
from app.models import Role

user = AppGroup("user", help="People who sign in.")


@user.command("create")
@click.option("--email", required=True)
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@click.option("--tenant", "slug", help="The slug of their business; none for a platform admin.")
@click.option("--password", required=True, help="Ten characters at least.")
@click.option("--name", default="", help="How colleagues know them.")
def create(email: str, role: str, slug: str | None, password: str, name: str) -> None:
    """Make somebody who can sign in."""
    with plain_errors():
        business = find_tenant(slug) if slug else None
        made = onboarding.create_user(email, password, Role(role), business, name)
    click.echo(f"Created {made.email} ({role}). They sign in at /login")
