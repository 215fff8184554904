"""Where texts and calls may go by the platform's Twilio account, so that nobody spends its money.

A business that pays itself may write and call where it likes.
"""

from app.channels.channel import Channel
from app.lib.telephone.destination import country_name, place, within
from app.models import Tenant
from app.outbox.refused import Refused


def check(tenant: Tenant, channel: Channel, address: str) -> None:
    """Raises Refused where a message on the channel may not go to the address."""
    if reason := refusal(tenant, channel, address):
        raise Refused(reason)


def refusal(tenant: Tenant, channel: Channel, address: str) -> str:
    """Why no message on the channel may go there; empty: it may."""
    ours = channel.provider == "twilio" and not tenant.pays_itself
    return closed([tenant.country, *tenant.open_countries], address) if ours else ""


def closed(countries: list[str], address: str) -> str:
    """Why nothing goes to the address at our cost for a business that these countries are open to,
    its own first; empty: something may."""
    there = place(address)
    if there.costly:
        return (
            f"This is {there.costly}: nothing goes there by our Twilio account. Give an ordinary"
            " telephone number."
        )
    if there.region in within(countries):
        return ""
    land = country_name(there.region)
    return (
        f"This number is in {land}, and by our Twilio account texts and calls go to"
        f" {_listed(countries)} only. Our operator can open {land} for your business."
    )


def _listed(countries: list[str]) -> str:
    names = list(dict.fromkeys(country_name(code) for code in countries))
    return " and ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names)
