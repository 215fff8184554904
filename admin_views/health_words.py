"""How pages tell what the checks of the messaging health find."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

from flask import g

from admin_views.times import shown, zone
from app.health import results
from app.health.check import Check
from app.health.finding import Finding, State
from app.health.send_test import Sent
from app.lib.message_status import MessageStatus
from app.lib.time.clock import now
from app.tenancy import current_tenant_id, tenant_in_scope
from app.web.guards import access

# A worker may be at other slow work; after so long one may be stopped.
PATIENCE = timedelta(minutes=2)
ON_ITS_WAY = {
    MessageStatus.ACCEPTED: "Twilio has it.",
    MessageStatus.SENT: "The telephone's network has it; not every one says that it arrived.",
    MessageStatus.DELIVERED: "It arrived.",
    MessageStatus.READ: "It arrived, and was read.",
}
STATE = {State.BROKEN: "Broken", State.WARNING: "Look at it", State.OK: "Well"}


def told(findings: Collection[Finding], checks: Mapping[str, Check]) -> dict[str, Any]:
    """For a page: each finding, and what its check looks at."""
    listed = [(finding, checks[finding.check].looks_at) for finding in findings]
    page = {"states": STATE, "shown": shown, "zone": zone(), "now": now(), "patience": PATIENCE}
    return {"findings": listed, **page}


def came_of(test: Sent) -> list[str]:
    """What became of a test, and what to do now."""
    message = test.message
    if message.status in (MessageStatus.FAILED, MessageStatus.UNKNOWN, MessageStatus.CANCELLED):
        said = [f"It did not arrive: {message.error}" if message.error else "It did not arrive."]
    else:
        said = [ON_ITS_WAY.get(message.status, "It is on its way out.")]
    if test.came_back:
        return [*said, f"An answer came back ({shown(test.came_back)}): texts go both ways."]
    return [*said, "Now answer it from that telephone, with any word."] if test.arrives else said


def broken() -> list[Finding]:
    """For the bar on every page of an admin: what was broken when it was last looked at."""
    if not tenant_in_scope() or not access.may("messaging_health"):
        return []
    if "health_broken" not in g:
        kept_ones = results.findings(current_tenant_id())
        g.health_broken = [each for each in kept_ones if each.state is State.BROKEN]
    found: list[Finding] = g.health_broken
    return found
