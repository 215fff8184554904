"""What an operator may do in a business that they work in for a while: never what lets anybody sign
in or takes its data along, and change nothing unless they said that they would."""

from flask import request
from werkzeug.exceptions import Forbidden

from app.web.guards import access
from app.web.guards.csrf import csrf
from app.web.guards.entering import visited

# These are posted, and change nothing that is the business's.
READS = frozenset(
    {
        *("live.ticket", "presence.tell", "moves.notice"),
        *("automation.preview", "message_templates.preview"),
    }
)


class NotVisiting(Forbidden):
    plain = (
        "Support changes no users and passwords of a business, and takes no file of its data along:"
        " its own admins do that."
    )


class OnlyLooking(Forbidden):
    plain = (
        "You are only looking at this business: nothing was changed. Enter it again and tick that"
        " you may change things."
    )


def refuse() -> None:
    """Call it once the page is known to be of the business in scope. Raises NotVisiting or
    OnlyLooking."""
    business, endpoint = visited(), request.endpoint or ""
    if business is None or not access.works_in_tenant(endpoint):
        return
    if access.is_for_members(endpoint):
        raise NotVisiting
    if csrf.unsafe() and not business.may_change and endpoint not in READS:
        raise OnlyLooking
