from admin_views.labels import CHANNEL
from admin_views.reports.charts import Stacks
from admin_views.reports.report import Report, Share, Told, share
from admin_views.reports.report_words import of_before, on_page
from app.models import What
from app.reports.counted import Count, counted
from app.reports.period import Period

# What has become of those that have gone out.
FATES = {
    "delivered": "Delivered",
    "sent": "Sent, no more known",
    "unknown": "Not confirmed",
    "failed": "Failed",
}


def tell(now: Period, before: Period) -> Told:
    found, earlier = counted(What.SENT, now), counted(What.SENT, before)
    channels = [key for key in CHANNEL if any(each.kind == key for each in found)]
    fates = {fate: [_sum(found, key, fate) for key in channels] for fate in FATES}
    rows = [
        (CHANNEL[key], *of_channel, share(of_channel[0], sum(of_channel)), failed(found, key))
        for key, *of_channel in zip(channels, *fates.values(), strict=True)
    ]
    words = {FATES[fate]: values for fate, values in fates.items()}
    return Told(
        ("Channel", *FATES.values(), "Delivered, of 100", "Failed, of 100"),
        rows,
        Stacks([CHANNEL[key] for key in channels], words) if found else None,
        of_before(f"{on_page(failed(found))} failed", failed(earlier)),
    )


def failed(counts: list[Count], channel: str = "") -> Share | None:
    gone_out = sum(_sum(counts, channel, fate) for fate in FATES)
    return share(_sum(counts, channel, "failed"), gone_out)


def _sum(counts: list[Count], channel: str, fate: str) -> int:
    return sum(c.total for c in counts if channel in ("", c.kind) and c.detail == fate)


REPORT = Report("delivery", "Delivery", "Nothing was sent in these days.", tell)
