"""The fields of a business, for its own admins and for the operator."""

from types import SimpleNamespace
from typing import Any
from zoneinfo import available_timezones

from flask_wtf import FlaskForm
from phonenumbers import SUPPORTED_REGIONS
from wtforms import (
    BooleanField,
    DecimalField,
    FloatField,
    IntegerField,
    PasswordField,
    SelectField,
    StringField,
)
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    Regexp,
    ValidationError,
)

from admin_views.form_fields import tidy
from admin_views.panels.checks import mailbox, telephone
from admin_views.panels.pages.kept_choices import FIELDS, kept
from admin_views.panels.pages.kept_words import CHOICES, HINT
from app.extensions import db
from app.lib.time.clock import now
from app.lib.time.locales import currencies, locales
from app.models import Tenant
from app.notifications.content.template_languages import LANGUAGES
from app.notifications.planning import replan
from app.numbers.account import NotYours, connect
from app.numbers.enter import NotEntered, enter, entered
from app.numbers.rights import locked
from app.outbox.queue.destinations import closed
from app.outbox.reply_to import reply_address
from app.outbox.senders.twilio_senders import own_account
from app.retention.kept_kinds import choose
from app.retention.kept_period import keep_for
from app.tasks import Task, enqueue
from app.tenancy import tenant_scope
from app.users import second_factor

KEEP = "Leave it empty to keep the present one. It is stored encrypted and never shown again."

# Where nothing is entered.
MANAGE_HOURS, MANAGE_MOVES = 24, 3
PLAIN_FIELDS = (
    "name",
    "timezone",
    "country",
    "locale",
    "currency",
    "segment_price",
    "forward_calls_to",
    "screen_calls",
    "assigns_in_turn",
    "undo_seconds",
    "plain_characters",
    "sms_pace",
    "whatsapp_pace",
    "whatsapp_falls_back",
    "second_factor_required",
    "manage_hours",
    "manage_moves",
)
# What forms look at and do not take over as it stands.
BESIDES = (
    "twilio_account_sid",
    "twilio_auth_token_sealed",
    "messages_kept_years",
    "open_countries",
    "segments_a_day",
    "calls_a_day",
    "strangers_a_day",
)
NUMBERS = {"sms": "sms_from", "whatsapp": "whatsapp_from", "rcs": "rcs_sender"}
# Of RCS: which of Twilio's services the sender is in.
SERVICE = "messaging_service_sid"
RCS_SENDER = r"^[A-Za-z0-9_]{1,60}_agent$"
NO_NUMBER = "Enter your SMS number, too: who has no RCS is written to from there."


