import json
import sys
from collections.abc import Sequence

import click
from flask.cli import with_appcontext

from app.cli.command_errors import find_tenant, plain_errors
from app.health import look, watch
from app.health.finding import Finding, State
from app.lib.time.clock import now
from app.tenancy import tenant_scope


@click.command("health")
@click.option("--tenant", "slug", help="The slug of one business; else the platform and all.")
@click.option("--json", "as_json", is_flag=True, help="As a list of JSON objects, for programs.")
@with_appcontext
def health(slug: str | None, as_json: bool) -> None:
    """Say whether messages come and go, worst first; ends with 1 where something is broken."""
    with plain_errors():
        findings = _of(slug) if slug else look.of_all(now())
    _tell_json(findings) if as_json else _tell(findings)
    sys.exit(any(finding.state is State.BROKEN for finding in findings))


def _of(slug: str) -> list[Finding]:
    with tenant_scope(find_tenant(slug).id):
        return watch.business(now())


def _tell_json(findings: Sequence[Finding]) -> None:
    click.echo(json.dumps([finding.as_json() for finding in findings], indent=2))


def _tell(findings: Sequence[Finding]) -> None:
    for finding in findings:
        click.echo(f"{finding.state.upper():8} {finding.check}: {finding.sentence}")
        if finding.next_step:
            click.echo(f"{'':8} → {finding.next_step}")
