"""Times in panels: instants in the database, the business's wall time on the screen."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from flask_admin.contrib.sqla.filters import DateTimeBetweenFilter
from flask_admin.form.fields import DateTimeField

from admin_views.frame import business
from app.lib.time.business_time import BusinessTime
from app.lib.time.clock import YEARS, now
from app.tenancy import tenant_in_scope

# The operator belongs to no place.
NOWHERE = BusinessTime("UTC", "en_GB")


def business_time() -> BusinessTime:
    """The business's time; the operator's is in UTC."""
    if not tenant_in_scope():
        return NOWHERE
    here = business()
    return BusinessTime(here.timezone, here.locale)


def zone() -> ZoneInfo:
    return ZoneInfo(business_time().timezone)


def shown(instant: datetime) -> str:
    """E.g. Nov 3, 2026, 2:05 PM."""
    return business_time().full(instant)


def brief(instant: datetime) -> str:
    """As in a list: Yesterday, Nov 3."""
    return business_time().brief(instant, now())


def exported(instant: datetime) -> str:
    """For a spreadsheet, which sorts by it: 2026-11-03 14:05."""
    return f"{instant.astimezone(zone()):%Y-%m-%d %H:%M}"


class WallTimeField(DateTimeField):  # type: ignore[misc]
    """Shows and takes the business's wall time; holds an instant in UTC.

    Of a time that a clock change makes ambiguous, the first is meant (PEP 495, fold=0).
    """

    data: datetime | None

    def process_data(self, value: datetime | None) -> None:
        super().process_data(value and value.astimezone(zone()).replace(tzinfo=None))

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        if self.data:
            if self.data.year not in YEARS:
                self.data = None
                raise ValueError(f"Give a year from {YEARS[0]} to {YEARS[-1]}.")
            self.data = self._stays() or self.data.replace(tzinfo=zone()).astimezone(UTC)

    def _stays(self) -> datetime | None:
        """The instant that stood there, if the wall time is the same: it may be the second."""
        before: datetime | None = self.object_data
        same = before and before.astimezone(zone()).strftime(self.format[0])
        return before if self.data and same == self.data.strftime(self.format[0]) else None

    def _value(self) -> str:
        if self.raw_data or not self.data:
            return " ".join(self.raw_data or [])
        return str(self.data.strftime(self.format[0]))


class Between(DateTimeBetweenFilter):  # type: ignore[misc]
    """Between two wall times of the business."""

    def clean(self, value: str) -> list[datetime]:
        return [instant.replace(tzinfo=zone()) for instant in super().clean(value)]
