"""Every table, and whether it names a customer: a new one fails a test until it stands here."""

from collections.abc import Mapping
from typing import Any

from app.models import (
    Appointment,
    AuditEntry,
    AutomationEvent,
    AutomationRun,
    AwayMessage,
    BroadcastRecipient,
    ButtonTap,
    Call,
    ChannelThread,
    ChatBlock,
    ChatSession,
    ConsentEvent,
    ContactPoint,
    Conversation,
    ConversationEvent,
    ConversationLabel,
    Customer,
    CustomerMerge,
    CustomerMergePart,
    CustomerWords,
    DeadLetter,
    Draft,
    DraftFile,
    EmailAutoAnswer,
    IdentityLink,
    ImportChange,
    KeptEvent,
    MarketingConsent,
    Media,
    Message,
    MessageEvent,
    MessageQuote,
    MessageReaction,
    MessageRevision,
    MessageWords,
    Note,
    NoteMention,
    Notification,
    OptOut,
    PinnedFact,
    Promise,
    PushNotice,
    ReceivedEmail,
    Reply,
    ScheduledMessage,
    SelfTest,
    UnaskedAddress,
    UserEmail,
    UserNotice,
    WebhookDelivery,
)
from app.privacy import trace
from app.privacy.trace import (
    Trace,
    at_address,
    of_customer,
    of_message,
    of_sid,
    repeats,
    told,
)

