"""What Twilio is to do with a call. https://www.twilio.com/docs/voice/twiml"""

from datetime import timedelta

from twilio.twiml.voice_response import VoiceResponse

LANGUAGES = {"en": "en-US", "es": "es-MX"}
# A carrier's voicemail takes the call after 25 seconds or so.
RING_SECONDS = 20
DECIDE_SECONDS = 8
# Behind a URL: try again when it cannot be reached. It is neither sent along nor signed.
# https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
RETRIES = "#rc=3&rp=ct,rt,5xx&tt=15000"


def ring(
    number: str,
    shown_as: str | None,
    then: str,
    whisper: str | None,
    longest: timedelta | None = None,
) -> str:
    """Ring the number and tell `then` what came of it.

    shown_as: the caller ID, one of our own numbers; None: the caller's. whisper: asked what to
    say to whoever takes the call before the two are connected. longest: how long they may talk.
    """
    response = VoiceResponse()
    dial = response.dial(
        action=then + RETRIES,
        method="POST",
        timeout=RING_SECONDS,
        caller_id=shown_as,
        time_limit=longest and int(longest.total_seconds()),
        # The caller hears it ring, and pays nothing, until somebody takes the call.
        answer_on_bridge=True,
    )
    dial.number(number, url=whisper and whisper + RETRIES, method="POST")
    return str(response)


def say(text: str, language: str) -> str:
    """Say it, and hang up."""
    response = VoiceResponse()
    response.say(_printable(text), language=LANGUAGES[language])
    response.hangup()
    return str(response)


def ask_for_a_key(text: str, language: str, then: str) -> str:
    """Ask, and tell `then` which key was pressed; hang up when none was."""
    response = VoiceResponse()
    gather = response.gather(
        num_digits=1, timeout=DECIDE_SECONDS, action=then + RETRIES, method="POST"
    )
    gather.say(_printable(text), language=LANGUAGES[language])
    response.hangup()
    return str(response)


def _printable(text: str) -> str:
    """A control character, such as in a name that was copied, is no XML: the call would break."""
    return "".join(each if each.isprintable() else " " for each in text)


def go_on() -> str:
    """Nothing more to do: what was asked about goes on; a call that has nothing left ends."""
    return str(VoiceResponse())
