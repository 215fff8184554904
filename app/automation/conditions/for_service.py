from app.automation.appointment_detail import condition
from app.automation.choices import services
from app.automation.rule_part import Gap

PART = condition(
    Gap(key="services", kind="choices", label="Services", default=[], choices=services),
    services,
    lambda appointment: appointment.service_id,
    key="service",
    order=110,
    sentence="the appointment {is} for {services}",
    fact="Service",
    noun="service",
    unnamed="none named",
)
