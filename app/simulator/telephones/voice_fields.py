"""What Twilio posts about a call. https://www.twilio.com/docs/voice/twiml#request-parameters"""

from datetime import UTC, datetime
from email.utils import format_datetime

from app.simulator.addresses import country
from app.simulator.records import Call


def fields(call: Call) -> dict[str, str]:
    """Where the numbers are at home is blank, as for a number that Twilio knows nothing of."""
    form = {
        "AccountSid": call.account_sid,
        "ApiVersion": "2010-04-01",
        "CallSid": call.sid,
        "Direction": "inbound",
    }
    ends = {"From": call.phone, "Caller": call.phone, "To": call.business, "Called": call.business}
    for end, number in ends.items():
        form |= {end: number, f"{end}City": "", f"{end}State": "", f"{end}Zip": ""}
        form[f"{end}Country"] = country(number)
    return form


def dialed(sid: str, status: str, bridged: bool, seconds: int) -> dict[str, str]:
    """The end of a <Dial>. https://www.twilio.com/docs/voice/twiml/dial#action"""
    form = {
        "DialCallSid": sid,
        "DialCallStatus": status,
        "DialBridged": "true" if bridged else "false",
    }
    return form | ({"DialCallDuration": str(seconds)} if seconds else {})


def over(seconds: int, moment: float) -> dict[str, str]:
    """The end of a call. https://www.twilio.com/docs/voice/api/call-resource#statuscallback"""
    return {
        "CallDuration": str(seconds),
        "Duration": str(-(-seconds // 60)),
        "CallbackSource": "call-progress-events",
        "SequenceNumber": "0",
        "Timestamp": format_datetime(datetime.fromtimestamp(moment, UTC)),
    }
