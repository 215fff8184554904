"""The business's own system is told of the event (app/automation/webhooks)."""

from sqlalchemy import select

from app.automation.choices import chosen, gone
from app.automation.rule_part import Action, Choices, Doer, Gap, NotDone, Options
from app.automation.snapshot import Snapshot
from app.automation.webhooks.deliver import NoEndpoint, deliver, thin
from app.automation.webhooks.endpoints import BY_HAND
from app.extensions import db
from app.models import WebhookEndpoint
from app.tasks import Task

TYPE = "rule.matched"


def endpoints() -> Choices:
    rows = db.session.scalars(select(WebhookEndpoint).order_by(WebhookEndpoint.name))
    return [(str(row.id), row.name) for row in rows]


def unusable(options: Options) -> str:
    """What an admin turned off comes back; what turned itself off, its receiver gone, may not."""
    if missing := gone("webhook", "endpoint", endpoints)(options):
        return missing
    off = (
        WebhookEndpoint.id.in_(chosen(options, "endpoint")),
        WebhookEndpoint.disabled_at.is_not(None),
        WebhookEndpoint.disabled_reason != BY_HAND,
    )
    reason = db.session.scalar(select(WebhookEndpoint.disabled_reason).where(*off))
    return "" if reason is None else f"The webhook that it calls is off. {reason}"


def do(seen: Snapshot, options: Options, doer: Doer) -> str:
    (endpoint_id,) = chosen(options, "endpoint")
    ours = {"rule_id": str(doer.rule_id), "run_id": str(doer.run_id), "event": seen.event.type}
    data = {**thin(seen.event), **ours}
    try:
        deliver(endpoint_id, TYPE, data, seen.event.at, f"run_{doer.run_id}", doer.now)
    except NoEndpoint as why:
        raise NotDone(str(why)) from None
    doer.wakes.add(Task.SEND_WEBHOOKS)
    return "Told the webhook."


PART = Action(
    key="webhook",
    order=120,
    sentence="call the webhook {endpoint}",
    gaps=(Gap(key="endpoint", kind="choice", label="Webhook", choices=endpoints),),
    gone=unusable,
    do=do,
)
