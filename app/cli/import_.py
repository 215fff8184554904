from pathlib import Path

import click
from flask.cli import AppGroup

from app.cli.plain import find_tenant, plain_errors
from app.customers import csv_import
from app.tenancy import tenant_scope

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
        rows, unknown = csv_import.read(file)
        if unknown:
            click.echo(f"Warning: unknown columns are left out: {', '.join(unknown)}", err=True)
        with (
            tenant_scope(business.id),
            click.progressbar(length=len(rows), label="Importing") as bar,
        ):
            report = csv_import.load(rows, business.country, bar.update)
    _tell(report)


def _tell(report: csv_import.Report) -> None:
    for line, reason in report.rejected:
        click.echo(f"Line {line} rejected: {reason}", err=True)
    counts = [f"{report.counts[word]} {word}" for word in ("created", "updated", "unchanged")]
    click.echo(", ".join([*counts, f"{len(report.rejected)} rejected"]))
