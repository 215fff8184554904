"""The demo business's bookkeeping, which the simulator stands in for: it is told of everything."""

from datetime import datetime

from app.automation.webhooks import endpoints
from app.extensions import db, settings
from app.lib.outside.outside_address import Refused
from app.lib.outside.web_call import checked_web, web_address
from app.models import EventType

RECEIVER = "/hooks/bookkeeping"


def create(moment: datetime) -> None:
    """None where no simulator runs that may be called."""
    url = f"{settings().twilio_api_url}{RECEIVER}"
    try:
        receiver = checked_web(web_address(url), settings().private_networks)
    except Refused:
        return
    if receiver.private:
        endpoints.make("Bookkeeping", url, EventType, moment)
        db.session.commit()
