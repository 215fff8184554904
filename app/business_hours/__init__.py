"""When a business is open: its week, dated exceptions, and the public holidays of its country.

    hours = of_tenant()                  # its rows, read once; None: it has not said when
    hours.is_open(at), hours.closed_period(at), hours.opens_next(at), hours.closes_next(at)
    hours.after(at, timedelta(hours=4))  # so much business time later

A rule that answers outside business hours asks for the closed period, and then claims it:

    period = hours.closed_period(now) if hours else None
    if period and claim_away(conversation_id, period, now): …   # the message, in this transaction
"""

from app.business_hours.claim_away import claim_away
from app.business_hours.load_hours import of_tenant
from app.business_hours.opening_hours import Interval, OpeningHours, Period

__all__ = ["Interval", "OpeningHours", "Period", "claim_away", "of_tenant"]
