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

    def __str__(self) -> str:
        """E.g. 2 segments · about $0.016; empty where nothing is billed by segment."""
        if not self.segments:
            return ""
        counted = f"{self.segments} segment{'' if self.segments == 1 else 's'}"
        return f"{counted} · about {self.price}" if self.price else counted


def cost(body: str, channel: Channel, tenant: Tenant) -> Cost:
    """Of one filled-in text, with plain characters where the tenant wants them."""
    if not channel.billed_by_segment:
        return Cost(0)
    counted = segments.count(plain(body) if tenant.plain_characters else body)
    return Cost(counted.count, counted.encoding, counted.left, price(counted.count, tenant))


def price(segments: int, tenant: Tenant) -> str:
    """Of so many, in the tenant's currency; empty where it has not said what one costs."""
    each = tenant.segment_price
    return money(each * segments, tenant.currency, tenant.locale) if each else ""
