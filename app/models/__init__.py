"""What the product remembers, one file a noun."""

from app.lib.message_status import MessageStatus
from app.models.api_key import ApiKey
from app.models.api_request import ApiRequest
from app.models.appointment import Appointment
from app.models.audit_entry import AuditAction, AuditEntry, PlatformAuditEntry
from app.models.automation_event import AutomationEvent, EventType, Origin
from app.models.automation_rule import AutomationRule
from app.models.automation_run import AutomationRun, RunStatus
from app.models.away_message import AwayMessage
from app.models.broadcast import Broadcast, BroadcastRecipient, BroadcastStatus
from app.models.business_hours import BusinessHours
from app.models.button_card import ButtonCard
from app.models.button_tap import ButtonTap
from app.models.calendar_feed import CalendarFeed, FeedShows
from app.models.call import Call
from app.models.canned_reply import CannedReply
from app.models.change_mark import ChangeMark
from app.models.channel_account import ChannelAccount
from app.models.channel_thread import ChannelThread
from app.models.chat_block import ChatBlock
from app.models.chat_session import ChatSession
from app.models.chat_settings import ChatSettings, IdentityMode
from app.models.consent import ConsentEvent, OptOut
from app.models.contact_point import ContactPoint
from app.models.conversation import Conversation, ConversationState
from app.models.conversation_count import ConversationCount
from app.models.conversation_event import ConversationEvent, ConversationEventKind
from app.models.conversation_label import ConversationLabel
from app.models.customer import Customer
from app.models.customer_merge import CustomerMerge, CustomerMergePart
from app.models.customer_segment import CustomerSegment
from app.models.customer_words import CustomerWords
from app.models.dead_letter import DeadLetter
from app.models.draft import Draft
from app.models.draft_file import DraftFile
from app.models.email_auto_answer import EmailAutoAnswer
from app.models.erased_message import ErasedMessage
from app.models.erasure import Erasure, ErasureState
from app.models.file_import import FileImport, ImportStatus
from app.models.health_request import HealthRequest
from app.models.health_result import HealthResult
from app.models.hours_exception import HoursException
from app.models.identity_link import IdentityLink
from app.models.import_change import ImportChange
from app.models.inbound_check import InboundCheck
from app.models.kept_event import KeptEvent
from app.models.kept_opt_out import KeptOptOut
from app.models.label import Colour, Label
from app.models.mailbox import Mailbox
from app.models.marketing_consent import MarketingConsent
from app.models.media import Media
from app.models.message import Direction, Message
from app.models.message_archive import ArchiveState, MessageArchive
from app.models.message_count import MessageCount
from app.models.message_event import MessageEvent, MessageEventKind
from app.models.message_quote import MessageQuote
from app.models.message_reaction import MessageReaction
from app.models.message_revision import MessageRevision
from app.models.message_template import MessageTemplate
from app.models.message_words import MessageWords
from app.models.note import Note
from app.models.note_mention import NoteMention
from app.models.notification import Notification, NotificationStatus
from app.models.notification_setting import NotificationSetting
from app.models.opening_interval import OpeningInterval
from app.models.passkey import Passkey
from app.models.password_reset import PasswordReset
from app.models.pinned_fact import PinnedFact
from app.models.promise import Promise
from app.models.provider_identity import ProviderIdentity
from app.models.push_notice import PushNotice
from app.models.push_subscription import PushSubscription
from app.models.received_email import ReceivedEmail
from app.models.recovery_code import RecoveryCode
from app.models.reply import Answer, Outcome, Reply
from app.models.rollup import Rollup, RollupChange, What
from app.models.saved_view import SavedView
from app.models.scheduled_message import ScheduledMessage
from app.models.search_mark import SearchMark
from app.models.self_test import SelfTest
from app.models.sender_number import NumberState, SenderNumber
from app.models.sender_pause import SenderPause
from app.models.sender_rate_limit import SenderRateLimit
from app.models.service import Service
from app.models.service_staff import ServiceStaff
from app.models.single_sign_on import SecondFactorBy, SingleSignOn
from app.models.spending import Spending, Spent
from app.models.staff_interval import StaffInterval
from app.models.staff_member import StaffMember
from app.models.tenant import Tenant
from app.models.tenant_export import ExportStatus, TenantExport
from app.models.time_off import TimeOff
from app.models.unasked_address import UnaskedAddress
from app.models.user import Role, Sees, User
from app.models.user_email import UserEmail
from app.models.user_invitation import UserInvitation
from app.models.user_notice import NoticeKind, UserNotice
from app.models.user_session import UserSession
from app.models.webhook_delivery import DeliveryStatus, WebhookDelivery
from app.models.webhook_endpoint import WebhookEndpoint
from app.models.whatsapp_template import WhatsappTemplate

