"""Whether Twilio's webhooks are taken: their signature is for our address, by a token we know."""

from datetime import datetime

from redis import RedisError

from app.extensions import settings
from app.health.check import Check
from app.health.finding import Verdict, broken, ok
from app.health.refused_signatures import Cause, lately
from app.tenancy import current_tenant_id


def look(now: datetime) -> Verdict | None:
    """What anybody can send us is no reason to worry: a wrong token is told by the sign-in. None
    where Redis is away."""
    try:
        elsewhere = lately(current_tenant_id(), Cause.ADDRESS)
        unknown = lately(current_tenant_id(), Cause.TOKEN)
    except RedisError:
        return None
    if elsewhere:
        return broken(
            f"Twilio signs for another address than ours: {elsewhere:,} of its calls were refused"
            " of late.",
            "Copy the addresses under Setup, Business into Twilio exactly: they begin with"
            f" {settings().public_url}.",
        )
    if unknown:
        return ok(f"Refused of late, as nobody whom we know had signed: {unknown:,}.")
    return ok("What comes in Twilio's name is truly signed.")


CHECK = Check("signatures", 18, "Whether calls by Twilio were refused of late.", look)
