"""Twilio's words for the state of a message, and ours."""

from collections.abc import Mapping

from app.lib.message_status import MessageStatus
from app.lib.text.cleaning import clean
from app.providers.contract import BadRequest, StatusReport
from app.providers.twilio import sids
from app.providers.twilio.addresses import channel_of
from app.providers.twilio.twilio_errors import explain, opted_out

# https://www.twilio.com/docs/messaging/api/message-resource#message-status-values
STATUSES = {
    "accepted": MessageStatus.ACCEPTED,
    "scheduled": MessageStatus.ACCEPTED,
    "queued": MessageStatus.ACCEPTED,
    "sending": MessageStatus.ACCEPTED,
    "sent": MessageStatus.SENT,
    "delivered": MessageStatus.DELIVERED,
    "read": MessageStatus.READ,
    "undelivered": MessageStatus.FAILED,
    "failed": MessageStatus.FAILED,
    "canceled": MessageStatus.FAILED,
}


def status_report(form: Mapping[str, str]) -> StatusReport:
    """A status callback in our words. Raises BadRequest naming what it lacks."""
    sid = clean(form.get("MessageSid", "") or form.get("SmsSid", "")).strip()
    word = form.get("MessageStatus", "") or form.get("SmsStatus", "")
    if not sids.MESSAGE.fullmatch(sid):
        raise BadRequest("MessageSid is missing, or no SID of its kind")
    if not word:
        raise BadRequest("MessageStatus is missing")
    status = STATUSES.get(word.lower())
    by = carried_by(form.get("From", ""))
    if status is not MessageStatus.FAILED:
        return StatusReport(sid, status, carried_by=by)
    code = error_code(form.get("ErrorCode", ""))
    return StatusReport(sid, status, code, explain(code), opted_out(code), carried_by=by)


def carried_by(sender: str) -> str:
    """The key of the channel that the sender is of: a Messaging Service chooses one for each
    message. Empty: it has not yet."""
    if not sender:
        return ""
    found = channel_of(sender)
    return found.key if found else "sms"


def error_code(text: str) -> int | None:
    """Twilio's code, e.g. 30003; None for anything that is no code."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else None