__all__ = [
    "Answer",
    "ApiKey",
    "ApiRequest",
    "Appointment",
    "ArchiveState",
    "AuditAction",
    "AuditEntry",
    "AutomationEvent",
    "AutomationRule",
    "AutomationRun",
    "AwayMessage",
    "Broadcast",
    "BroadcastRecipient",
    "BroadcastStatus",
    "BusinessHours",
    "ButtonCard",
    "ButtonTap",
    "CalendarFeed",
    "Call",
    "CannedReply",
    "ChangeMark",
    "ChannelAccount",
    "ChannelThread",
    "ChatBlock",
    "ChatSession",
    "ChatSettings",
    "Colour",
    "ConsentEvent",
    "ContactPoint",
    "Conversation",
    "ConversationCount",
    "ConversationEvent",
    "ConversationEventKind",
    "ConversationLabel",
    "ConversationState",
    "Customer",
    "CustomerMerge",
    "CustomerMergePart",
    "CustomerSegment",
    "CustomerWords",
    "DeadLetter",
    "DeliveryStatus",
    "Direction",
    "Draft",
    "DraftFile",
    "EmailAutoAnswer",
    "ErasedMessage",
    "Erasure",
    "ErasureState",
    "EventType",
    "ExportStatus",
    "FeedShows",
    "FileImport",
    "HealthRequest",
    "HealthResult",
    "HoursException",
    "IdentityLink",
    "IdentityMode",
    "ImportChange",
    "ImportStatus",
    "InboundCheck",
    "KeptEvent",
    "KeptOptOut",
    "Label",
    "Mailbox",
    "MarketingConsent",
    "Media",
    "Message",
    "MessageArchive",
    "MessageCount",
    "MessageEvent",
    "MessageEventKind",
    "MessageQuote",
    "MessageReaction",
    "MessageRevision",
    "MessageStatus",
    "MessageTemplate",
    "MessageWords",
    "Note",
    "NoteMention",
    "NoticeKind",
    "Notification",
    "NotificationSetting",
    "NotificationStatus",
    "NumberState",
    "OpeningInterval",
    "OptOut",
    "Origin",
    "Outcome",
    "Passkey",
    "PasswordReset",
    "PinnedFact",
    "PlatformAuditEntry",
    "Promise",
    "ProviderIdentity",
    "PushNotice",
    "PushSubscription",
    "ReceivedEmail",
    "RecoveryCode",
    "Reply",
    "Role",
    "Rollup",
    "RollupChange",
    "RunStatus",
    "SavedView",
    "ScheduledMessage",
    "SearchMark",
    "SecondFactorBy",
    "Sees",
    "SelfTest",
    "SenderNumber",
    "SenderPause",
    "SenderRateLimit",
    "Service",
    "ServiceStaff",
    "SingleSignOn",
    "Spending",
    "Spent",
    "StaffInterval",
    "StaffMember",
    "Tenant",
    "TenantExport",
    "TimeOff",
    "UnaskedAddress",
    "User",
    "UserEmail",
    "UserInvitation",
    "UserNotice",
    "UserSession",
    "WebhookDelivery",
    "WebhookEndpoint",
    "What",
    "WhatsappTemplate",
]
