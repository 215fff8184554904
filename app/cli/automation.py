"""`flask automation run-log`."""

import json

import click
from flask.cli import AppGroup

from app.automation import run_json
from app.automation.run_log import Wanted, page
from app.cli.command_errors import find_tenant, plain_errors
from app.lib.time.clock import wall_time
from app.models import AutomationRun, Tenant
from app.tenancy import tenant_scope

MOST = 10_000

automation = AppGroup("automation", help="Rules, and what they did.")


@automation.command("run-log")
@click.option("--tenant", "slug", required=True, help="The slug of the business.")
@click.option("--json", "as_json", is_flag=True, help="As a list of JSON objects, for programs.")
@click.option(
    "--most",
    type=click.IntRange(1, MOST),
    default=200,
    show_default=True,
    help="How many runs, the latest first.",
)
def run_log(slug: str, as_json: bool, most: int) -> None:
    """Say what rules made of what happened: what was done, or which condition did not hold."""
    with plain_errors():
        tenant = find_tenant(slug)
        with tenant_scope(tenant.id):
            runs, _ = page(Wanted(), most=most)
            if as_json:
                click.echo(json.dumps([run_json.as_json(run) for run in runs], indent=2))
                return
            for run in runs:
                click.echo(_line(run, tenant))


def _line(run: AutomationRun, tenant: Tenant) -> str:
    at = wall_time(run.created_at, tenant.timezone)
    head = f"{at:%Y-%m-%d %H:%M}  {run.status:9} {run.rule_name} (version {run.rule_version})"
    facts = "; ".join(f"{name}: {value}" for name, value in run.facts.items())
    came = " ".join(run.done) or run.reason
    lines = [head, f"  {run.event.type}, customer {run.customer_id}"]
    return "\n".join([*lines, *(f"  {each}" for each in (facts, came) if each)])
