"""Whose changes are logged, and of which columns the values are (tests/audit/test_audited.py holds
both complete)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from app.extensions import Model
from app.models import (
    ApiKey,
    Appointment,
    AutomationRule,
    Broadcast,
    CalendarFeed,
    Call,
    CannedReply,
    ChannelAccount,
    ChatSettings,
    ContactPoint,
    Customer,
    CustomerSegment,
    Label,
    Mailbox,
    MessageArchive,
    MessageTemplate,
    NotificationSetting,
    PinnedFact,
    Promise,
    SavedView,
    SenderNumber,
    Service,
    SingleSignOn,
    StaffMember,
    Tenant,
    User,
    UserInvitation,
    WebhookEndpoint,
    WhatsappTemplate,
)

# Whoever reads the log reads none of these, whatever table they are in.
SECRET = re.compile(r"password|token|secret|sealed|hash|uniquifier|(^|_)(key|auth|claim|link)$")


@dataclass(frozen=True)
class Audited:
    named_by: tuple[str, ...] = ("name",)
    """The columns by which a person knows a row."""
    texts: frozenset[str] = frozenset()
    """What people wrote about a customer: that it changed is logged, and not what it says."""
    by_itself: frozenset[str] = frozenset()
    """What the program keeps for itself, and no person changes."""

    def hides(self, column: str) -> bool:
        return column in self.texts or SECRET.search(column) is not None


def _audited(named_by: str = "name", texts: str = "", by_itself: str = "") -> Audited:
    words = tuple(named_by.split()), frozenset(texts.split()), frozenset(by_itself.split())
    return Audited(*words)


AUDITED: Mapping[type[Model], Audited] = {
    ApiKey: _audited(by_itself="secret_hash created_at last_used_at"),
    Appointment: _audited(
        "starts_at",
        texts="notes",
        by_itself="client_token booked_at planned_for planned_offset offset_for telling known_start"
        " known_at tell_at customer_moves created_at",
    ),
    AutomationRule: _audited(by_itself="version enabled_at created_at updated_at"),
    Broadcast: _audited(by_itself="version listed_to listed_at created_at"),
    CalendarFeed: _audited("", by_itself="token_hash created_at read_at"),
    Call: _audited("caller", texts="notes", by_itself="ask_at"),
    CannedReply: _audited("title"),
    ChannelAccount: _audited(
        by_itself="trouble warning check_at token_ends_at connected_at subscribed"
    ),
    ChatSettings: _audited("", by_itself="changed_at"),
    ContactPoint: _audited("address", by_itself="invalid_since rcs_seen_at created_at"),
    Customer: _audited("first_name last_name", texts="notes", by_itself="folded search created_at"),
    CustomerSegment: _audited(by_itself="created_at"),
    Label: _audited(),
    Mailbox: _audited(
        "address",
        by_itself="uid_validity last_uid anew_since connected_at due_at claim last_ok_at"
        " failing_since trouble tried_at access_token_sealed access_token_ends_at",
    ),
    MessageArchive: _audited(by_itself="state claim lease_until deleted begun_at sha256"),
    MessageTemplate: _audited("type", by_itself="updated_at"),
    NotificationSetting: _audited("type", by_itself="changed_at"),
    PinnedFact: _audited("", texts="fact", by_itself="version at"),
    Promise: _audited("due_at", texts="what", by_itself="reminded_at made_at"),
    SavedView: _audited(),
    SingleSignOn: _audited("issuer", by_itself="worked_at changed_at"),
    SenderNumber: _audited("number", by_itself="since ask_after"),
    Service: _audited(),
    # Their hours are told of by what saves them.
    StaffMember: _audited(by_itself="own_hours hours_version"),
    Tenant: _audited(
        by_itself="zone_rules reply_to_asked_at reply_to_link reply_to_link_at messages_kept_set_at"
        " kept_days_set_at health_due_at first_steps_hidden created_at"
    ),
    User: _audited(
        "email",
        # Of a second factor is told by who sets it up or turns it off (app/users/second_factor.py).
        by_itself="alert_sound alert_notify turn_at ctrl_enter_sends fs_uniquifier hotkeys"
        " totp_sealed totp_step second_factor_since created_at",
    ),
    UserInvitation: _audited("email", by_itself="token_hash created_at expires_at"),
    WebhookEndpoint: _audited(
        by_itself="created_at failing_since quiet_until served_at old_secret_until"
        " old_secret_sealed"
    ),
    WhatsappTemplate: _audited(by_itself="refused"),
}
