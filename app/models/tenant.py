from datetime import datetime, time, timedelta
from decimal import Decimal

from sqlalchemy import CheckConstraint, ColumnElement, Numeric, Text, false, func, true
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.lib.time.clock import now
from app.lib.time.zones import RULES

# A new business is not told that its number is not connected while somebody is at it.
SET_UP_IN = timedelta(minutes=10)


class Tenant(Model):
    """A business. Found by its slug in the webhook URL, or by who is signed in."""

    __tablename__ = "tenant"
    __table_args__ = (
        CheckConstraint("slug ~ '^[a-z0-9][a-z0-9-]*$'", name="slug_form"),
        CheckConstraint("undo_seconds BETWEEN 0 AND 60", name="undo_within_a_minute"),
        CheckConstraint("(quiet_from IS NULL) = (quiet_until IS NULL)", name="quiet_hours_whole"),
        CheckConstraint(
            "(rcs_sender IS NULL) = (messaging_service_sid IS NULL)", name="rcs_sender_whole"
        ),
        CheckConstraint("sms_pace > 0 AND whatsapp_pace > 0", name="pace_moves"),
        CheckConstraint("locale ~ '^[a-z]{2}_[A-Z]{2}$'", name="locale_form"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency_form"),
        CheckConstraint(
            "reply_to_link IN ('due', 'sending', 'sent', 'unsure', 'refused')",
            name="reply_to_link_known",
        ),
        CheckConstraint(
            "manage_hours BETWEEN 0 AND 720 AND manage_moves BETWEEN 0 AND 20",
            name="manage_sensible",
        ),
        CheckConstraint("segment_price BETWEEN 0 AND 100", name="segment_price_sensible"),
        CheckConstraint(
            "segments_a_day >= 0 AND calls_a_day >= 0 AND strangers_a_day >= 0",
            name="limits_sensible",
        ),
        CheckConstraint("messages_kept_years BETWEEN 1 AND 100", name="messages_kept_a_year"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    timezone: Mapped[str]
    # By which version of its zone's rules its appointments to come were planned.
    zone_rules: Mapped[str | None] = mapped_column(default=RULES)
    country: Mapped[str] = mapped_column(default="US")
    # Its language and how dates are written there (CLDR): its messages and its pages follow it.
    locale: Mapped[str] = mapped_column(default="en_US", server_default="en_US")
    currency: Mapped[str] = mapped_column(default="USD", server_default="USD")
    # What an SMS segment costs it, in its currency; NULL: it has not said.
    segment_price: Mapped[Decimal | None] = mapped_column(Numeric())
    # Nobody writes from another's number, and it is known whose an answer is.
    sms_from: Mapped[str | None] = mapped_column(unique=True)
    whatsapp_from: Mapped[str | None] = mapped_column(unique=True)
    # Its RCS sender, and the Messaging Service of Twilio's which that is in: texts from its number
    # go by the service, which tries RCS first. Both or neither.
    rcs_sender: Mapped[str | None] = mapped_column(unique=True)
    messaging_service_sid: Mapped[str | None] = mapped_column(unique=True)
    # Where answers to its emails go; without one it sends none.
    reply_to: Mapped[str | None]
    # Where it wants them to go, once whoever reads there confirms it: since when, what became
    # of the link that asks them, and when that leaves or has left (app/outbox/reply_to).
    reply_to_wanted: Mapped[str | None]
    reply_to_asked_at: Mapped[datetime | None]
    reply_to_link: Mapped[str | None]
    reply_to_link_at: Mapped[datetime | None]
    forward_calls_to: Mapped[str | None]
    # Whether whoever takes a call there must press 1, so that a voicemail does not take it.
    screen_calls: Mapped[bool] = mapped_column(default=False, server_default=false())
    # Its own Twilio account, where it has one; else the platform's is used.
    twilio_account_sid: Mapped[str | None]
    twilio_auth_token_sealed: Mapped[str | None]
    # The secret in the address that its emails are posted to; NULL: none come in.
    email_token_sealed: Mapped[str | None]
    # Whether what waits and is nobody's goes in turn to those of the team who are there.
    assigns_in_turn: Mapped[bool] = mapped_column(default=False, server_default=false())
    # How long a message written by hand can be taken back before it leaves; 0: not at all.
    undo_seconds: Mapped[int] = mapped_column(default=5, server_default="5")
    # Whether a curly quote may become a plain one where that makes an SMS cheaper.
    plain_characters: Mapped[bool] = mapped_column(default=True, server_default=true())
    # Segments a second that Twilio takes of its own numbers; NULL: as many as is usual.
    sms_pace: Mapped[float | None]
    whatsapp_pace: Mapped[float | None]
    # Whether a text for WhatsApp goes by SMS once the session window is closed.
    whatsapp_falls_back: Mapped[bool] = mapped_column(default=False, server_default=false())
    # Between them nothing automatic is sent, in the customer's wall time; both null: at any time.
    quiet_from: Mapped[time | None] = mapped_column(default=time(21), server_default="21:00")
    quiet_until: Mapped[time | None] = mapped_column(default=time(8), server_default="08:00")
    # Since when nothing automatic is sent at all.
    paused_at: Mapped[datetime | None]
    # Whether a customer's answer to a reminder can cancel the appointment.
    reply_cancels: Mapped[bool] = mapped_column(default=False, server_default=false())
    # Until how many hours before it a customer may cancel or move an appointment by its link, and
    # how often move it; 0 moves: not at all.
    manage_hours: Mapped[int] = mapped_column(default=24, server_default="24")
    manage_moves: Mapped[int] = mapped_column(default=3, server_default="3")
    # What it may cost the platform's account; only the operator changes these. Countries beside its
    # own that texts and calls may go to (ISO 3166), and the limits of a day (models/spending.py).
    open_countries: Mapped[list[str]] = mapped_column(
        ARRAY(Text), default=list, server_default="{}"
    )
    segments_a_day: Mapped[int] = mapped_column(default=1000, server_default="1000")
    calls_a_day: Mapped[int] = mapped_column(default=100, server_default="100")
    strangers_a_day: Mapped[int] = mapped_column(default=50, server_default="50")
    # For how many years it keeps messages, and when that was said (app/retention); NULL: for ever.
    messages_kept_years: Mapped[int | None]
    messages_kept_set_at: Mapped[datetime | None]
    # Whether all who sign in to it need a second factor (app/web/guards/second_factor_guard.py).
    second_factor_required: Mapped[bool] = mapped_column(default=False, server_default=false())
    # For how many days it keeps what is no message, by kind (app/retention/kept_kinds.py), and when
    # that was said; what is not named is kept as usual.
    kept_days: Mapped[dict[str, int]] = mapped_column(JSONB, default=dict, server_default="{}")
    kept_days_set_at: Mapped[datetime | None]
    # When its messaging health is looked at next (app/health/watch.py).
    health_due_at: Mapped[datetime] = mapped_column(
        default=lambda: now() + SET_UP_IN, server_default=func.now()
    )
    # Nobody there wants to be shown how to begin (app/reports/first_steps.py).
    first_steps_hidden: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())

    @hybrid_property
    def pays_itself(self) -> bool:
        """Whether its texts and calls go by a Twilio account of its own."""
        return bool(self.twilio_account_sid and self.twilio_auth_token_sealed)

    @pays_itself.inplace.expression
    @classmethod
    def _pays_itself(cls) -> ColumnElement[bool]:
        sid, token = cls.twilio_account_sid, cls.twilio_auth_token_sealed
        return (func.coalesce(sid, "") != "") & (func.coalesce(token, "") != "")

    def __str__(self) -> str:
        return self.name
