"""What the Graph API's errors mean for a business.

https://developers.facebook.com/documentation/business-messaging/messenger-platform/error-codes
(2026-06-25). Codes come with subcodes; one that is not known counts as its code alone.
"""

from dataclasses import dataclass
from enum import StrEnum

import requests
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError

from app.providers.contract import Outcome, SendError
from app.providers.meta.graph import GraphError, NoAnswer


class Kind(StrEnum):
    UNCLEAR = "unclear"
    """It may have been sent all the same."""
    LATER = "later"
    """It was not sent, and can be sent in a while."""
    BUSY = "busy"
    """So is it with everything of this account."""
    ACCOUNT = "account"
    """Nothing goes out until the account is put right."""
    RECIPIENT = "recipient"
    """This person cannot be reached so."""
    CONTENT = "content"
    """This text or file cannot be sent."""


AGAIN = "An admin must connect it again, under Setup, Social accounts."
UNCONFIRMED = "We could not confirm this message with Meta."
UNREACHABLE = "Meta could not be reached. The message was not sent."
RATE = (Kind.BUSY, "Meta takes no more messages of yours for a while. It is sent by itself later.")
CLOSED = (
    Kind.CONTENT,
    "Meta takes a free text only within 24 hours after this person's last message. Write by another"
    " channel, or wait until they write again.",
)
BLOCKED = (Kind.RECIPIENT, "This person cannot be reached there: they blocked you or left.")
RESTRICTED = (Kind.ACCOUNT, "Meta restricts your page or account. Look into Meta's Business Suite.")
UNKNOWN_PERSON = (
    Kind.RECIPIENT,
    "Meta does not know this person for the account that is connected now. They have to write to it"
    " first.",
)
FILE = (Kind.LATER, "Meta could not fetch or take the file.")
ELSEWHERE = (Kind.LATER, "Another app answers this person at the moment. It is sent later.")
PERMISSION = (Kind.ACCOUNT, f"Meta does not let us send for this account any more. {AGAIN}")
NOT_LIVE = (Kind.ACCOUNT, "The app at Meta is not live, or not approved for messages. Ask us.")

# (code, subcode; 0: any other): what it is, and what the business reads.
PROBLEMS: dict[tuple[int, int], tuple[Kind, str]] = {
    (1, 0): (Kind.UNCLEAR, UNCONFIRMED),
    (2, 0): (Kind.UNCLEAR, UNCONFIRMED),
    (1, 1357046): (Kind.UNCLEAR, UNCONFIRMED),
    (4, 0): RATE,
    (32, 0): RATE,
    (613, 0): (Kind.LATER, RATE[1]),
    (613, 2534040): RATE,
    (80002, 0): RATE,
    (80006, 0): RATE,
    (613, 2018338): (Kind.RECIPIENT, "Meta takes no more messages to this person: they had many."),
    (10, 0): PERMISSION,
    (10, 2534022): CLOSED,
    (10, 2018278): CLOSED,
    (10, 2018108): BLOCKED,
    (551, 0): BLOCKED,
    (551, 1545041): BLOCKED,
    (200, 1545041): BLOCKED,
    (10, 1893063): RESTRICTED,
    (100, 2534029): RESTRICTED,
    (100, 0): (Kind.CONTENT, "Meta does not take this message as it is."),
    (100, 1893061): CLOSED,
    (100, 2018001): UNKNOWN_PERSON,
    (100, 2534014): UNKNOWN_PERSON,
    (100, 2018008): FILE,
    (100, 2018047): (Kind.CONTENT, "Meta does not take a file of this type."),
    (100, 2018294): FILE,
    (100, 2018109): (Kind.CONTENT, "The file is larger than Meta takes."),
    (100, 2534037): ELSEWHERE,
    (100, 2018300): ELSEWHERE,
    (100, 2018321): ELSEWHERE,
    (190, 0): (Kind.ACCOUNT, f"Meta does not accept our access to your account. {AGAIN}"),
    (200, 0): NOT_LIVE,
    (200, 2018028): NOT_LIVE,
    (200, 2534041): (
        Kind.ACCOUNT,
        "Your Instagram account does not let apps read messages. Its owner can, in the Instagram"
        " app: Settings, Messages, Connected tools, Allow access to messages.",
    ),
    (10, 2534077): (
        Kind.ACCOUNT,
        "Your Instagram account must be linked to the page again, or confirmed by two factors, by"
        " its owner.",
    ),
}
OUTCOMES = {
    Kind.UNCLEAR: Outcome.UNKNOWN,
    Kind.LATER: Outcome.RETRY,
    Kind.BUSY: Outcome.RETRY,
}
TOKEN_DEAD = 190
TOO_MANY = 429


@dataclass(frozen=True)
class Problem:
    kind: Kind
    text: str


def problem(error: GraphError) -> Problem:
    """What the error means; one that nobody knows names itself."""
    for key in ((error.code, error.subcode), (error.code, 0)):
        if key in PROBLEMS:
            return Problem(*PROBLEMS[key])
    return Problem(Kind.CONTENT, f"Meta did not take this message (error {error.code}).")


def translate(error: Exception) -> SendError:
    """What a failed call to send means. Without the API's own word nothing passes for a no but a
    connection that was never made."""
    if isinstance(error, GraphError):
        return _refusal(error)
    if isinstance(error, NoAnswer) and error.http_status == TOO_MANY:
        return SendError(RATE[1], Outcome.RETRY)
    if isinstance(error, requests.ConnectionError) and _never_connected(error):
        return SendError(UNREACHABLE, Outcome.RETRY)
    return SendError(UNCONFIRMED, Outcome.UNKNOWN)


def not_told(error: Exception) -> SendError:
    """Why something could not be read: nothing is known by it."""
    if isinstance(error, GraphError):
        told = problem(error)
        if told.kind is Kind.ACCOUNT:
            return SendError(told.text, Outcome.REFUSED, error.code, sender_at_fault=True)
    return SendError("Meta could not be reached. We ask again in a while.", Outcome.RETRY)


def _refusal(error: GraphError) -> SendError:
    told = problem(error)
    if error.http_status == TOO_MANY:
        return SendError(RATE[1], Outcome.RETRY, error.code)
    known = (error.code, 0) in PROBLEMS or (error.code, error.subcode) in PROBLEMS
    if error.http_status >= 500 and not (known and told.kind is not Kind.CONTENT):
        return SendError(UNCONFIRMED, Outcome.UNKNOWN, error.code)
    outcome = OUTCOMES.get(told.kind, Outcome.REFUSED)
    waits = told.kind in (Kind.ACCOUNT, Kind.BUSY)
    return SendError(_timed(told.text, error.minutes), outcome, error.code, sender_at_fault=waits)


def _timed(text: str, minutes: int) -> str:
    return f"{text} Meta says: in about {minutes} minutes." if minutes else text


def _never_connected(error: requests.ConnectionError) -> bool:
    if isinstance(error, requests.ConnectTimeout):
        return True
    cause = error.args[0] if error.args else None
    reason = cause.reason if isinstance(cause, MaxRetryError) else cause
    return isinstance(reason, NewConnectionError | ConnectTimeoutError)
