from app.automation.choices import affirmed, chosen, gone, services, whether
from app.automation.rule_part import Condition, Gap, Options
from app.automation.snapshot import Snapshot


def holds(seen: Snapshot, options: Options) -> bool:
    last = seen.came[0].service_id if seen.came else None
    return (last in chosen(options, "services")) == affirmed(options, "is")


def service(seen: Snapshot) -> str:
    return (seen.came[0].service or "none named") if seen.came else "no visit"


PART = Condition(
    key="last_service",
    order=140,
    sentence="their last visit {is} for {services}",
    gaps=(
        whether("is", "Whether it was", "was", "was not"),
        Gap(key="services", kind="choices", label="Services", default=[], choices=services),
    ),
    gone=gone("service", "services", services),
    fact="Service of the last visit",
    seen=service,
    holds=holds,
)
