"""What the frame around every page shows of who is working where."""

from dataclasses import dataclass
from typing import Any

from flask import g, url_for
from flask_security import current_user
from sqlalchemy.orm import object_session

from app.extensions import db
from app.inbox.reading.seen import is_hidden
from app.inbox.team import notices
from app.models import Tenant
from app.prepared import Question
from app.tenancy import current_tenant_id, tenant_in_scope


@dataclass(frozen=True)
class Place:
    """A page in the bar of a telephone; counted: beside it stands how many conversations are
    unread."""

    endpoint: str
    name: str
    icon: str
    counted: bool = False


IN_A_BUSINESS = (
    Place("inbox.index", "Inbox", "fa-comments-o", counted=True),
    Place("calendar.index", "Calendar", "fa-calendar"),
    Place("tomorrow.index", "Scheduled", "fa-paper-plane-o"),
)
OF_THE_OPERATOR = (
    Place("tenants.index_view", "Businesses", "fa-building-o"),
    Place("people.index", "People", "fa-id-badge"),
    Place("platform_health.index", "Health", "fa-stethoscope"),
)


def business() -> Tenant:
    """The business in scope, asked for as often as one likes: one statement a request."""
    # A session knows a row only as long as somebody holds it.
    held: Tenant | None = g.get("business")
    if held is None or object_session(held) is None or held.id != current_tenant_id():
        held = g.business = db.session.get_one(Tenant, current_tenant_id())
    return held


def in_business() -> str:
    """The name of the business in scope; empty for the operator outside of one."""
    return business().name if tenant_in_scope() else ""


def asked_bell() -> Question[int]:
    """How many notices whoever is signed in has not read, for the bell, which stands in two places;
    an operator, who is no user of the business, has none."""
    if "bell" not in g:
        g.bell = notices.unread(current_user.id if current_user.tenant_id else None)
    return g.bell  # type: ignore[no-any-return]


def unread_notices() -> int:
    return asked_bell().answer


def page_of(customer_id: int, **kept: Any) -> str:
    """Where a customer leads: to the conversation, or, for whoever does not see that, to what all
    may know of them."""
    if is_hidden(customer_id):
        return url_for("profile.show", customer_id=customer_id)
    return url_for("inbox.show", customer_id=customer_id, **kept)


def initials(name: str) -> str:
    """Two letters for a round picture; # for a bare number."""
    words = [word for word in name.split() if word[0].isalpha()]
    return "".join(word[0] for word in words[:2]).upper() or "#"


def places() -> tuple[Place, ...]:
    """Where one goes most, in the business in scope; outside of one, as the operator."""
    return IN_A_BUSINESS if tenant_in_scope() else OF_THE_OPERATOR
