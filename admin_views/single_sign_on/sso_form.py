"""What an admin enters about single sign-on."""

import re
from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, PasswordField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from admin_views.form_fields import tidy
from app.models import SecondFactorBy, SingleSignOn
from app.users.sso.sso_settings import Wanted

ASKED_BY = {
    SecondFactorBy.US.value: "KaiVox asks for it",
    SecondFactorBy.TOLD.value: "KaiVox asks, unless the provider says that it has (amr: mfa)",
    SecondFactorBy.PROVIDER.value: "The provider sees to it: whoever comes from there is let in",
}


class SsoForm(FlaskForm):  # type: ignore[misc]
    issuer = StringField(
        "Issuer",
        [DataRequired("Give the issuer of your provider."), Length(max=500)],
        description="The provider's address as it calls itself, such as https://accounts.google.com.",
        filters=[tidy],
        render_kw={"inputmode": "url", "spellcheck": "false", "autocapitalize": "off"},
    )
    client_id = StringField(
        "Client ID",
        [DataRequired("Give the client ID that your provider shows."), Length(max=500)],
        filters=[tidy],
        render_kw={"spellcheck": "false", "autocapitalize": "off"},
    )
    client_secret = PasswordField(
        "Client secret",
        [Length(max=2000)],
        description="It is stored encrypted and never shown again.",
        render_kw={"autocomplete": "off"},
    )
    enabled = BooleanField("Single sign-on is on")
    required = BooleanField("Only single sign-on: passwords let nobody in any more")
    second_factor_by = SelectField("Second factor", choices=ASKED_BY)
    makes_staff = BooleanField("Whoever comes from there and is nobody here yet becomes staff")
    domains = TextAreaField(
        "Of these email domains",
        [Length(max=2000)],
        description="One a line, such as salon.example.",
        render_kw={"rows": 2, "spellcheck": "false", "autocapitalize": "off"},
    )

    def wanted(self) -> Wanted:
        return Wanted(
            self.issuer.data,
            self.client_id.data,
            (self.client_secret.data or "").strip(),
            self.enabled.data,
            self.required.data,
            self.second_factor_by.data,
            self.makes_staff.data,
            re.split(r"[\s,;]+", self.domains.data or ""),
        )


def entered(stored: SingleSignOn | None) -> dict[str, Any]:
    """What the form shows of what is stored: never the secret."""
    if stored is None:
        return {"second_factor_by": SecondFactorBy.US}
    names = ("issuer", "client_id", "enabled", "required", "second_factor_by", "makes_staff")
    shown = {name: getattr(stored, name) for name in names}
    return shown | {"domains": "\n".join(stored.domains)}
