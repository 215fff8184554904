from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import click
from flask.cli import AppGroup

from app.cli.command_errors import find_tenant, plain_errors
from app.lib.telephone.phone import pretty
from app.lib.time.clock import now, wall_time
from app.models import Tenant
from app.notifications.forecast.preview import MOST, Entry, Preview, end_of_tomorrow
from app.notifications.forecast.preview import preview as look_ahead
from app.notifications.types import TYPES
from app.tenancy import tenant_scope

notifications = AppGroup("notifications", help="Automatic messages.")


@notifications.command("preview")
@click.option("--tenant", "slug", required=True, help="The slug of the business.")
@click.option("--at", help="Until when: ISO 8601, without an offset the business's wall time.")
def preview(slug: str, at: str | None) -> None:
    """Who will get what and when until the end of tomorrow, or --at; and who will not, and why."""
    with plain_errors():
        tenant, moment = find_tenant(slug), now()
        until = _instant(at, tenant) if at else end_of_tomorrow(moment, tenant.timezone)
        with tenant_scope(tenant.id):
            _tell(look_ahead(moment, until), tenant)


def _instant(text: str, tenant: Tenant) -> datetime:
    try:
        given = datetime.fromisoformat(text)
        zone = given.tzinfo or ZoneInfo(tenant.timezone)
        return given.replace(tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        raise click.ClickException(
            f"“{text}” is no time. Give it as 2026-11-30T18:00, in the business's wall time"
        ) from None


def _tell(found: Preview, tenant: Tenant) -> None:
    until = wall_time(found.until, tenant.timezone)
    click.echo(f"{tenant.name}, until {until:%Y-%m-%d %H:%M} ({tenant.timezone})")
    if tenant.paused_at:
        since = wall_time(tenant.paused_at, tenant.timezone)
        click.echo(f"PAUSED since {since:%Y-%m-%d %H:%M}: nothing goes out until it is resumed.")
    for entry in found.entries:
        click.echo(f"\n{_line(entry, tenant)}")
    click.echo(f"\n{found}")
    if found.more:
        click.echo(f"There are more than {MOST}: give an earlier --at to see fewer.")


def _line(entry: Entry, tenant: Tenant) -> str:
    kind = TYPES[entry.row.type].label if entry.row.type in TYPES else entry.row.type
    head = f"{wall_time(entry.at, tenant.timezone):%a %Y-%m-%d %H:%M}  {kind}"
    who = pretty(entry.customer.name, tenant.country)
    if entry.send is None:
        return f"{head}  {who}\n  LEFT OUT: {entry.reason}"
    route, costs = entry.send.route, f"  [{entry.cost}]" if str(entry.cost) else ""
    to = f"{who}  {route.channel.label} {pretty(route.recipient, tenant.country)}"
    said = entry.send.wording
    subject = f"  {said.subject}\n" if said.subject else ""
    return f"{head}  {to}{costs}\n{subject}  {said.body}\n  ({entry.rule})"