# In the order in which a person reads them.
PERSONAL: Mapping[type[Any], Trace] = {
    Customer: told(
        trace.rows_of_theirs,
        "Who they are",
        "first_name last_name language timezone preferred_channel external_id notes created_at",
    ),
    ContactPoint: told(
        of_customer(ContactPoint.customer_id),
        "How they are reached",
        "channel address created_at invalid_since rcs_seen_at",
    ),
    OptOut: told(
        at_address(OptOut.address), "Where nothing is sent", "since channel address", False
    ),
    ConsentEvent: told(
        at_address(ConsentEvent.address),
        "What they said about messages, and how",
        "at channel address said source given_at evidence",
        False,
    ),
    MarketingConsent: told(
        at_address(MarketingConsent.address),
        "What they said about offers, and how",
        "at channel address said source given_at evidence",
        False,
    ),
    Appointment: told(
        trace.appointments,
        "Appointments",
        "starts_at status service_id staff_member_id duration_minutes attendee_name notes source"
        " external_id booked_at",
    ),
    Message: told(
        of_customer(Message.customer_id),
        "Messages",
        "created_at direction channel status sender recipient author_id subject body error",
    ),
    Media: told(of_message(Media.message_id), "Pictures and files", "name content_type state"),
    ReceivedEmail: told(
        of_message(ReceivedEmail.message_id), "Emails as they came", "whole invitation"
    ),
    MessageRevision: told(
        of_sid(MessageRevision.sid), "Messages that they changed", "at body", False
    ),
    MessageReaction: told(
        of_sid(MessageReaction.sid), "What was put to messages", "at emoji address", False
    ),
    MessageQuote: repeats(of_message(MessageQuote.message_id), "which message another answers"),
    MessageEvent: told(
        of_message(MessageEvent.message_id),
        "What became of messages",
        "at kind was status error",
    ),
    Reply: told(
        of_message(Reply.message_id),
        "Answers to reminders, as they were read",
        "at answer outcome reason starts_at",
    ),
    BroadcastRecipient: told(
        of_customer(BroadcastRecipient.customer_id),
        "Offers that went to them, or did not",
        "decided_at broadcast_id cause reason",
    ),
    ButtonTap: told(of_customer(ButtonTap.customer_id), "Buttons that they tapped", "at button"),
    Call: told(
        trace.calls,
        "Calls",
        "started_at outcome duration_seconds caller notes",
        False,
    ),
    CustomerMerge: told(
        trace.merges, "Whom they were merged with", "at undone_at user_id known_by changed"
    ),
    IdentityLink: repeats(
        trace.identity_links, "which of their addresses a carrier named together", False
    ),
    CustomerMergePart: repeats(trace.merge_parts, "which rows a merge moved"),
    PinnedFact: told(of_customer(PinnedFact.customer_id), "Pinned by the team", "at user_id fact"),
    Promise: told(
        of_customer(Promise.customer_id),
        "Promised to them",
        "made_at user_id what due_at done_at",
    ),
    Note: told(of_customer(Note.customer_id), "Notes of the team", "created_at user_id body"),
    Notification: told(
        of_customer(Notification.customer_id),
        "Automatic messages, and why",
        "due_at type status channel reason decided_at opens opened_at",
    ),
    ScheduledMessage: told(
        of_customer(ScheduledMessage.customer_id),
        "Messages for later",
        "send_at channel recipient author_id subject body",
    ),
    Draft: told(
        of_customer(Draft.customer_id), "Drafts", "updated_at channel user_id subject body"
    ),
    DraftFile: told(
        of_customer(DraftFile.customer_id),
        "Files in drafts",
        "created_at name content_type size",
    ),
    Conversation: told(
        of_customer(Conversation.customer_id),
        "The conversation",
        "last_message_at unread_count assignee_id closed_at snoozed_until preview",
    ),
    ConversationLabel: told(of_customer(ConversationLabel.customer_id), "Labels", "at label_id"),
    ConversationEvent: told(
        of_customer(ConversationEvent.customer_id),
        "What was done with the conversation",
        "at kind user_id rule_name about starts_at was_at until",
    ),
    AwayMessage: told(
        trace.of_conversation(AwayMessage.conversation_id), "Told that it is closed", "at"
    ),
    ChatSession: told(
        at_address(ChatSession.address),
        "Live chat",
        "created_at last_seen_at name typed_email typed_phone language page_url page_title ip",
        False,
    ),
    ChatBlock: told(at_address(ChatBlock.address), "Blocked in the live chat", "at note", False),
    ChannelThread: told(
        of_customer(ChannelThread.customer_id),
        "Threads at Meta",
        "channel opened_at asked_at held_until",
    ),
    AutomationEvent: told(
        of_customer(AutomationEvent.customer_id), "What rules looked at", "at type origin facts"
    ),
    AutomationRun: told(
        of_customer(AutomationRun.customer_id),
        "What rules did",
        "created_at rule_name status facts done reason",
    ),
    WebhookDelivery: told(
        trace.deliveries,
        "What other systems of the business were told",
        "created_at type status payload answer error",
        False,
    ),
    UserNotice: told(
        of_customer(UserNotice.customer_id),
        "What the team was told about them",
        "at kind recipient_id read_at",
    ),
    UserEmail: told(
        trace.staff_emails, "Emails to the team about them", "created_at kind values", False
    ),
    ImportChange: told(
        trace.import_changes, "What imports changed", "at what before after kept", False
    ),
    AuditEntry: told(
        of_customer(AuditEntry.customer_id),
        "Who changed what",
        "at actor_name action row_kind row_name changes",
    ),
    KeptEvent: told(trace.kept_events, "What could not be read yet", "came_at channel said", False),
    EmailAutoAnswer: told(
        of_message(EmailAutoAnswer.message_id),
        "Emails that a program answered",
        "at address",
    ),
    DeadLetter: told(
        trace.dead_letters,
        "Work that waits for the operator",
        "since state reason",
        False,
    ),
    SelfTest: repeats(of_message(SelfTest.message_id), "that a message was a test"),
    NoteMention: repeats(trace.of_note(NoteMention.note_id), "whom a note names of the team"),
    PushNotice: repeats(of_customer(PushNotice.customer_id), "until when browsers were told"),
    CustomerWords: repeats(of_customer(CustomerWords.customer_id), "words of names and addresses"),
    UnaskedAddress: repeats(
        at_address(UnaskedAddress.address), "addresses that became known just now", False
    ),
    MessageWords: repeats(of_message(MessageWords.message_id), "words of messages"),
}

# What holds something of many people at once, and what an erasure does there.
OF_MANY: Mapping[str, str] = {
    "appointment_import": "a file that waits is discarded where it names them, and so are reasons",
    "message_archive": "its file is written anew without them (rewrite_archives.py)",
    "tenant_export": "its file is deleted, also one that is being written (prepare_export.py)",
    "saved_view": "a view whose search names them is deleted",
    "tenant": "nothing: what stands there is the business's own",
}

# Why a table names no customer.
NOT_PERSONAL: Mapping[str, str] = {
    "of whoever works there": "user user_session user_invitation password_reset recovery_code"
    " passkey provider_identity staff_member staff_interval time_off push_subscription",
    "what the business has set": "automation_rule business_hours hours_exception opening_interval"
    " api_key api_request calendar_feed canned_reply channel_account chat_settings label mailbox"
    " message_template"
    " notification_setting sender_number service single_sign_on webhook_endpoint customer_segment"
    " service_staff broadcast"
    " whatsapp_template button_card",
    "counts": "conversation_count message_count rollup rollup_change spending",
    "which rows were changed when, by their numbers": "change_mark",
    "how the program stands": "health_request health_result inbound_check search_mark sender_pace"
    " sender_pause",
    "what operators did": "platform_audit_entry",
    "what is left of whoever was erased, without a name": "erasure kept_opt_out erased_message",
}
