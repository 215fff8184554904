"""The demo business's Facebook page and Instagram account, at the stand-in for Meta alone."""

from datetime import datetime

from app.config import META_GRAPH
from app.extensions import db, settings
from app.inbound.social.connect_account import Chosen, store

PAGE, INSTAGRAM = "102030405060701", "17841400000000777"
TOKEN = "page-of-the-demo"  # noqa: S105 (the stand-in is told it)
# From where the demo business writes, where that is no number.
SENDERS = {"messenger": PAGE, "instagram": INSTAGRAM}


def create(at: datetime) -> None:
    """Meta itself has no such page."""
    if settings().meta_graph_url == META_GRAPH:
        return
    store(Chosen("messenger", PAGE, PAGE, "Bella Salon", TOKEN), at)
    store(Chosen("instagram", INSTAGRAM, PAGE, "@bella.salon", TOKEN), at)
    db.session.commit()
