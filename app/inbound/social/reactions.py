"""The emojis that customers put to messages."""

from sqlalchemy.dialects.postgresql import insert

from app import live
from app.channels.channel import Channel
from app.extensions import db
from app.inbound.social.channel_threads import customer_of, open_window
from app.models import MessageReaction
from app.providers.meta import meta_events as events
from app.tenancy import current_tenant_id


def take(channel: Channel, reacted: events.Reacted, account: str) -> None:
    """The latest counts, in whichever order they come. It opens the session window."""
    told = {"emoji": reacted.emoji, "at": reacted.at}
    row = insert(MessageReaction).values(
        tenant_id=current_tenant_id(), sid=reacted.sid, address=reacted.person, **told
    )
    db.session.execute(
        row.on_conflict_do_update(
            index_elements=["tenant_id", "sid", "address"],
            set_=told,
            where=MessageReaction.at <= reacted.at,
        )
    )
    customer_id = customer_of(channel, reacted.person)
    if customer_id and reacted.emoji:
        open_window(channel, customer_id, reacted.at)
    db.session.commit()
    if customer_id:
        live.publish(current_tenant_id(), customer_id)
