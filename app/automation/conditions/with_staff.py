from app.automation.appointment_detail import condition
from app.automation.choices import staff_members
from app.automation.rule_part import Gap

PART = condition(
    Gap(key="staff", kind="choices", label="Staff", default=[], choices=staff_members),
    staff_members,
    lambda appointment: appointment.staff_member_id,
    key="staff",
    order=100,
    sentence="the appointment {is} with {staff}",
    fact="With",
    noun="staff member",
    unnamed="nobody named",
)
