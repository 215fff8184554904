"""What Twilio's error codes mean for a business: https://www.twilio.com/docs/api/errors."""

from enum import StrEnum


class Kind(StrEnum):
    TRANSIENT = "transient"
    """It may work later."""
    RECIPIENT = "recipient"
    """This person cannot be reached so."""
    CONTENT = "content"
    """This text or attachment cannot be sent."""
    ACCOUNT = "account"
    """Nothing goes out until the account is put right."""
    OPT_OUT = "opt_out"
    """The person does not want messages."""
    CONDITIONAL = "conditional"
    """It depends; see the text."""


# code: (kind, what the business reads)
PROBLEMS: dict[int, tuple[Kind, str]] = {
    20003: (
        Kind.ACCOUNT,
        "Your Twilio credentials were rejected. Check the Account SID and Auth Token (was"
        " the token rotated?) and save them again.",
    ),
    20005: (
        Kind.ACCOUNT,
        "Your Twilio account is suspended or closed. Resolve it with Twilio, then resume sending.",
    ),
    20404: (
        Kind.ACCOUNT,
        "A Twilio number, service or message we refer to no longer exists in your "
        "account. Reconnect it in settings.",
    ),
    20429: (
        Kind.TRANSIENT,
        "Twilio is busy and did not take the message. Send it again in a few minutes.",
    ),
    20500: (
        Kind.CONDITIONAL,
        "Twilio had a problem, and we cannot tell whether the message went out. Look at "
        "the customer's answer before you write again.",
    ),
    20503: (
        Kind.CONDITIONAL,
        "Twilio was unavailable, and we cannot tell whether the message went out. Look at"
        " the customer's answer before you write again.",
    ),
    21211: (Kind.RECIPIENT, "This is not a valid phone number. Check the country code and digits."),
    21212: (Kind.ACCOUNT, "The sending number is not valid. Choose one of your Twilio numbers."),
    21408: (
        Kind.ACCOUNT,
        "Your Twilio account may not text this country. Turn it on in Twilio Console > "
        "Messaging > Settings > Geo permissions.",
    ),
    21602: (Kind.CONTENT, "The message was empty."),
    21606: (
        Kind.ACCOUNT,
        "This number cannot send texts to that destination, or is not in the connected "
        "Twilio account.",
    ),
    21608: (
        Kind.ACCOUNT,
        "Your Twilio account is a trial (or lacks an approved compliance profile): it can"
        " only text verified numbers. Upgrade it.",
    ),
    21609: (
        Kind.ACCOUNT,
        "Delivery reports are misconfigured on our side. Tell whoever runs this service: "
        "PUBLIC_URL must be a public address.",
    ),
    21610: (
        Kind.OPT_OUT,
        "This person replied STOP. You cannot text them until they text START to your number.",
    ),
    21611: (
        Kind.TRANSIENT,
        "Too many messages are waiting on this number. Send it again later, or add a "
        "number or a Messaging Service to go faster.",
    ),
    21612: (
        Kind.RECIPIENT,
        "Texts from your number cannot reach this phone (wrong country/carrier "
        "combination or a landline).",
    ),
    21614: (Kind.RECIPIENT, "This is not a mobile number. Use a mobile number or call instead."),
    21617: (Kind.CONTENT, "The message is too long (1,600 characters at most)."),
    21620: (Kind.CONTENT, "The picture could not be attached: its link is not valid or public."),
    21623: (Kind.CONTENT, "Too many attachments (10 at most)."),
    21635: (Kind.RECIPIENT, "This is a landline; texts cannot be delivered."),
    21655: (
        Kind.ACCOUNT,
        "The template was not found in your Twilio account. An admin can check its Content SID "
        "under Setup, WhatsApp templates.",
    ),
    21656: (Kind.CONTENT, "A template field is missing or not allowed."),
    21664: (Kind.ACCOUNT, "Twilio takes this number with a Messaging Service only. Tell us."),
    21666: (Kind.ACCOUNT, "Twilio takes this number with a Messaging Service only. Tell us."),
    21667: (
        Kind.ACCOUNT,
        "Your Messaging Service has no RCS sender any more. Add it there in Twilio, or take the RCS"
        " sender out under Setup, Business.",
    ),
    21701: (Kind.ACCOUNT, "Your Messaging Service no longer exists. Choose another in settings."),
    21703: (Kind.ACCOUNT, "Your Messaging Service has no number to send from. Add one in Twilio."),
    30001: (
        Kind.TRANSIENT,
        "Too many messages were waiting and this one expired. Send it again later.",
    ),
    30002: (
        Kind.ACCOUNT,
        "Your Twilio account was suspended while the message was waiting. Contact Twilio.",
    ),
    30003: (
        Kind.TRANSIENT,
        "The phone is off, out of coverage or cannot receive texts. Try again later.",
    ),
    30004: (Kind.RECIPIENT, "The carrier or the person blocked the message."),
    30005: (Kind.RECIPIENT, "This number does not exist or is no longer in service."),
    30006: (
        Kind.RECIPIENT,
        "This is a landline or a carrier that cannot be reached by text. Call instead.",
    ),
    30007: (
        Kind.CONTENT,
        "The carrier filtered the message as spam. Check wording, links and your A2P registration.",
    ),
    30008: (
        Kind.TRANSIENT,
        "The carrier reported an unknown error. Try again, or reach the person another way.",
    ),
    30022: (
        Kind.TRANSIENT,
        "Your US registration's rate limit was exceeded. Send it again in a few minutes.",
    ),
    30023: (
        Kind.TRANSIENT,
        "Your US registration reached its daily limit. Send it again tomorrow.",
    ),
    30032: (
        Kind.ACCOUNT,
        "Your toll-free number is not verified yet. Finish toll-free verification in Twilio.",
    ),
    30034: (
        Kind.ACCOUNT,
        "US carriers block this number until it is registered (A2P 10DLC). Finish brand +"
        " campaign registration.",
    ),
    30450: (
        Kind.TRANSIENT,
        "Texts to this number range are paused for a short time by Twilio's fraud protection.",
    ),
    30500: (Kind.TRANSIENT, "Twilio had an internal problem. Send it again."),
    63001: (
        Kind.ACCOUNT,
        "WhatsApp rejected the connection. Reconnect the WhatsApp sender in Twilio.",
    ),
    63002: (
        Kind.ACCOUNT,
        "The channel does not know your WhatsApp or RCS sender. Check the sender in Twilio.",
    ),
    63003: (
        Kind.RECIPIENT,
        "This person cannot be reached on this channel (no such account, or a wrong number).",
    ),
    63005: (Kind.CONTENT, "The channel did not accept this content."),
    63006: (Kind.CONTENT, "The message could not be formatted for the channel."),
    63007: (
        Kind.ACCOUNT,
        "This sender is not connected to your Twilio account (or awaits approval).",
    ),
    63008: (Kind.ACCOUNT, "The channel is misconfigured in Twilio."),
    63009: (Kind.TRANSIENT, "The channel had a problem. Send it again in a few minutes."),
    63010: (Kind.TRANSIENT, "Twilio had an internal problem. Send it again in a few minutes."),
    63011: (Kind.CONTENT, "The message was rejected as invalid."),
    63012: (Kind.TRANSIENT, "The channel had a problem. Send it again in a few minutes."),
    63013: (Kind.CONTENT, "The message breaks a channel policy."),
    63014: (Kind.OPT_OUT, "This person blocked you on the channel."),
    63015: (
        Kind.ACCOUNT,
        "You are using the WhatsApp sandbox: the person must first send the join code.",
    ),
    63016: (
        Kind.CONDITIONAL,
        "More than 24 hours have passed since this person last wrote by WhatsApp. Choose an "
        "approved template or write by SMS; an admin can let such texts fall back to SMS by "
        "themselves, under Business.",
    ),
    63017: (Kind.TRANSIENT, "Messages were sent too fast. Send it again in a few minutes."),
    63018: (
        Kind.TRANSIENT,
        "The channel's sending limit for your sender is reached. Send it again later.",
    ),
    63019: (Kind.CONDITIONAL, "The attachment could not be downloaded by the channel."),
    63020: (
        Kind.ACCOUNT,
        "Your Meta Business account needs attention (accept Twilio's invitation).",
    ),
    63021: (
        Kind.CONTENT,
        "The channel refused this content (unsupported media or template text over 1024 "
        "characters).",
    ),
    63022: (Kind.ACCOUNT, "The WhatsApp display-name certificate is invalid."),
    63023: (Kind.CONDITIONAL, "The channel reported an unspecified error."),
    63024: (
        Kind.RECIPIENT,
        "This is not a valid recipient for the channel (not on it, or not allowed).",
    ),
    63027: (Kind.ACCOUNT, "The template does not exist in that language."),
    63028: (Kind.CONTENT, "The number of template fields does not match."),
    63032: (
        Kind.CONDITIONAL,
        "WhatsApp chose not to deliver this message to this person (Meta limits).",
    ),
    63033: (Kind.OPT_OUT, "This person blocked you."),
    63036: (Kind.RECIPIENT, "This telephone cannot be reached by RCS now. Write by SMS."),
    63038: (Kind.TRANSIENT, "The account's daily message limit is reached."),
    63106: (Kind.RECIPIENT, "This telephone has no RCS. Write by SMS."),
    63041: (Kind.ACCOUNT, "Meta paused this template because of low quality."),
}


# Of the account's problems, those that hold for every message of the sender. The others are of
# one destination or template, and stop nobody else's messages.
SENDER_AT_FAULT = frozenset(
    {
        20003,
        20005,
        20404,
        21212,
        21606,
        21664,
        21666,
        21667,
        21701,
        21703,
        30002,
        63001,
        63002,
        63007,
        63008,
        63020,
    }
)


def opted_out(code: int | None) -> bool:
    """Whether the code says that the person does not want messages."""
    return code in PROBLEMS and PROBLEMS[code][0] is Kind.OPT_OUT


def explain(code: int | None) -> str:
    """The code in a person's words; an unknown one (new ones come unannounced) names itself."""
    if code in PROBLEMS:
        return PROBLEMS[code][1]
    if code is None:
        return "Twilio could not deliver this message and gave no reason."
    return f"Twilio could not deliver this message (error {code})."
