"""What a call came to, in order of rank."""

from enum import StrEnum


class CallOutcome(StrEnum):
    """In the order of rank: what is known of a call only moves up, in whatever order it comes.

    Missed comes before answered: that a call ended is also said of calls that were answered,
    that somebody took it only of those. Unknown is what nobody could tell, and any word is more.
    """

    RINGING = "ringing"
    UNKNOWN = "unknown"
    MISSED = "missed"
    ANSWERED = "answered"
