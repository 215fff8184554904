"""The fields of a mailbox, as its business enters them."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import IntegerField, PasswordField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, ValidationError

from admin_views.form_fields import tidy
from admin_views.panels.checks import mailbox
from app.inbound.mailboxes.connect_mailbox import INBOX, Entered
from app.providers.oauth import VENDORS

KEEP = "It is stored encrypted and never shown again."


def printable(_form: Any, field: Any) -> None:
    """On one line: more would be another command to the mail server."""
    if not (field.data or "").isprintable():
        raise ValidationError("Leave out line breaks and other invisible characters.")


class MailboxForm(FlaskForm):  # type: ignore[misc]
    email = StringField(
        "Email address",
        [DataRequired(), Length(max=200), mailbox],
        description="Emails that this address itself writes are left out.",
        filters=[tidy],
    )
    host = StringField(
        "IMAP server",
        [DataRequired(), Length(max=253), printable],
        description="As your email provider calls it, such as imap.example.com.",
        filters=[tidy],
    )
    security = SelectField(
        "Encryption",
        default="tls",
        choices={"tls": "TLS (port 993)", "starttls": "STARTTLS (port 143)"},
    )
    port = IntegerField(
        "Port",
        [InputRequired(), NumberRange(1, 65535, "Give a port such as 993.")],
        default=993,
    )
    user_name = StringField(
        "User name",
        [Length(max=200), printable],
        description="Empty: the email address.",
        filters=[tidy],
    )
    password = PasswordField(
        "Password",
        [Length(max=500), printable],
        description=f"With two-step sign-in, an app password for IMAP. {KEEP}",
        render_kw={"autocomplete": "new-password"},
    )
    folder = StringField(
        "Folder",
        [DataRequired(), Length(max=200), printable],
        default=INBOX,
        description="Only what comes into this folder is read.",
        filters=[tidy],
    )

    def entered(self) -> Entered:
        address = self.email.data
        where = self.host.data, self.port.data, self.security.data
        user_name = self.user_name.data or address
        return Entered(address, *where, user_name, self.folder.data, self.password.data or "")


class TokenForm(FlaskForm):  # type: ignore[misc]
    """For a business that has an app of its own at Google or Microsoft."""

    vendor = SelectField("Provider", choices={key: each.label for key, each in VENDORS.items()})
    address = StringField(
        "Email address", [DataRequired(), Length(max=200), mailbox], filters=[tidy]
    )
    client_id = StringField("Client ID", [DataRequired(), Length(max=500)], filters=[tidy])
    client_secret = PasswordField(
        "Client secret", [DataRequired(), Length(max=500)], render_kw={"autocomplete": "off"}
    )
    refresh_token = PasswordField(
        "Refresh token",
        [DataRequired(), Length(max=8000)],
        description=KEEP,
        render_kw={"autocomplete": "off"},
    )
