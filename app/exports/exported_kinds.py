"""What is in an export: a kind of rows a pair of files, and what they are."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import LargeBinary, inspect
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import InstrumentedAttribute

from app import models
from app.audit.audited import SECRET

Columns = Sequence[InstrumentedAttribute[Any]]


class ExportedKind(NamedTuple):
    model: type[Any]
    about: str
    """A sentence for whoever opens the file."""
    left_out: frozenset[str] = frozenset()
    """What the program keeps for itself. Secrets and words of the search are never there."""
    at_once: int = 500
    """How many rows are read at once: few where one may be large."""

    @property
    def columns(self) -> Columns:
        return [
            getattr(self.model, each.key)
            for each in inspect(self.model).column_attrs
            if each.key not in self.left_out | {"tenant_id"}
            and not isinstance(each.columns[0].type, LargeBinary | TSVECTOR)
            and not SECRET.search(each.key)
        ]

    @property
    def key(self) -> Columns:
        """What tells the rows of one business apart; nothing: it has one."""
        if self.model is models.Tenant:
            return []
        names = (column.name for column in inspect(self.model).primary_key)
        return [getattr(self.model, name) for name in names if name != "tenant_id"]


def _kind(model: type[Any], about: str, left_out: str = "", at_once: int = 500) -> ExportedKind:
    return ExportedKind(model, about, frozenset(left_out.split()), at_once)


SENDING = "claim lease_until attempts attempted_at"

# By the name of the files, in their order.
KINDS = {
    "business": _kind(
        models.Tenant,
        "Your business and what you chose for it.",
        "zone_rules health_due_at reply_to_asked_at reply_to_link_at first_steps_hidden",
    ),
    "users": _kind(models.User, "Who signs in.", "turn_at totp_step"),
    "staff_members": _kind(models.StaffMember, "Who takes appointments.", "hours_version"),
    "working_hours": _kind(
        models.StaffInterval,
        "When those work who have hours of their own, by the day of the week (0 is Monday), in"
        " minutes after midnight.",
    ),
    "days_off": _kind(models.TimeOff, "When they are away."),
    "services": _kind(models.Service, "What can be booked."),
    "services_offered_by": _kind(
        models.ServiceStaff, "Who offers the services that not everybody offers."
    ),
    "business_hours": _kind(models.BusinessHours, "Your holidays.", "version"),
    "opening_intervals": _kind(
        models.OpeningInterval,
        "When you are open, by the day of the week (0 is Monday), in minutes after"
        " midnight, or by a day of hours_exceptions.",
    ),
    "hours_exceptions": _kind(models.HoursException, "Days with other hours."),
    "customers": _kind(models.Customer, "Your customers, with your notes.", "folded"),
    "pinned_facts": _kind(
        models.PinnedFact, "What everybody should know of a customer before they come."
    ),
    "promises": _kind(
        models.Promise, "What your team told customers that it would do.", "reminded_at"
    ),
    "broadcasts": _kind(
        models.Broadcast, "Your offers to many: what they say, and whom they are for.", "listed_to"
    ),
    "broadcast_recipients": _kind(
        models.BroadcastRecipient, "To whom each broadcast went, or why not.", "due_at round"
    ),
    "customer_segments": _kind(models.CustomerSegment, "Customers under a name, by filters."),
    "contact_points": _kind(
        models.ContactPoint, "How customers are reached: their numbers and addresses."
    ),
    "chat_visitors": _kind(
        models.ChatSession, "Browsers that opened your live chat, and what they said of themselves."
    ),
    "consent_events": _kind(
        models.ConsentEvent,
        "Who said when that they want no more messages, or want them again, and how.",
    ),
    "marketing_consents": _kind(
        models.MarketingConsent,
        "Who said when that they agree to get offers, or no longer do, and how that is known.",
    ),
    "opt_outs": _kind(models.OptOut, "To whom nothing may be sent, and since when."),
    "appointments": _kind(
        models.Appointment,
        "All appointments, with your notes.",
        "planned_for planned_offset offset_for telling known_start known_at tell_at",
    ),
    "calls": _kind(models.Call, "Who rang, and whether somebody answered.", "ask_at"),
    "conversations": _kind(
        models.Conversation, "One for each customer: whose it is, and its state."
    ),
    "messages": _kind(
        models.Message,
        "All messages, both ways, on every channel.",
        f"{SENDING} checks ask_at send_after not_after public_id conversation_before",
        at_once=200,
    ),
    "received_emails": _kind(
        models.ReceivedEmail,
        "What else there is of emails that came in, with their HTML.",
        at_once=10,
    ),
    "attachments": _kind(
        models.Media,
        "The pictures and files of messages. “file” says where each lies in this archive.",
        "url attempts fetch_after",
    ),
    "message_steps": _kind(models.MessageEvent, "What became of messages, for 90 days."),
    "message_quotes": _kind(models.MessageQuote, "Which message answers which."),
    "message_reactions": _kind(models.MessageReaction, "Emoji that customers put under messages."),
    "message_revisions": _kind(
        models.MessageRevision, "What messages said before they were edited."
    ),
    "replies": _kind(models.Reply, "How answers to reminders were read, and what came of them."),
    "button_taps": _kind(models.ButtonTap, "Buttons under messages that customers tapped."),
    "notes": _kind(models.Note, "What your team noted about conversations."),
    "labels": _kind(models.Label, "The labels of conversations."),
    "conversation_labels": _kind(models.ConversationLabel, "Which conversation has which label."),
    "conversation_events": _kind(
        models.ConversationEvent, "What your team and your rules did with conversations."
    ),
    "scheduled_messages": _kind(models.ScheduledMessage, "What your team wrote to be sent later."),
    "notifications": _kind(
        models.Notification,
        "Automatic messages: planned, sent, or not sent and why.",
        "public_id attempts",
    ),
    "notification_settings": _kind(
        models.NotificationSetting, "Which automatic messages you send, and when."
    ),
    "message_templates": _kind(models.MessageTemplate, "Your texts of automatic messages."),
    "whatsapp_templates": _kind(models.WhatsappTemplate, "Templates that WhatsApp approved."),
    "canned_replies": _kind(models.CannedReply, "Texts that your team keeps ready."),
    "rules": _kind(models.AutomationRule, "Your rules."),
    "rule_runs": _kind(models.AutomationRun, "What rules did, or why they did not."),
    "chat_settings": _kind(models.ChatSettings, "Your live chat."),
    "chat_blocks": _kind(models.ChatBlock, "Who is blocked in your live chat."),
    "numbers": _kind(models.SenderNumber, "Numbers that you write from.", "ask_after"),
    "social_accounts": _kind(
        models.ChannelAccount, "Your Facebook page and Instagram account.", "check_at"
    ),
    "mailboxes": _kind(
        models.Mailbox,
        "The mailbox that your emails are read from.",
        "due_at uid_validity last_uid anew_since",
    ),
    "webhooks": _kind(models.WebhookEndpoint, "Where your own systems are told.", "served_at"),
    "single_sign_on": _kind(
        models.SingleSignOn, "The provider by which your team signs in, without its secret."
    ),
    "customer_merges": _kind(
        models.CustomerMerge, "Customers who turned out to be one person.", "changed"
    ),
    "webhook_deliveries": _kind(
        models.WebhookDelivery,
        "What they were told, and what they answered.",
        f"{SENDING} next_at",
        at_once=100,
    ),
    "audit_log": _kind(models.AuditEntry, "Who did what here.", at_once=200),
}

# What of a business is not in it, and why (tests/exports/test_exported_kinds.py holds both whole).
LEFT_OUT = {
    "it follows from what is exported": "change_mark conversation_count customer_words"
    " message_count message_words rollup rollup_change note_mention",
    "the program keeps it for itself": "automation_event away_message button_card channel_thread"
    " parked email_auto_answer health_request health_result inbound_check kept_event"
    " push_notice self_test sender_pause spending import_change customer_merge_part"
    " erasure kept_opt_out unasked_address erased_message identity_link",
    "it is one person's alone": "draft draft_file push_subscription saved_view user_notice"
    " user_session",
    "it lets somebody in, or did": "password_reset recovery_code passkey user_invitation"
    " user_email provider_identity calendar_feed api_key"
    " api_request",
    "it is a file itself": "message_archive appointment_import tenant_export",
}
