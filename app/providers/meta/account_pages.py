"""The pages and Instagram accounts that a token opens, and what Meta tells us of them.

https://developers.facebook.com/docs/graph-api/reference/user/accounts and
https://developers.facebook.com/docs/graph-api/reference/page/subscribed_apps
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from app.lib.text.cleaning import clean, one_line
from app.providers.contract import Account, Approval, Review
from app.providers.meta.graph import Answer, Graph, GraphError
from app.providers.meta.graph_errors import not_told

# What a page has to tell us of; what an Instagram account tells is chosen for the app as a whole.
FIELDS = (
    "messages",
    "message_echoes",
    "message_deliveries",
    "message_reads",
    "message_reactions",
    "message_edits",
    "messaging_postbacks",
    "messaging_referrals",
    "messaging_optins",
    "messaging_handovers",
    "standby",
    "messaging_policy_enforcement",
    "messenger_template_status_update",
)
PAGE_FIELDS = "id,name,access_token,tasks,instagram_business_account{id,username}"
MOST_PAGES = 100


@dataclass(frozen=True)
class Page:
    """A page that a person sees to, and the Instagram account that is linked to it."""

    id: str
    name: str
    token: str = field(repr=False)
    instagram_id: str = ""
    instagram_name: str = ""


def pages(graph: Graph, token: str) -> list[Page]:
    """Those whose messages the token's owner may answer. Raises SendError."""
    try:
        told = graph.get("me/accounts", token, fields=PAGE_FIELDS, limit=str(MOST_PAGES))
        return [_page(each) for each in told.get("data", []) if each.get("access_token")]
    except Exception as error:
        raise not_told(error) from error


def subscribe(graph: Graph, account: Account) -> None:
    """Let Meta tell us what happens to the page. Raises SendError."""
    try:
        path, fields = f"{account.node}/subscribed_apps", ",".join(FIELDS)
        graph.post(path, account.token, {"subscribed_fields": fields})
    except Exception as error:
        raise not_told(error) from error


def subscribed(graph: Graph, account: Account) -> list[str]:
    """What Meta tells us of the page now; nothing: it does not. Raises SendError."""
    try:
        told = graph.get(f"{account.node}/subscribed_apps", account.token)
        found = [name for app in told.get("data", []) for name in _fields(app)]
        return sorted(set(map(str, found)))
    except Exception as error:
        raise not_told(error) from error


def token_end(graph: Graph, account: Account) -> datetime | None:
    """When the token ends; None: it lasts, or Meta does not say. Raises SendError."""
    try:
        told = graph.get("debug_token", account.token, input_token=account.token).get("data", {})
    except GraphError as error:
        if error.code == 190:
            raise not_told(error) from error
        return None
    except Exception as error:
        raise not_told(error) from error
    seconds = told.get("expires_at")
    return datetime.fromtimestamp(seconds, UTC) if isinstance(seconds, int) and seconds else None


def name(graph: Graph, account: Account, person: str) -> str:
    """What the customer is called there; empty where Meta does not say, as is usual without
    Advanced Access. Raises SendError where it could not be asked."""
    try:
        told = graph.get(person, account.token, fields="first_name,last_name,name,username")
    except GraphError:
        return ""
    except Exception as error:
        raise not_told(error) from error
    whole = told.get("name") or f"{told.get('first_name') or ''} {told.get('last_name') or ''}"
    return (
        one_line(clean(str(whole)))[:100] or one_line(clean(str(told.get("username") or "")))[:100]
    )


def _words(told: object) -> str:
    return one_line(clean(str(told or "")))[:100]


def review(graph: Graph, account: Account, content_sid: str) -> Review | None:
    """Raises GraphError, NoAnswer and requests' errors."""
    name, _, language = content_sid.partition("/")
    told = graph.get(f"{account.node}/message_templates", account.token, name=name)
    found = [
        each
        for each in told.get("data", [])
        if each.get("name") == name and each.get("language") == language
    ]
    return _review(found[0]) if found else None


def _review(template: Answer) -> Review:
    status = str(template.get("status", "")).upper()
    if status == "APPROVED":
        return Review(Approval.APPROVED)
    if status in ("PENDING", "IN_APPEAL"):
        return Review(Approval.WAITING, "waits for Meta's review")
    reason = clean(str(template.get("rejected_reason") or ""))
    return Review(Approval.REFUSED, f"was rejected ({reason})" if reason else "was rejected")


def _page(told: dict[str, Any]) -> Page:
    linked = told.get("instagram_business_account") or {}
    return Page(
        str(told["id"]),
        one_line(clean(str(told.get("name") or ""))),
        str(told["access_token"]),
        str(linked.get("id") or ""),
        one_line(clean(str(linked.get("username") or ""))),
    )


def _fields(app: Answer) -> Iterable[Any]:
    return app.get("subscribed_fields") or ()
