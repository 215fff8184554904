"""What each rule looked at, saw and did, or why it did nothing: /settings/automation/log."""

from dataclasses import dataclass
from typing import Any

from flask import request
from flask_admin import BaseView, expose
from sqlalchemy import select

from admin_views.automation.run_words import STATUS, came, happened
from admin_views.lookup import find
from admin_views.times import shown
from app.automation.run_log import Wanted, page
from app.extensions import db
from app.inbox.customer_search import matching
from app.lib.text.cleaning import clean
from app.models import AutomationRule, Customer
from app.web.guards import access

# Of the customers whose name or number fits, the newest so many.
MOST = 50


@dataclass(frozen=True)
class Asked:
    """What the address asks for; nothing: of all."""

    rule: int | None
    status: str
    customer: int | None
    q: str
    before: int | None


class AutomationLogView(BaseView):  # type: ignore[misc]
    roles = access.STAFF
    in_tenant = True

    def __init__(self) -> None:
        super().__init__(
            name="Log of rules", endpoint="automation_log", url="/settings/automation/log"
        )

    def is_accessible(self) -> bool:
        return access.may("automation_log")

    def is_visible(self) -> bool:
        return False

    @expose("/")
    @expose("")
    def index(self) -> str:
        """Narrowed by rule, status, customer (an id), or q (a name or number); before: an id."""
        asked = _asked()
        known = find(Customer, asked.customer) if asked.customer else None
        fit = matching(asked.q, 0, MOST) if asked.q and not known else []
        ids = [each.id for each in ([known] if known else fit)]
        wanted = Wanted(asked.rule, asked.status, ids if known or asked.q else None)
        runs, older = page(wanted, asked.before)
        return self._page(asked, runs=runs, older=older, customer=known, crowd=len(fit) == MOST)

    def _page(self, asked: Asked, **found: Any) -> str:
        rules = select(AutomationRule.id, AutomationRule.name).order_by(AutomationRule.name)
        page: str = self.render(
            "automation/run_log.html",
            asked=asked,
            narrowed=_narrowed(asked),
            rules=db.session.execute(rules).all(),
            most=MOST,
            status_words=STATUS,
            happened=happened,
            came=came,
            shown=shown,
            **found,
        )
        return page


def _asked() -> Asked:
    return Asked(
        rule=_id("rule"),
        status=request.args.get("status", "")[:20],
        customer=_id("customer"),
        q=clean(request.args.get("q", ""))[:100].strip(),
        before=_id("before"),
    )


def _narrowed(asked: Asked) -> dict[str, Any]:
    """For links to other pages of the same."""
    return {name: value for name, value in vars(asked).items() if value and name != "before"}


def _id(name: str) -> int | None:
    """An id from the address; anything that cannot be one is none."""
    given = request.args.get(name, "")
    plain = given.isascii() and given.isdigit() and len(given) < len(str(access.BIGINT))
    return int(given) if plain else None
