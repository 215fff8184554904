"""What each rule looked at, saw and did, or why it did nothing: /settings/automation/log."""

from typing import Any

from flask import request
from flask_admin import BaseView, expose
from sqlalchemy import select

from admin_views.automation.run_words import STATUS, came, happened
from admin_views.lookup import find
from admin_views.times import shown
from app.automation.run_list import Wanted, page
from app.extensions import db
from app.lib.text.cleaning import clean
from app.models import AutomationRule, Customer
from app.web.guards import access


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
        """Narrowed by rule, status, customer (an id, or q: a name or number); before: an id."""
        wanted = Wanted(
            rule_id=_id("rule"),
            status=request.args.get("status", "")[:20],
            customer_id=_id("customer"),
            customer=clean(request.args.get("q", ""))[:100].strip(),
        )
        before = _id("before")
        runs, older = page(wanted, before)
        return self._page(wanted=wanted, runs=runs, older=older, before=before)

    def _page(self, wanted: Wanted, **found: Any) -> str:
        customer = find(Customer, wanted.customer_id) if wanted.customer_id else None
        rules = db.session.execute(
            select(AutomationRule.id, AutomationRule.name).order_by(AutomationRule.name)
        ).all()
        page: str = self.render(
            "automation/log.html",
            wanted=wanted,
            customer=customer,
            rules=rules,
            status_words=STATUS,
            happened=happened,
            came=came,
            shown=shown,
            narrowed=_narrowed(wanted),
            **found,
        )
        return page


def _id(name: str) -> int | None:
    """An id from the address; anything that cannot be one is none."""
    given = request.args.get(name, "")
    plain = given.isascii() and given.isdigit() and len(given) < len(str(access.BIGINT))
    return int(given) if plain else None


def _narrowed(wanted: Wanted) -> dict[str, Any]:
    """For links that keep what is wanted."""
    named = {
        "rule": wanted.rule_id,
        "status": wanted.status,
        "customer": wanted.customer_id,
        "q": wanted.customer,
    }
    return {name: value for name, value in named.items() if value}
