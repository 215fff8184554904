"""The keys of the pages, and the switch that turns the single letters off (WCAG 2.2, 2.1.4)."""

from flask import flash, redirect, request, url_for
from flask_admin import BaseView, expose
from flask_security import current_user
from sqlalchemy import update
from werkzeug.wrappers import Response

from app.extensions import db
from app.models import User
from app.tenancy import unscoped
from app.web.guards import access


class KeyboardView(BaseView):  # type: ignore[misc]
    roles = access.SIGNED_IN
    in_tenant = False

    def __init__(self) -> None:
        super().__init__(name="Keyboard shortcuts", endpoint="keyboard", url="/keyboard")

    def is_visible(self) -> bool:
        """It is personal: its link stands beside the name, and not in the menu."""
        return False

    def is_accessible(self) -> bool:
        return access.may("keyboard")

    @expose("/")
    @expose("")
    def index(self) -> str:
        """The page; with part=keys the list alone, for a dialog."""
        part = request.args.get("part") == "keys"
        page: str = self.render("keyboard/keys.html" if part else "keyboard/page.html")
        return page

    @expose("/letters", methods=["POST"])
    def switch(self) -> Response:
        """Single letters on or off, wherever the person signs in."""
        on = request.form.get("letters") == "on"
        with unscoped("an operator's switch is no tenant's"):
            db.session.execute(update(User).where(User.id == current_user.id).values(hotkeys=on))
            db.session.commit()
        flash(f"Single letters are {'on' if on else 'off'}.", "success")
        return redirect(url_for(".index"))