class BusinessForm(FlaskForm):  # type: ignore[misc]
    name = StringField("Name", [DataRequired(), Length(max=100)], filters=[tidy])
    timezone = SelectField(
        "Time zone", default="America/New_York", choices=sorted(available_timezones())
    )
    country = SelectField("Country", default="US", choices=sorted(SUPPORTED_REGIONS))
    locale = SelectField(
        "Language",
        default="en_US",
        choices=locales(tuple(LANGUAGES)),
        description="Of your automatic messages. Dates and times are written as they are there, on"
        " these pages as well. Customers who speak another language can have texts of their own.",
    )
    currency = SelectField("Currency", default="USD", choices=currencies)
    segment_price = DecimalField(
        "Price of an SMS segment",
        [Optional(), NumberRange(0, 100, "Give 0 to 100, such as 0.0079, or leave it empty.")],
        places=None,
        description="What Twilio and the carriers charge you. With it you see what a text costs.",
    )
    sms_from = StringField("SMS number", [telephone], description="Where your texts come from.")
    whatsapp_from = StringField("WhatsApp number", [telephone])
    rcs_sender = StringField(
        "RCS sender",
        [Optional(), Regexp(RCS_SENDER, message="It ends in _agent, such as brand_xyz123_agent.")],
        description="As Twilio’s console names it, once carriers have approved it. Your texts then"
        " go by RCS where a telephone has it, with your name and buttons under reminders, and else"
        " from your SMS number.",
        filters=[lambda text: (text or "").strip().removeprefix("rcs:") or None],
    )
    messaging_service_sid = StringField(
        "Messaging Service",
        [Optional(), Regexp(r"^MG[0-9a-fA-F]{32}$", message="It is MG and 32 digits or a–f.")],
        description="The service at Twilio that the RCS sender and your SMS number are in.",
        filters=[lambda text: (text or "").strip() or None],
    )
    reply_to = StringField(
        "Answers to emails go to",
        [mailbox],
        description="Your own email address. Emails come in your business's name from our address,"
        " and who answers writes to you; under Email mailbox you let that come into the inbox, too."
        " A new address counts once you have opened the link that we send there. Empty: you send no"
        " emails.",
        filters=[tidy],
    )
    manage_hours = IntegerField(
        "Hours in which customers change nothing",
        [Optional(), NumberRange(0, 720, "Give 0 to 720 hours.")],
        default=MANAGE_HOURS,
        filters=[lambda hours: MANAGE_HOURS if hours is None else hours],
        description="Until so long before an appointment its customer may cancel or move it by its"
        " link, {{manage_link}} in your automatic messages. Later they have to ask you.",
    )
    manage_moves = IntegerField(
        "How often a customer moves an appointment",
        [Optional(), NumberRange(0, 20, "Give 0 to 20 times.")],
        default=MANAGE_MOVES,
        filters=[lambda times: MANAGE_MOVES if times is None else times],
        description="At most, by the same link, to times that are free, where the service lets"
        " customers choose one; 0: not at all.",
    )
    forward_calls_to = StringField(
        "Calls ring at",
        [telephone],
        description="Who calls your number is put through to this telephone. Empty: they hear that"
        " nobody can take the call.",
    )
    screen_calls = BooleanField(
        "Press 1 to take a call",
        description="Otherwise a voicemail or answering machine takes it, and the call does not"
        " count as missed.",
    )
    assigns_in_turn = BooleanField(
        "Assign in turn",
        description="Whoever waits for an answer and is nobody's goes to those of your team who"
        " have KaiVox open, one after the other. Rules that assign come first.",
    )
    undo_seconds = IntegerField(
        "Seconds to take a message back",
        [InputRequired(), NumberRange(0, 60, "Give 0 to 60 seconds.")],
        default=5,
        description="A message written by hand leaves when they are over; 0 sends it at once.",
    )
    plain_characters = BooleanField(
        "Plain characters in SMS",
        default=True,
        description="Replaces curly quotes and long dashes where that makes a text cheaper.",
    )
    sms_pace = FloatField(
        "SMS segments a second",
        [Optional(), NumberRange(0.1, 1000, "Give 0.1 to 1,000, or leave it empty.")],
        description="As Twilio allows your own number. Empty: 1, and 3 for a toll-free number.",
    )
    whatsapp_pace = FloatField(
        "WhatsApp messages a second",
        [Optional(), NumberRange(0.1, 1000, "Give 0.1 to 1,000, or leave it empty.")],
        description="Empty: 80.",
    )
    whatsapp_falls_back = BooleanField(
        "Texts fall back after 24 hours",
        description="A text for WhatsApp, Messenger or Instagram goes by SMS, or by email where it"
        " cannot, once the customer's last message there is older than 24 hours; otherwise such a"
        " text is refused.",
    )
    second_factor_required = BooleanField(
        "Everybody needs a second factor",
        description="Who signs in gives a code of an authenticator app besides the password. Who"
        " has none yet, you as well, sets one up before anything else.",
    )
    messages_kept_years = SelectField(
        "Keep messages for",
        choices=CHOICES,
        coerce=lambda years: int(years) if years else None,
        description=HINT,
    )
    kept_calls = kept("calls")
    kept_appointments = kept("appointments")
    kept_emails = kept("emails")
    kept_rule_runs = kept("rule_runs")
    kept_webhook_deliveries = kept("webhook_deliveries")
    kept_audit_entries = kept("audit_entries")
    twilio_account_sid = StringField(
        "Twilio account SID",
        [Optional(), Regexp(r"^AC[0-9a-fA-F]{32}$", message="It is AC and 32 digits or a–f.")],
        description="Only with a Twilio account of your own; else ours is used.",
        filters=[lambda text: (text or "").strip() or None],
    )
    twilio_auth_token = PasswordField(
        "Twilio auth token",
        [Optional(), Length(16, 100)],
        description=KEEP,
        render_kw={"autocomplete": "off"},
    )

    def __init__(self, *args: Any, obj: Any = None, **kwargs: Any):
        super().__init__(*args, obj=obj, **kwargs)
        self.business = obj

    def pays_itself(self) -> bool:
        """Whether its texts and calls go by an account of its own, once this is saved."""
        sid = self.twilio_account_sid
        sealed = self.business and self.business.twilio_auth_token_sealed
        known = bool(sealed) and sid.data == sid.object_data
        return bool(sid.data and (known or self.twilio_auth_token.data))

    def countries(self) -> list[str]:
        """Where it may call at our cost, once this is saved."""
        business = self.business
        return [business.country, *business.open_countries] if business else [self.country.data]

    def validate_forward_calls_to(self, field: Any) -> None:
        bounded = field.data and not field.errors and not self.pays_itself()
        if bounded and (reason := closed(self.countries(), field.data)):
            raise ValidationError(reason)

    def validate_rcs_sender(self, field: Any) -> None:
        if field.data and not self.sms_from.data:
            raise ValidationError(NO_NUMBER)
        if bool(field.data) != bool(self.messaging_service_sid.data):
            raise ValidationError("Enter both, the RCS sender and its Messaging Service, or none.")

    def allow(self, tenant: Tenant) -> None:
        """Take over what only the operator's form says."""

    def validate_twilio_auth_token(self, field: Any) -> None:
        if field.data and not self.twilio_account_sid.data:
            raise ValidationError("Give the account SID that the token belongs to.")


