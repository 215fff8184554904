"""`flask import customers|appointments`."""

from collections.abc import Callable
from pathlib import Path

import click
from flask.cli import AppGroup

from app import live
from app.appointments import import_appointments as appointments_csv
from app.appointments import row_times
from app.cli.command_errors import find_tenant, plain_errors
from app.customers import import_customers
from app.extensions import db
from app.lib.csv_files.csv_rows import Report, Row
from app.lib.time.clock import now
from app.tenancy import current_tenant_id, tenant_scope

BATCH = 50
Progress = Callable[[int], object]

import_ = AppGroup("import", help="Data from CSV files.")


@import_.command("customers")
@click.option("--tenant", "slug", required=True, help="The slug of the business.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def customers(slug: str, file: Path) -> None:
    """Create or update customers; a row whose external_id exists is updated.

    Columns, in any order: first_name, last_name, phone, email, language, preferred_channel,
    external_id.
    """
    with plain_errors():
        business = find_tenant(slug)
        rows, unknown = import_customers.read(file)
        _warn(unknown)
        with (
            tenant_scope(business.id),
            click.progressbar(length=len(rows), label="Importing") as bar,
        ):
            report = import_customers.load(rows, business.country, bar.update)
    _tell(report)


@import_.command("appointments")
@click.option("--tenant", "slug", required=True, help="The slug of the business.")
@click.option("--announce", is_flag=True, help="Send booking confirmations for what is new.")
@click.option("--tell", is_flag=True, help="Tell the customers of what is moved or cancelled.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def appointments(slug: str, announce: bool, tell: bool, file: Path) -> None:
    """Create or update appointments; a row whose external_id exists is updated.

    Columns, in any order: external_id, customer_phone or customer_external_id or, where only one is
    called so, customer_name; service, staff,
    starts_at (or date and time), duration_minutes (or ends_at), status.

    starts_at is such as 2026-11-30T14:30; without an offset it is the business's wall time. Of
    one that comes twice, as the clocks go back, the first is meant; one that is left out is
    rejected. Services and staff members that are not known are made, and named at the end. The
    status “scheduled” takes back no state that it has got here, unless the row moves it. Nobody is
    told of what is moved or cancelled, unless you ask for it.
    """
    with plain_errors():
        business = find_tenant(slug)
        rows, unknown = appointments_csv.read(file.read_bytes())
        _warn(unknown)
        with (
            tenant_scope(business.id),
            click.progressbar(length=len(rows), label="Importing") as bar,
        ):
            day_first = row_times.order_of(row for _, row in rows).day_first
            shop = appointments_csv.shop(business, announce, tell, day_first)
            report = _load(rows, shop, bar.update)
    _tell(report)


def _load(rows: list[Row], shop: appointments_csv.Shop, progress: Progress) -> Report:
    """Some rows at a time, each time all that was taken of them."""
    report = Report()
    for start in range(0, len(rows), BATCH):
        batch = rows[start : start + BATCH]
        appointments_csv.take(batch, shop, now(), report)
        db.session.commit()
        progress(len(batch))
    live.publish(current_tenant_id(), live.APPOINTMENTS)
    return report


def _warn(unknown: list[str]) -> None:
    if unknown:
        click.echo(f"Warning: unknown columns are left out: {', '.join(unknown)}", err=True)


def _tell(report: Report) -> None:
    for line, reason in report.rejected:
        click.echo(f"Line {line} rejected: {reason}", err=True)
    for what in ("service", "staff member"):
        names = [name for kind, name in report.made if kind == what]
        if names:
            click.echo(f"New {what}s, to be looked at: {', '.join(names)}")
    counts = [f"{report.counts[word]} {word}" for word in ("created", "updated", "unchanged")]
    click.echo(", ".join([*counts, f"{len(report.rejected)} rejected"]))
