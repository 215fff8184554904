"""Whether Meta lets us into the business's page and Instagram account, and tells us of them."""

from datetime import datetime, timedelta

from app.channels import CHANNELS
from app.health.check import Check
from app.health.finding import Verdict, broken, ok, warning
from app.inbound.social.connect_account import connected
from app.models import ChannelAccount
from app.providers.meta import FIELDS

NEXT = "Connect it again under Setup, Social accounts."
# The nightly look, and some hours more.
PATIENCE = timedelta(hours=36)


def look(now: datetime) -> Verdict | None:
    """None where none is connected. What Meta said last stands with the account."""
    accounts = connected()
    if not accounts:
        return None
    if troubled := [f"{_name(each)}: {each.trouble}" for each in accounts if each.trouble]:
        return broken(" ".join(troubled), NEXT)
    if warned := [f"{_name(each)}: {each.warning}" for each in accounts if each.warning]:
        return warning(" ".join(warned), NEXT)
    if lacking := [each for each in accounts if each.channel == "messenger" and _lacks(each)]:
        return warning(f"Meta does not tell of everything at {_name(lacking[0])}.", NEXT)
    if late := [each for each in accounts if each.check_at < now - PATIENCE]:
        told = f"Meta was not asked about {_name(late[0])} for long."
        return warning(told, "Tell your operator: what asks it does not run.")
    return ok(f"Connected: {', '.join(map(_name, accounts))}.")


def _name(account: ChannelAccount) -> str:
    return f"{CHANNELS[account.channel].label}, {account}"


def _lacks(account: ChannelAccount) -> bool:
    """As long as nobody has asked nothing is known."""
    return bool(account.subscribed) and not set(FIELDS) <= set(account.subscribed)


CHECK = Check("social_accounts", 13, "Whether your page and Instagram are connected.", look)