def as_entered(tenant: Tenant) -> SimpleNamespace:
    """The business as its form shows it: with the numbers and the mailbox that were entered,
    whether they count by now or not."""
    shown = SimpleNamespace(**{name: getattr(tenant, name) for name in PLAIN_FIELDS})
    for name in BESIDES:
        setattr(shown, name, getattr(tenant, name))
    for field, kind in FIELDS.items():
        setattr(shown, field, tenant.kept_days.get(kind))
    shown.reply_to = tenant.reply_to_wanted or tenant.reply_to
    with tenant_scope(tenant.id):
        for channel, field in NUMBERS.items():
            setattr(shown, field, _entered(tenant, channel)[0])
        setattr(shown, SERVICE, _entered(tenant, "rcs")[1])
    return shown


def _entered(tenant: Tenant, channel: str) -> tuple[str | None, str | None]:
    """The number, and of RCS its service."""
    row = entered(tenant, channel)
    return (row.number, row.service_sid) if row else (None, None)


def take_over(tenant: Tenant, form: BusinessForm, by_operator: bool) -> bool:
    """Let the business be as the form says, committed; False where a number or an account cannot
    be entered, which its field then says, and nothing is changed."""
    with tenant_scope(tenant.id):
        try:
            _fill(locked(tenant.id), form, by_operator)
        except WrongField as wrong:
            db.session.rollback()
            form[wrong.field].errors = [f"{wrong}."]
            return False
        db.session.commit()
    for task in (Task.PLAN, Task.PROVE_NUMBERS, Task.MAKE_CARDS, Task.SEND_REPLY_LINKS):
        enqueue(task)
    return True


class WrongField(ValueError):
    def __init__(self, field: str, error: ValueError) -> None:
        super().__init__(str(error))
        self.field = field


def _fill(tenant: Tenant, form: BusinessForm, by_operator: bool) -> None:
    """In another zone days begin at other times, so that what is to come is planned anew."""
    moves = tenant.timezone != form.timezone.data
    if form.second_factor_required.data and not tenant.second_factor_required:
        second_factor.end_streams_without()
    for name in PLAIN_FIELDS:
        setattr(tenant, name, form[name].data)
    keep_for(tenant, form.messages_kept_years.data, now())
    choose(tenant, {kind: form[field].data for field, kind in FIELDS.items()}, now())
    form.allow(tenant)
    reply_address.enter(tenant, form.reply_to.data, now())
    token = (form.twilio_auth_token.data or "").strip()
    before = own_account(tenant), {channel: _entered(tenant, channel) for channel in NUMBERS}
    try:
        connect(tenant, form.twilio_account_sid.data, token or None, now())
    except NotYours as error:
        raise WrongField("twilio_account_sid", error) from None
    for channel, field in NUMBERS.items():
        given = form[field].data, form[SERVICE].data if channel == "rcs" else None
        if own_account(tenant) != before[0] and given == before[1][channel]:
            # It stays behind with the account that it was entered for: nobody gave it to this one.
            given = _entered(tenant, channel)
        try:
            enter(tenant, channel, given[0], now(), by_operator, given[1])
        except NotEntered as error:
            raise WrongField(field, error) from None
    if moves:
        replan.anew(now(), elsewhere=True)
