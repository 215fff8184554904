from collections.abc import Iterable, Mapping

from app.lib.telephone.call_outcome import CallOutcome
from app.lib.telephone.withheld import withheld
from app.lib.text.cleaning import clean
from app.providers.contract import BadRequest, CallEnd, CallReport
from app.providers.twilio import sids
from app.providers.twilio.webhook_fields import required, sid

ANSWERED, MISSED, RINGING = CallOutcome.ANSWERED, CallOutcome.MISSED, CallOutcome.RINGING
# What became of the <Dial>: https://www.twilio.com/docs/voice/twiml/dial#dialcallstatus
DIALED = {
    "completed": ANSWERED,
    "answered": ANSWERED,
    "busy": MISSED,
    "no-answer": MISSED,
    "failed": MISSED,
    "canceled": MISSED,
}
# What became of the caller's own call, which Twilio itself may have answered; an end says no more
# than that it is over. https://www.twilio.com/docs/voice/api/call-resource#call-status-values
ENDED = {"completed", "busy", "no-answer", "failed", "canceled"}
LONGEST_ADDRESS = 64
A_DAY = 86_400


def call_report(form: Mapping[str, str]) -> CallReport:
    """A voice webhook in our words: an incoming call, the end of its <Dial>, or its own end.

    Raises BadRequest naming what it lacks.
    """
    return CallReport(
        sid=sid(form, "CallSid", sids.CALL),
        caller=_caller(form),
        called=_address(form, "To"),
        outcome=_outcome(form),
        seconds=_seconds(form) if _outcome(form) is ANSWERED else 0,
        sure=form.get("DialCallStatus", "") in DIALED,
    )


def call_end(status: str, rung: Iterable[tuple[str, str | None]], screened: bool) -> CallEnd:
    """What came of a call: its status, and the status and the seconds of each call that its
    <Dial> made. https://www.twilio.com/docs/voice/api/call-resource

    Of a screened one Twilio does not say whether who picked up took it, or was a voicemail.
    """
    if status not in ENDED:
        return CallEnd(RINGING)
    talks = [int(seconds or 0) for ended, seconds in rung if ended == "completed"]
    if not any(talks):
        return CallEnd(MISSED)
    return CallEnd(CallOutcome.UNKNOWN) if screened else CallEnd(ANSWERED, min(max(talks), A_DAY))


def key_pressed(form: Mapping[str, str]) -> str:
    """The key that was pressed when it was asked for; empty: none yet. Raises BadRequest."""
    sid(form, "CallSid", sids.CALL)
    return form.get("Digits", "")


def _caller(form: Mapping[str, str]) -> str:
    caller = _address(form, "From")
    return "" if withheld(caller) else caller


def _address(form: Mapping[str, str], field: str) -> str:
    address = clean(form.get(field, "")).strip().removeprefix("whatsapp:")
    if len(address) > LONGEST_ADDRESS:
        raise BadRequest(f"{field} is too long")
    return address


def _outcome(form: Mapping[str, str]) -> CallOutcome:
    dialed = DIALED.get(form.get("DialCallStatus", ""))
    if dialed is not None:
        return ANSWERED if dialed is ANSWERED and _bridged(form) else MISSED
    return MISSED if required(form, "CallStatus") in ENDED else RINGING


def _bridged(form: Mapping[str, str]) -> bool:
    """Whether the two talked: a carrier's voicemail answers as well, and takes no screened call."""
    if "DialBridged" in form:
        return form["DialBridged"].lower() == "true"
    return "DialCallDuration" not in form or _seconds(form) > 0


def _seconds(form: Mapping[str, str]) -> int:
    text = form.get("DialCallDuration", "")
    return min(int(text), A_DAY) if text.isascii() and text.isdigit() and len(text) < 10 else 0
