"""The carrier Meta: sends and looks up by the Graph API, by app/providers/contract.py."""

from collections.abc import Mapping
from datetime import datetime
from time import monotonic
from typing import Any

import structlog

from app.lib.message_status import MessageStatus
from app.providers.contract import (
    Accepted,
    Account,
    Fetched,
    Outcome,
    Outgoing,
    Review,
    SendError,
    StatusReport,
    before_the_call,
)
from app.providers.meta import account_pages
from app.providers.meta.files import fetch
from app.providers.meta.graph import TIMEOUT, Graph
from app.providers.meta.graph_errors import UNCONFIRMED, not_told, translate
from app.providers.meta.pieces import pieces
from app.providers.meta.thread_list import sent_since
from app.providers.tells_little import TellsLittle

log = structlog.get_logger()

# For all calls of one message, within a call's deadline (app/outbox/delivery/job.py).
SECONDS = 28.0
# Stands before our own name for a message, which comes back with its echo.
OURS = "kv:"
PARTLY = (
    "Only a part of this message went out before Meta refused the rest. Look at the conversation in"
    " Meta's inbox before you write again."
)


class MetaProvider(TellsLittle):
    """Sends to Messenger and Instagram, at Meta or at whatever stands at the URL."""

    def __init__(self, url: str, version: str) -> None:
        self.graph = Graph(url, version)

    def send(self, account: Account, message: Outgoing) -> Accepted:
        """Hand the message to Meta, in as many calls as it takes. Raises SendError and nothing
        else: once a piece has gone, the message is never taken for one that was not sent."""
        with before_the_call():
            calls = _calls(message)
        until, sid = monotonic() + SECONDS, ""
        for place, call in enumerate(calls):
            try:
                sid = self._send(account, call, until if place else None)
            except SendError as error:
                raise _after(place, error) from error
        return Accepted(sid, MessageStatus.SENT)

    def _send(self, account: Account, call: Mapping[str, Any], until: float | None) -> str:
        if until is not None and monotonic() > until - TIMEOUT:
            raise SendError(UNCONFIRMED, Outcome.UNKNOWN)
        try:
            told = self.graph.post(f"{account.node or account.sid}/messages", account.token, call)
        except Exception as error:
            raise translate(error) from error
        sid = told.get("message_id")
        if not isinstance(sid, str) or not sid:
            raise SendError(UNCONFIRMED, Outcome.UNKNOWN)
        return sid

    def find(self, account: Account, message: Outgoing, since: datetime) -> list[StatusReport]:
        """What the thread has of this message since then. Raises SendError where it cannot say:
        also where nothing shows that the thread was listed so far back."""
        with before_the_call():
            # Of a template the thread has what it was filled to.
            by_template = message.content_sid is not None
            texts = [piece.get("text") for piece in pieces(message)]
            wanted = [message.body] if by_template else texts
        try:
            return sent_since(self.graph, account, message, wanted, since)
        except SendError:
            raise
        except Exception as error:
            raise not_told(error) from error

    def look_up(self, account: Account, sid: str) -> StatusReport:
        """Meta tells by itself, and by nothing else."""
        return StatusReport(sid, None)

    def make_template(self, account: Account, definition: Mapping[str, Any]) -> str:
        """A utility template; Meta calls it by its name and its language. Raises SendError."""
        try:
            self.graph.post(f"{account.node}/message_templates", account.token, definition)
        except Exception as error:
            raise not_told(error) from error
        return f"{definition['name']}/{definition['language']}"

    def sign_in(self, account: Account) -> None:
        """Ask who the account is. Raises SendError."""
        try:
            self.graph.get(account.node or account.sid, account.token, fields="id")
        except Exception as error:
            raise not_told(error) from error

    def review(self, account: Account, content_sid: str) -> Review | None:
        """What Meta says of a message template. Raises SendError."""
        try:
            return account_pages.review(self.graph, account, content_sid)
        except Exception as error:
            raise not_told(error) from error

    def pages(self, token: str) -> list[account_pages.Page]:
        """As of the module, likewise all that follow. Raises SendError."""
        return account_pages.pages(self.graph, token)

    def subscribe(self, account: Account) -> None:
        account_pages.subscribe(self.graph, account)

    def subscribed(self, account: Account) -> list[str]:
        return account_pages.subscribed(self.graph, account)

    def token_end(self, account: Account) -> datetime | None:
        return account_pages.token_end(self.graph, account)

    def name(self, account: Account, person: str) -> str:
        return account_pages.name(self.graph, account, person)

    def fetch(self, account: Account, url: str) -> Fetched:
        """A file that somebody sent, from where its webhook says; its address is its key. Raises
        SendError."""
        return fetch(self.graph, url)


def _calls(message: Outgoing) -> list[dict[str, Any]]:
    parts = pieces(message)
    if not parts:
        raise ValueError("A message needs a text or a file.")
    names = [f"{OURS}{message.id}/{place}" for place in range(1, len(parts))]
    calls = [
        {
            "recipient": {"id": message.recipient},
            **_terms(message),
            "message": {**part, "metadata": name},
        }
        for part, name in zip(parts, [*names, f"{OURS}{message.id}"], strict=True)
    ]
    if message.answers:
        calls[0]["reply_to"] = {"mid": message.answers}
    return calls


def _terms(message: Outgoing) -> dict[str, str]:
    """Within the session window a tag would fail where the app has no such feature."""
    if message.content_sid is not None:
        return {"messaging_type": "UTILITY"}
    if message.by_human_agent:
        return {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
    return {"messaging_type": "RESPONSE"}


def _after(sent: int, error: SendError) -> SendError:
    """What an error means after so many pieces were sent."""
    if not sent:
        return error
    log.warning("sent_in_part", pieces=sent, code=error.code)
    if error.outcome is Outcome.REFUSED:
        return SendError(PARTLY, Outcome.REFUSED, error.code)
    return SendError(UNCONFIRMED, Outcome.UNKNOWN, error.code)


def named(metadata: str) -> tuple[str, bool]:
    """Our own name for the message that an echo is of, and whether it is its last piece; empty: it
    is none of ours."""
    name, _, piece = metadata.removeprefix(OURS).partition("/")
    return (name, not piece) if metadata.startswith(OURS) else ("", False)
