"""A customer opened a page or a telephone by a button: their carrier tells that as a message, which
it is not. The thread shows it; nothing is unread, opens again or is answered by it."""

from datetime import datetime

from app import live
from app.channels.channel import Channel
from app.inbound.receive import parameters
from app.inbound.routing import Route
from app.inbound.statement import statement, store_if
from app.lib.text.cleaning import one_line
from app.providers.contract import Received

STATEMENT = statement("clicks.sql")
# As much as carriers show of a button's label, and more.
LONGEST = 60


def note(route: Route, channel: Channel, message: Received, now: datetime) -> None:
    """Committed when it returns. Of a known SID, or by somebody whom nobody knows, it is nothing.
    Raises SQLAlchemy's errors when the database does not take it."""
    label = one_line(message.body)[:LONGEST] or "a button"
    values = parameters(route, channel, message, now) | {"label": label}
    if found := store_if(STATEMENT, route.tenant_id, values):
        live.publish(route.tenant_id, found[0])
