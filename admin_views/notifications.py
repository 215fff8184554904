"""What the business sends by itself: /settings/notifications."""

from flask_admin import BaseView, expose

from admin_views.message_templates import listed
from app.web import access


class NotificationsView(BaseView):  # type: ignore[misc]
    roles = access.ADMINS
    in_tenant = True

    def __init__(self) -> None:
        super().__init__(
            name="Notifications",
            category="Setup",
            endpoint="notifications",
            url="/settings/notifications",
            menu_icon_type="fa",
            menu_icon_value="fa-bell-o",
        )

    def is_accessible(self) -> bool:
        return access.may("notifications")

    @expose("/")
    @expose("")
    def index(self) -> str:
        page: str = self.render("notifications/index.html", **listed())
        return page
