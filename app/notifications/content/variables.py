"""What stands in a template's gaps for a customer and an appointment."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from app.lib.text.cleaning import shows
from app.lib.time.clock import wall_time
from app.lib.time.locales import day, spoken_at, time_of_day
from app.models import Appointment, Customer, Tenant
from app.notifications.content.template_languages import LANGUAGES
from app.notifications.types.notification_type import Kind


def values(
    kind: Kind,
    tenant: Tenant,
    language: str,
    customer: Customer,
    appointment: Appointment | None = None,
    review_link: str = "",
    starts_at: datetime | None = None,
    more: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, str]:
    """A value for each variable of the type, in a language of LANGUAGES.

    Dates and times are the wall time of the tenant's zone, as the language writes them in the
    tenant's country. What is not known is a word that fits its place (there, appointment, our
    team); without an appointment its date and time are empty. starts_at: the start to name, where
    it is another than the appointment's. more: of the variables that others know of, such as
    OF_THE_HOURS.
    """
    words = LANGUAGES[language]
    service = appointment.service if appointment else None
    staff = appointment.staff_member if appointment else None
    name = customer.first_name.strip()
    everything = {
        "customer_name": name if shows(name) else words.customer,
        "business_name": tenant.name,
        "service_name": service.name if service else words.service,
        "staff_name": staff.name if staff else words.staff,
        "review_link": review_link,
        **_when(tenant, language, starts_at or (appointment.starts_at if appointment else None)),
        **more,
    }
    return {name: everything[name] for name in kind.variables}


def _when(tenant: Tenant, language: str, starts_at: datetime | None) -> dict[str, str]:
    if starts_at is None:
        return {"appointment_date": "", "appointment_time": ""}
    return said_at(wall_time(starts_at, tenant.timezone), tenant, language)


def said_at(wall: datetime, tenant: Tenant, language: str) -> dict[str, str]:
    """The local date and time, as the tenant's texts in the language say them."""
    locale = spoken_at(language, tenant.locale)
    return {"appointment_date": day(wall, locale), "appointment_time": time_of_day(wall, locale)}
