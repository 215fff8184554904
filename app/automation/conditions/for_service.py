from app.automation.choices import affirmed, chosen, gone, services, whether, words_of
from app.automation.rule_part import Condition, Gap, Options
from app.automation.snapshot import Snapshot


def holds(seen: Snapshot, options: Options) -> bool:
    """Without an appointment it is for nothing."""
    what = seen.appointment.service_id if seen.appointment else None
    return (what in chosen(options, "services")) == affirmed(options, "is")


def what(seen: Snapshot) -> str:
    if seen.appointment is None:
        return "no appointment"
    id_ = seen.appointment.service_id
    return words_of([id_], services()) if id_ else "none named"


PART = Condition(
    key="service",
    order=110,
    sentence="the appointment {is} for {services}",
    gaps=(
        whether("is", "Whether it is", "is", "is not"),
        Gap(key="services", kind="choices", label="Services", default=[], choices=services),
    ),
    gone=gone("service", "services", services),
    fact="Service",
    seen=what,
    holds=holds,
)
