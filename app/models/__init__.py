"""What the product remembers, one file a noun."""

from app.lib.message_status import MessageStatus
from app.models.appointment import Appointment
from app.models.appointment_import import AppointmentImport
from app.models.automation_event import AutomationEvent, EventType, Origin
from app.models.automation_rule import AutomationRule
from app.models.automation_run import AutomationRun, RunStatus
from app.models.call import Call
from app.models.consent import ConsentEvent, OptOut
from app.models.contact_point import ContactPoint
from app.models.conversation import Conversation
from app.models.customer import Customer
from app.models.dead_letter import DeadLetter
from app.models.health_request import HealthRequest
from app.models.health_result import HealthResult
from app.models.inbound_check import InboundCheck
from app.models.media import Media
from app.models.message import Direction, Message
from app.models.message_count import MessageCount
from app.models.message_template import MessageTemplate
from app.models.notification import Notification, NotificationStatus
from app.models.notification_setting import NotificationSetting
from app.models.received_email import ReceivedEmail
from app.models.reply import Answer, Outcome, Reply
from app.models.self_test import SelfTest
from app.models.sender_number import NumberState, SenderNumber
from app.models.sender_pause import SenderPause
from app.models.sender_rate_limit import SenderRateLimit
from app.models.service import Service
from app.models.spending import Spending, Spent
from app.models.staff_member import StaffMember
from app.models.tenant import Tenant
from app.models.user import Role, User
from app.models.user_email import UserEmail
from app.models.user_session import UserSession
from app.models.whatsapp_template import WhatsappTemplate

__all__ = [
    "Answer",
    "Appointment",
    "AppointmentImport",
    "AutomationEvent",
    "AutomationRule",
    "AutomationRun",
    "Call",
    "ConsentEvent",
    "ContactPoint",
    "Conversation",
    "Customer",
    "DeadLetter",
    "Direction",
    "EventType",
    "HealthRequest",
    "HealthResult",
    "InboundCheck",
    "Media",
    "Message",
    "MessageCount",
    "MessageStatus",
    "MessageTemplate",
    "Notification",
    "NotificationSetting",
    "NotificationStatus",
    "NumberState",
    "OptOut",
    "Origin",
    "Outcome",
    "ReceivedEmail",
    "Reply",
    "Role",
    "RunStatus",
    "SelfTest",
    "SenderNumber",
    "SenderPause",
    "SenderRateLimit",
    "Service",
    "Spending",
    "Spent",
    "StaffMember",
    "Tenant",
    "User",
    "UserEmail",
    "UserSession",
    "WhatsappTemplate",
]
