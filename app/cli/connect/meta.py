import click
from flask.cli import AppGroup

from app.cli.command_errors import find_tenant, plain_errors
from app.extensions import db
from app.inbound.social import connect_account
from app.inbound.social.connect_account import accounts_of
from app.lib.time.clock import now
from app.providers.meta import Page
from app.tenancy import tenant_scope

meta = AppGroup("meta", help="Messenger and Instagram.")


@meta.command("connect")
@click.option("--tenant", "slug", required=True, help="The business's name in webhook URLs.")
@click.option("--page-id", required=True, help="The Facebook page.")
@click.option("--instagram-id", default="", help="The Instagram account, as webhooks name it.")
@click.option("--token", required=True, help="The page's access token.")
@click.option("--human-agent", is_flag=True, help="The app has the feature Human Agent.")
@click.option("--offline", is_flag=True, help="Only store it; Meta is not asked.")
def connect(
    slug: str, page_id: str, instagram_id: str, token: str, human_agent: bool, offline: bool
) -> None:
    """Connect a business's page, and the Instagram account that is linked to it."""
    page = Page(page_id, "", token, instagram_id)
    chosen = accounts_of(page, True, bool(instagram_id))
    with plain_errors():
        tenant = find_tenant(slug)
        with tenant_scope(tenant.id):
            if offline:
                for each in chosen:
                    connect_account.store(each, now(), human_agent=human_agent)
                db.session.commit()
            else:
                connect_account.connect(chosen, now(), human_agent=human_agent)
    click.echo(f"Connected: {', '.join(f'{each.channel} {each.address}' for each in chosen)}")
