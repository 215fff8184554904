"""What a text costs to send, as far as that can be known before."""

from dataclasses import dataclass

from app.channels.channel import Channel
from app.lib.text import segments
from app.lib.text.homoglyphs import plain
from app.lib.time.locales import money
from app.models import Tenant


@dataclass(frozen=True)
class Cost:
    segments: int
    """0 where the channel does not bill by segment."""
    encoding: str = ""
    left: int = 0
    """Characters that still fit into the last segment."""
    price: str = ""
    """In the tenant's currency; empty where it has not said what a segment costs."""
    by_rcs: int = 0
    """How many it is billed as by RCS, about; 0 where the tenant has none."""

    def __str__(self) -> str:
        """E.g. 2 segments · about $0.016; empty where nothing is billed by segment. What goes by
        RCS costs less than SMS, which is told first: nobody knows before which it will be."""
        if not self.segments:
            return ""
        counted = f"{self.segments} segment{'' if self.segments == 1 else 's'}"
        by_sms = f"{counted} · about {self.price}" if self.price else counted
        return f"{by_sms}; by RCS about {self.by_rcs}" if self.by_rcs else by_sms


def cost(body: str, channel: Channel, tenant: Tenant) -> Cost:
    """Of one filled-in text, with plain characters where the tenant wants them."""
    if not channel.billed_by_segment:
        return Cost(0)
    text = plain(body) if tenant.plain_characters else body
    counted, known = segments.count(text), price(segments.count(text).count, tenant)
    rcs = segments.by_rcs(text, tenant.country) if tenant.rcs_sender else 0
    return Cost(counted.count, counted.encoding, counted.left, known, rcs)


def price(segments: int, tenant: Tenant) -> str:
    """Of so many, in the tenant's currency; empty where it has not said what one costs."""
    each = tenant.segment_price
    return money(each * segments, tenant.currency, tenant.locale) if each else ""
