"""How pages tell of broadcasts."""

from app.broadcasts.audience import Cause
from app.models import BroadcastStatus

STATE = {
    BroadcastStatus.DRAFT: "Draft",
    BroadcastStatus.RUNNING: "Goes out",
    BroadcastStatus.PAUSED: "Paused",
    BroadcastStatus.DONE: "Done",
    BroadcastStatus.STOPPED: "Stopped",
}
TAG = {
    BroadcastStatus.DRAFT: "cancelled",
    BroadcastStatus.RUNNING: "confirmed",
    BroadcastStatus.PAUSED: "scheduled",
    BroadcastStatus.DONE: "completed",
    BroadcastStatus.STOPPED: "failed",
}
WAITS = "Waits for its start"
WHY = {
    Cause.GONE: "merged into somebody else, or being erased",
    Cause.NO_ADDRESS: "no address there",
    Cause.OPTED_OUT: "asked for no messages",
    Cause.NO_CONSENT: "never agreed to offers",
    Cause.UNDECIDED: "may have asked for no more messages: decide in their conversation",
    Cause.ASKED_LATELY: "were sent another offer lately",
    Cause.REFUSED: "could not be sent to",
}
