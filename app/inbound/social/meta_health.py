"""What Meta says of the account itself: that it is blocked, or how a template fared."""

from sqlalchemy import delete, update

from app import live
from app.channels.channel import Channel
from app.extensions import db
from app.models import ChannelAccount, SenderPause, WhatsappTemplate
from app.outbox.queue.paused_senders import pause
from app.providers.contract import Outcome, SendError
from app.providers.meta import meta_events as events
from app.tenancy import current_tenant_id

BLOCKED = "Meta does not let your page send messages. See your page's Support Inbox at Facebook."
WARNED = "Meta warns your page for its messages. See your page's Support Inbox at Facebook."


def enforced(channel: Channel, told: events.Enforced, account: str) -> None:
    """A block pauses the channel, as a refused message would; its end lets it go on."""
    blocked, warned = told.action == "block", told.action == "warning"
    said = f" It says: {told.reason}" if told.reason else ""
    _note(account, f"{BLOCKED}{said}" if blocked else None, f"{WARNED}{said}" if warned else None)
    if blocked:
        refusal = SendError(f"{BLOCKED}{said}", Outcome.REFUSED, sender_at_fault=True)
        pause(channel.key, refusal, told.at)
    elif told.action == "unblock":
        db.session.execute(delete(SenderPause).where(SenderPause.channel == channel.key))
    db.session.commit()
    live.publish(current_tenant_id(), "*")


def _note(account: str, trouble: str | None, warning: str | None) -> None:
    noted = (
        update(ChannelAccount)
        .where(ChannelAccount.address == account)
        .values(trouble=trouble, warning=warning)
        .execution_options(synchronize_session=False)
    )
    db.session.execute(noted)


def reviewed(channel: Channel, told: events.Reviewed, account: str) -> None:
    """From now on reminders go by the template, or by it no more."""
    known = f"{told.name}/{told.language}"
    its = WhatsappTemplate.channel == channel.key, WhatsappTemplate.content_sid == known
    refused = "" if told.approved else told.reason or "was rejected by Meta"
    kept = update(WhatsappTemplate).where(*its).values(refused=refused)
    db.session.execute(kept.execution_options(synchronize_session=False))
    db.session.commit()
