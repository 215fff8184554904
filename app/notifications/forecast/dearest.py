"""The day on which a text costs most: some are longer to write, or not in GSM-7 (sáb, août)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from smsutil import is_valid_gsm

from app.channels.channel import Channel
from app.lib.time.clock import local_day
from app.models import MessageTemplate, Tenant
from app.notifications.content.cost import Cost, cost
from app.notifications.content.variables import said_at
from app.notifications.content.wording import OURS, filled

YEAR = 366
# Nothing is longer to write: 12:30 p. m.
LONGEST = time(12, 30)


@dataclass(frozen=True)
class Dearest:
    when: str
    cost: Cost

    def __str__(self) -> str:
        return f"On the dearest day ({self.when}): {self.cost} · {self.cost.encoding}"


def dearest(
    template: MessageTemplate,
    told: Mapping[str, str],
    channel: Channel,
    tenant: Tenant,
    now: datetime,
) -> Dearest | None:
    """Of the year to come; None where no day costs more than what it is told with does. Raises
    BadTemplate where on some day it would be too long."""
    if not channel.billed_by_segment or not set(OURS) & told.keys():
        return None
    usual = cost(filled(template, told, channel, tenant).body, channel, tenant)
    days = [_on(day, told, template, channel, tenant) for day in _days(tenant, template, now)]
    most = max(days, key=lambda each: each.cost.segments)
    return most if most.cost.segments > usual.segments else None


def _on(
    day: Mapping[str, str],
    told: Mapping[str, str],
    template: MessageTemplate,
    channel: Channel,
    tenant: Tenant,
) -> Dearest:
    ours = {name: day[name] for name in OURS if name in told}
    body = filled(template, {**told, **ours}, channel, tenant).body
    return Dearest(day[OURS[0]], cost(body, channel, tenant))


def _days(tenant: Tenant, template: MessageTemplate, now: datetime) -> list[Mapping[str, str]]:
    """Of the days that are written in GSM-7 the longest, and of the others."""
    noon = datetime.combine(local_day(now, tenant.timezone), LONGEST)
    days = [
        said_at(noon + timedelta(days=number), tenant, template.language) for number in range(YEAR)
    ]
    kinds = {all(map(is_valid_gsm, day[OURS[0]])): day for day in sorted(days, key=_length)}
    return list(kinds.values())


def _length(day: Mapping[str, str]) -> int:
    return len(day[OURS[0]])
