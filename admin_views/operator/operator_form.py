"""What only the operator says of a business: what it may cost the platform's Twilio account."""

from typing import Any

from phonenumbers import SUPPORTED_REGIONS
from wtforms import IntegerField, StringField
from wtforms.validators import NumberRange, Optional, ValidationError

from admin_views.panels.business_form import BusinessForm
from app.models import Tenant

MOST = 1_000_000
OURS = "By our Twilio account; a business with its own pays itself."


class CountriesField(StringField):  # type: ignore[misc]
    """ISO codes with commas between; its data is a list."""

    def _value(self) -> str:
        return ", ".join(self.data or [])

    def process_formdata(self, valuelist: list[str]) -> None:
        codes = valuelist[0].upper().replace(",", " ").split() if valuelist else []
        self.data = list(dict.fromkeys(codes))


def limit(label: str, usual: int, description: str) -> IntegerField:
    within = NumberRange(0, MOST, f"Give 0 to {MOST:,}, or leave it empty.")
    told = f"{description} Empty: {usual:,}."
    return IntegerField(label, [Optional(), within], default=usual, description=told)


class OperatorForm(BusinessForm):
    open_countries = CountriesField(
        "Open countries",
        description="Where it may text and call beside its own country, as ISO codes such as"
        f" DE, AT. {OURS} Premium-rate, satellite and other special numbers stay closed.",
    )
    segments_a_day = limit(
        "Text segments a day",
        1000,
        f"{OURS} A fifth of them is kept for what its people write; what is beyond waits.",
    )
    calls_a_day = limit("Forwarded calls a day", 100, f"{OURS} What is beyond does not ring.")
    strangers_a_day = limit(
        "Texts to unknown callers a day",
        50,
        "Automatic texts after missed calls of people who were never customers.",
    )

    def validate_open_countries(self, field: Any) -> None:
        for code in field.data or []:
            if code not in SUPPORTED_REGIONS:
                raise ValidationError(f"“{code}” is no country: give codes such as DE, AT.")

    def countries(self) -> list[str]:
        return [self.country.data, *(self.open_countries.data or [])]

    def allow(self, tenant: Tenant) -> None:
        """Take over what the business may cost."""
        tenant.open_countries = self.open_countries.data or []
        for field in (self.segments_a_day, self.calls_a_day, self.strangers_a_day):
            usual = field.default if field.data is None else field.data
            setattr(tenant, field.name, usual)
