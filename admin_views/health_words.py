"""How pages tell what the checks of the messaging health find."""

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any

from flask import g

from admin_views.times import shown, zone
from app.health import results
from app.health.check import Check
from app.health.finding import Finding, State
from app.tenancy import current_tenant_id, tenant_in_scope
from app.web.guards import access

STATE = {State.BROKEN: "Broken", State.WARNING: "Look at it", State.OK: "Well"}
COUNTED = {State.BROKEN: "broken", State.WARNING: "to look at", State.OK: "well"}


def told(findings: Collection[Finding], checks: Mapping[str, Check]) -> dict[str, Any]:
    """For a page: each finding, and what its check looks at."""
    listed = [(finding, checks[finding.check].looks_at) for finding in findings]
    return {"findings": listed, "states": STATE, "shown": shown, "zone": zone()}


def counted(findings: Collection[Finding]) -> str:
    """E.g. 1 broken, 8 well."""
    states = Counter(finding.state for finding in findings)
    return ", ".join(f"{states[state]} {word}" for state, word in COUNTED.items() if states[state])


def broken() -> list[Finding]:
    """For the bar on every page of an admin: what was broken when it was last looked at."""
    if not tenant_in_scope() or not access.may("messaging_health"):
        return []
    if "health_broken" not in g:
        kept_ones = results.findings(current_tenant_id())
        g.health_broken = [each for each in kept_ones if each.state is State.BROKEN]
    found: list[Finding] = g.health_broken
    return found
