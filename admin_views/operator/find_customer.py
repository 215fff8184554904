"""The operator's search for a customer of any business, by number: /admin/find-customer."""

from flask import request
from flask_admin import BaseView, expose
from flask_security import current_user

from admin_views.labels import CHANNEL
from app.extensions import limiter
from app.operations import customers_by_number
from app.web.guards import access

LOOKS = "20 per minute"


class FindCustomerView(BaseView):  # type: ignore[misc]
    roles = access.PLATFORM
    in_tenant = False

    def __init__(self) -> None:
        super().__init__(
            name="Find a customer",
            endpoint="find_customer",
            url="/admin/find-customer",
            menu_icon_type="fa",
            menu_icon_value="fa-search",
        )

    def is_accessible(self) -> bool:
        return access.may("find_customer")

    @expose("/", methods=["GET", "POST"])
    @limiter.limit(lambda: LOOKS, key_func=lambda: f"operator {current_user.id}", methods=["POST"])
    def index(self) -> str:
        """By a POST, so that the number stands in no address, history or log."""
        number = request.form.get("number", "")[:100].strip()
        found = customers_by_number.find(number, current_user.id) if number else None
        page: str = self.render(
            "operator/find_customer.html",
            number=number,
            found=found,
            channels=CHANNEL,
            most=customers_by_number.MOST,
        )
        return page
