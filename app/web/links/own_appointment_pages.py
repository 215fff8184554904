"""What the page of an appointment shows its customer: the business, the service, day and time, and
no name of anybody."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from babel import Locale
from babel.dates import format_date
from flask import render_template, request

from app.appointments import self_service
from app.appointments.self_service import DAYS, May, Why
from app.extensions import db
from app.lib.time.clock import local_day, wall_time
from app.lib.time.locales import day, spoken_at, time_of_day
from app.models import Appointment, Tenant
from app.web.links.own_appointment_words import WORDS, Words

WEEK = timedelta(days=7)


class Choice(NamedTuple):
    """The free times of a day: what each sends, and how it is written."""

    day: str
    times: list[tuple[str, str]]


@dataclass(frozen=True)
class Own:
    """An appointment, as its link has opened it."""

    token: str
    appointment: Appointment
    tenant: Tenant
    now: datetime

    @property
    def id(self) -> int:
        return self.appointment.id

    @property
    def may(self) -> May:
        return self_service.may(self.appointment, self.tenant, self.now)

    def again(self) -> "Own":
        """As it is by now, after it could not be changed."""
        db.session.refresh(self.appointment)
        db.session.refresh(self.tenant)
        return self

    @property
    def language(self) -> str:
        return request.accept_languages.best_match(WORDS) or "en"

    @property
    def locale(self) -> Locale:
        return spoken_at(self.language, self.tenant.locale)

    def time(self, instant: datetime) -> str:
        return time_of_day(wall_time(instant, self.tenant.timezone), self.locale)

    def day(self, there: date) -> str:
        return format_date(there, "full", self.locale)

    def brief(self, there: date) -> str:
        return day(there, self.locale)

    def day_of(self, instant: datetime) -> date:
        return local_day(instant, self.tenant.timezone)


def page(own: Own, said: str = "") -> str:
    """said: the name of the words for what has just been done, or could not be."""
    may, words = own.may, WORDS[own.language]
    told = {Why.CANCELLED: words.cancelled, Why.OVER: words.over}.get(may.why or Why.ASK, "")
    state = told or (words.scheduled if may.confirm else words.confirmed)
    hint = "" if told or may.why is None else getattr(words, may.why)
    flash = "" if not said or said == may.why else getattr(words, said)
    return _rendered("links/own_appointment.html", own, words, state=state, hint=hint, flash=flash)


def times_page(own: Own, said: str = "") -> str:
    """The free places of a week."""
    words, start = WORDS[own.language], own.appointment.starts_at
    first, last = (own.day_of(each) for each in _range(own))
    begin = min(max(_asked() or first, first), last)
    found: dict[date, list[tuple[str, str]]] = {}
    for each in self_service.places(own.appointment, begin, WEEK.days, own.now):
        time = each.starts_at.isoformat(), own.time(each.starts_at)
        found.setdefault(own.day_of(each.starts_at), []).append(time)
    return _rendered(
        "links/own_appointment_times.html",
        own,
        words,
        days=[Choice(own.brief(there), times) for there, times in found.items()],
        earlier=max(begin - WEEK, first) if begin > first else None,
        later=begin + WEEK if begin + WEEK <= last else None,
        flash=getattr(words, said) if said else "",
        when=f"{own.brief(own.day_of(start))}, {own.time(start)}",
    )


def _rendered(template: str, own: Own, words: Words, **more: object) -> str:
    service, start = own.appointment.service, own.appointment.starts_at
    return render_template(
        template,
        words=words,
        language=own.language,
        own=own,
        may=own.may,
        business=own.tenant.name,
        service=service.name if service else words.appointment,
        day=own.day(own.day_of(start)),
        time=own.time(start),
        **more,
    )


def _range(own: Own) -> tuple[datetime, datetime]:
    return self_service.earliest(own.tenant, own.now), own.now + DAYS


def _asked() -> date | None:
    try:
        return date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        return None
