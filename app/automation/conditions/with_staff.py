from app.automation.choices import affirmed, chosen, gone, staff_members, whether, words_of
from app.automation.rule_part import Condition, Gap, Options
from app.automation.snapshot import Snapshot


def holds(seen: Snapshot, options: Options) -> bool:
    """Without an appointment it is with nobody."""
    who = seen.appointment.staff_member_id if seen.appointment else None
    return (who in chosen(options, "staff")) == affirmed(options, "is")


def who(seen: Snapshot) -> str:
    if seen.appointment is None:
        return "no appointment"
    id_ = seen.appointment.staff_member_id
    return words_of([id_], staff_members()) if id_ else "nobody named"


PART = Condition(
    key="staff",
    order=100,
    sentence="the appointment {is} with {staff}",
    gaps=(
        whether("is", "Whether it is", "is", "is not"),
        Gap(key="staff", kind="choices", label="Staff", default=[], choices=staff_members),
    ),
    gone=gone("staff member", "staff", staff_members),
    fact="With",
    seen=who,
    holds=holds,
)
