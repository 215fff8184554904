"""Twilio's refusals, as JSON in its own shape."""

from flask import Response, jsonify

# Texts after https://www.twilio.com/docs/api/errors
TEXTS = {
    20001: "Invalid parameter",
    20003: "Authenticate",
    20005: "Account not active",
    20404: "The requested resource was not found",
    20429: "Too Many Requests",
    20500: "Internal Server Error",
    21211: "Invalid 'To' Phone Number: {}",
    21212: "Invalid From Number (caller ID): {}",
    21266: "'To' and 'From' number cannot be the same: {}",
    21408: "Permission to send an SMS has not been enabled for the region indicated by the 'To' "
    "number: {}",
    21421: "PhoneNumber is invalid",
    21502: "The URL of {} is not valid",
    21602: "Message body is required.",
    21603: "A 'From' phone number is required.",
    21604: "A 'To' phone number is required.",
    21606: "The 'From' phone number provided ({}) is not a valid message-capable Twilio phone "
    "number for this destination.",
    21609: "The 'StatusCallback' URL {} is not a valid URL.",
    21610: "Attempt to send to unsubscribed recipient",
    21611: "The 'From' number {} has exceeded the maximum number of queued messages",
    21612: "Message cannot be sent with the current combination of 'To' ({}) and/or 'From' "
    "parameters",
    21614: "'To' number is not a valid mobile number: {}",
    21617: "The concatenated message body exceeds the 1600 character limit.",
    21620: "Invalid media URL(s)",
    21623: "Number of media files exceeds allowed limit",
    21655: "The ContentSid is Invalid",
    21656: "The ContentVariables Parameter is invalid",
    21658: "Parameter exceeded character limit",
    21664: "FallbackFrom cannot be used with From",
    21666: "FallbackFrom requires a Messaging Service",
    21667: "The Messaging Service has no RCS sender to fall back from",
    21701: "The Messaging Service does not exist",
    21703: "The Messaging Service does not have a phone number available to send a message",
    21910: "Invalid 'From' and 'To' pair. 'From' and 'To' should be of the same channel",
    30001: "Queue overflow",
    30002: "Account suspended",
    30003: "Unreachable destination handset",
    30004: "Message blocked",
    30005: "Unknown destination handset",
    30006: "Landline or unreachable carrier",
    30007: "Message filtered",
    30008: "Unknown error",
    30034: "US A2P 10DLC - Message from an Unregistered Number",
    63007: "Twilio could not find a Channel with the specified From address {}",
    63015: "Channel Sandbox can only send messages to phone numbers that have joined the Sandbox",
    63016: "Failed to send freeform message because you are outside the allowed window. If you are "
    "using WhatsApp, please use a Message Template.",
    63024: "Invalid message recipient",
    63036: "The specified phone number cannot be reached by RBM at this time.",
    63041: "Template is paused or not approved",
    63028: "Number of parameters provided does not match the expected number of parameters",
}


class TwilioError(Exception):
    """A request that Twilio refuses with one of its codes."""

    def __init__(self, code: int, detail: str = "", status: int = 400) -> None:
        super().__init__(code)
        self.code, self.status = code, status
        self.message = text(code, detail)


def text(code: int | None, detail: str = "") -> str:
    """What Twilio calls this code; a code we do not know says so."""
    return TEXTS.get(code or 0, f"Error {code}").format(detail)


def answer(error: TwilioError) -> Response:
    """{code, message, more_info, status}. https://www.twilio.com/docs/usage/twilios-response"""
    response = jsonify(
        code=error.code,
        message=error.message,
        more_info=f"https://www.twilio.com/docs/errors/{error.code}",
        status=error.status,
    )
    response.status_code = error.status
    if error.status == 401:
        response.headers["WWW-Authenticate"] = 'Basic realm="Twilio API"'
    return response
