"""The demo business's live chat, on its own site, which the simulator stands in for."""

from datetime import datetime
from urllib.parse import urlsplit

from app.config import Settings
from app.extensions import db, settings
from app.models import IdentityMode
from app.webchat import enable_chat

LOCAL = ("127.0.0.1", "localhost")


def create(moment: datetime) -> None:
    """None where no simulator runs."""
    sites = simulators_sites(settings())
    if not sites:
        return
    chat = enable_chat.enable(" ".join(sites), moment)
    chat.identity_mode = IdentityMode.WARN
    enable_chat.rotate_secret(chat)
    chat.email, chat.phone = "hello@bella.example", "+14155550100"
    db.session.commit()


def simulators_sites(known: Settings) -> list[str]:
    """The origins under which somebody opens the simulator's pages; empty: there is none."""
    address = urlsplit(known.twilio_api_url)
    if address.hostname not in LOCAL or not address.port:
        return []
    return [f"{address.scheme}://{host}:{address.port}" for host in LOCAL]
