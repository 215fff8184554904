"""The business's own system is told of the event (app/automation/webhooks)."""

from sqlalchemy import select

from app.automation.choices import chosen, gone
from app.automation.rule_part import Action, Choices, Doer, Gap, NotDone, Options
from app.automation.snapshot import Snapshot
from app.automation.webhooks.deliver import NoEndpoint, deliver, thin
from app.extensions import db
from app.models import WebhookEndpoint
from app.tasks import Task

TYPE = "rule.matched"


def endpoints() -> Choices:
    rows = db.session.scalars(select(WebhookEndpoint).order_by(WebhookEndpoint.name))
    return [(str(row.id), row.name) for row in rows]


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
    gone=gone("webhook", "endpoint", endpoints),
    do=do,
)
