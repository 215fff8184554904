"""What stands in a template's gaps for a customer and what they booked."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from app.lib.text.cleaning import shows
from app.lib.time.clock import wall_time
from app.lib.time.locales import day, spoken_at, time_of_day
from app.models import Appointment, Customer, Tenant
from app.notifications.content import manage_link
from app.notifications.content.memory_variables import remembered
from app.notifications.content.template_languages import LANGUAGES, Language
from app.notifications.types.notification_type import MANAGE_LINK, Kind


def values(
    kind: Kind,
    tenant: Tenant,
    language: str,
    customer: Customer,
    appointment: Appointment | None = None,
    review_link: str = "",
    starts_at: datetime | None = None,
    more: Mapping[str, str] = MappingProxyType({}),
    others: Sequence[Appointment] = (),
    text: str = "",
) -> dict[str, str]:
    """A value for each variable of the type, in a language of LANGUAGES.

    Dates and times are the wall time of the tenant's zone, as the language writes them in the
    tenant's country. What is not known is a word that fits its place (there, appointment, our
    team); without an appointment its date and time are empty. starts_at: the start to name, where
    it is another than the appointment's. more: of the variables that others know of, such as
    OF_THE_HOURS. others: what is told of in the same message, listed by the starts. text: that of
    the template; who comes, where that is not the customer, stands in the first of attendee_name,
    service_name and appointment_time that it has.
    """
    words = LANGUAGES[language]
    own = customer.first_name.strip()
    name = own if shows(own) else ""
    booked = [appointment, *others] if appointment else []
    everything = {
        "customer_name": name or words.customer,
        "business_name": tenant.name,
        "service_name": words.service,
        "staff_name": words.staff,
        "attendee_name": name or words.customer,
        "review_link": review_link,
        MANAGE_LINK: "",
        **remembered(customer, words, text),
        **_when(tenant, language, starts_at),
        **_booked(booked, name, tenant, language, starts_at, text),
        **more,
    }
    return {name: everything[name] for name in kind.variables}


def _booked(
    appointments: Sequence[Appointment],
    own: str,
    tenant: Tenant,
    language: str,
    starts_at: datetime | None,
    text: str,
) -> dict[str, str]:
    """Of each variable what is the same of all once, else each in the order of their starts."""
    ordered = sorted(appointments, key=lambda each: (each.starts_at, each.who_comes))
    # Beside others the customer is named, too.
    named = len(ordered) > 1 and any(each.who_comes for each in ordered)
    who = [_called(each) or (own if named else "") for each in ordered]
    told = [
        _one(each, name, tenant, language, starts_at, text)
        for each, name in zip(ordered, who, strict=True)
    ]
    for each, name in zip(told, who, strict=True):
        each["attendee_name"] = name or own or LANGUAGES[language].customer
    names = told[0] if told else {}
    return {name: listed([each[name] for each in told], LANGUAGES[language]) for name in names}


def _one(
    appointment: Appointment,
    who: str,
    tenant: Tenant,
    language: str,
    starts_at: datetime | None,
    text: str,
) -> dict[str, str]:
    """who: is named as the one who comes; empty: that goes without saying."""
    words, service, staff = LANGUAGES[language], appointment.service, appointment.staff_member
    said = {
        "service_name": service.name if service else words.service,
        "staff_name": staff.name if staff else words.staff,
        MANAGE_LINK: manage_link.address(appointment) if MANAGE_LINK in text else "",
        **_when(tenant, language, starts_at or appointment.starts_at),
    }
    if who and "attendee_name" not in text:
        if "service_name" in text or "appointment_time" not in text:
            said["service_name"] = words.attends.format(what=said["service_name"], name=who)
        else:
            said["appointment_time"] += f" ({who})"
    return said


def _called(appointment: Appointment) -> str:
    """Who comes, as the family says it; empty where the customer does."""
    attendee = appointment.attendee if appointment.attendee_id else None
    return (attendee.first_name.strip() if attendee else "") or appointment.who_comes


def listed(texts: Sequence[str], words: Language) -> str:
    """«3:00 PM, 3:30 PM and 4:00 PM»; what is always the same once."""
    if len(set(texts)) <= 1:
        return next(iter(texts), "")
    return f"{', '.join(texts[:-1])}{words.last}{texts[-1]}"


def _when(tenant: Tenant, language: str, starts_at: datetime | None) -> dict[str, str]:
    if starts_at is None:
        return {"appointment_date": "", "appointment_time": ""}
    return said_at(wall_time(starts_at, tenant.timezone), tenant, language)


def said_at(wall: datetime, tenant: Tenant, language: str) -> dict[str, str]:
    """The local date and time, as the tenant's texts in the language say them."""
    locale = spoken_at(language, tenant.locale)
    return {"appointment_date": day(wall, locale), "appointment_time": time_of_day(wall, locale)}
