"""The states of a message, in their order (app/outbox/transitions.py moves them)."""

from enum import StrEnum


class MessageStatus(StrEnum):
    """In the order of rank, which PostgreSQL's enum compares: a status only moves up.

    Callbacks come in any order and twice (Twilio: "track outbound message status"), so what
    counts is the rank and not the arrival.
    """

    QUEUED = "queued"
    SENDING = "sending"
    CHECKING = "checking"
    ACCEPTED = "accepted"
    UNKNOWN = "unknown"
    SENT = "sent"
    FAILED = "failed"
    DELIVERED = "delivered"
    READ = "read"
    RECEIVED = "received"
    CANCELLED = "cancelled"
