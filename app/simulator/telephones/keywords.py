"""The words that Twilio itself understands in a text message."""

from typing import Literal

Meaning = Literal["stop", "start", "help"]

# One word, in any case. https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out
MEANINGS: dict[str, Meaning] = {
    **dict.fromkeys(
        ("STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"), "stop"
    ),
    **dict.fromkeys(("START", "YES", "UNSTOP"), "start"),
    **dict.fromkeys(("HELP", "INFO"), "help"),
}

ANSWERS: dict[Meaning, str] = {
    "stop": "You have successfully been unsubscribed. You will not receive any more messages from "
    "this number. Reply START to resubscribe.",
    "start": "You have successfully been re-subscribed to messages from this number. Reply HELP "
    "for help. Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
    "help": "Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
}


def meaning(body: str) -> Meaning | None:
    return MEANINGS.get(body.strip().upper())
