"""What a thread at Meta has of a message whose sending got no clear answer.

https://developers.facebook.com/documentation/business-messaging/messenger-platform/conversations:
of a thread the API tells the newest messages only. That one is not among them proves something
where the list reaches further back than the attempt, and never where it is empty.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from app.lib.message_status import MessageStatus
from app.providers.contract import Account, CannotTell, Outcome, Outgoing, SendError, StatusReport
from app.providers.meta.graph import Graph

# More are not told of with what they say.
MOST = 20
PLATFORM = {"messenger": "messenger", "instagram": "instagram"}
# Stands for what is there in part, or where the list does not reach.
UNSEEN = StatusReport("", MessageStatus.SENT, sure=False)
NOT_LISTED = SendError("Meta's list does not reach so far back.", Outcome.RETRY)


def sent_since(
    graph: Graph, account: Account, message: Outgoing, wanted: Sequence[str | None], since: datetime
) -> list[StatusReport]:
    """What may be the message, known by its last piece, where its pieces stand together in the list
    (by what they say: whose they are it does not tell). Not sure where only some of them are there,
    or none has a text (None) to be known by. Raises SendError, GraphError, NoAnswer and requests'
    errors."""
    listed = _listed(graph, account, message)
    ours = [each for each in listed if _of(each) == account.sid and _at(each) >= since]
    runs = [ours[at : at + len(wanted)] for at in range(len(ours)) if _says(wanted[0], ours[at])]
    whole = [run for run in runs if len(run) == len(wanted) and all(map(_says, wanted, run))]
    sure = any(text is not None for text in wanted)
    found = [_report(run, sure) for run in whole]
    covered = _covers(listed, message, since)
    if not (found or covered or runs):
        # It grows at its end alone: what it does not reach by now it never does.
        raise CannotTell if len(listed) >= MOST else NOT_LISTED
    return found if covered and len(whole) == len(runs) else [*found, UNSEEN]


def _report(run: list[dict[str, Any]], sure: bool) -> StatusReport:
    return StatusReport(str(run[-1]["id"]), MessageStatus.SENT, sure=sure, pieces=len(run))


def _says(text: str | None, listed: dict[str, Any]) -> bool:
    """A file has no text."""
    return (listed.get("message") or "") == (text or "")


def _covers(listed: list[dict[str, Any]], message: Outgoing, since: datetime) -> bool:
    """Whether nothing that came since then can be missing. Fewer than MOST are the whole thread, as
    long as it has what they wrote to begin it."""
    whole = len(listed) < MOST and any(_of(each) == message.recipient for each in listed)
    return whole or any(_at(each) < since for each in listed)


def _listed(graph: Graph, account: Account, message: Outgoing) -> list[dict[str, Any]]:
    """The oldest first."""
    told = graph.get(
        f"{account.node or account.sid}/conversations",
        account.token,
        platform=PLATFORM.get(message.channel.key, message.channel.key),
        user_id=message.recipient,
        fields=f"messages.limit({MOST}){{id,created_time,from,message}}",
    )
    found = [
        each
        for thread in told.get("data", [])
        for each in thread.get("messages", {}).get("data", [])
    ]
    # Of one second, too, the API tells the newest first.
    found.reverse()
    return sorted(found, key=_at)


def _at(listed: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(listed["created_time"])


def _of(listed: dict[str, Any]) -> str:
    return str(listed.get("from", {}).get("id"))
