"""All lists of conversations that can be chosen, and the views that people keep under a name."""

from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_admin import BaseView, expose
from flask_security import current_user
from werkzeug.wrappers import Response

from admin_views.inbox.inbox_address import filtered, wanted
from admin_views.inbox.inbox_page import mine
from admin_views.inbox.lists.menu import menu
from admin_views.lookup import find
from app.extensions import db
from app.inbox.lists import saved_views
from app.inbox.lists.saved_views import BadView, Viewer
from app.models import Role, SavedView
from app.web.guards import access


class SavedViewsView(BaseView):  # type: ignore[misc]
    roles = access.STAFF
    in_tenant = True

    def __init__(self) -> None:
        super().__init__(name="Lists and views", endpoint="saved_views", url="/messages/views")

    def is_accessible(self) -> bool:
        return access.may("saved_views")

    def is_visible(self) -> bool:
        """Not in the menu: one comes from the inbox."""
        return False

    @expose("/")
    @expose("")
    def index(self) -> str:
        """Every list, beside the one that the address names; with part=menu for the inbox."""
        alone = request.args.get("part") == "menu"
        return self._page("inbox/lists/menu.html" if alone else "inbox/lists/views.html")

    @expose("/save", methods=["POST"])
    def save(self) -> Response | tuple[str, int]:
        """The list that the address names, under a name; shared: for the team."""
        name, shared = request.form.get("name", ""), "shared" in request.form
        address = filtered(request.args)
        try:
            view = saved_views.save(name, address, viewer(), shared)
        except BadView as bad:
            return self._refuse(bad)
        db.session.commit()
        flash(f"Saved. “{view.name}” stands under More.", "success")
        there: dict[str, Any] = {**address}
        return redirect(url_for("inbox.index", **there))

    @expose("/<int:saved_view_id>/change", methods=["POST"])
    def change(self, saved_view_id: int) -> Response | tuple[str, int]:
        """Its name, and whether it is the team's; or (do=delete) it goes, and its conversations
        stay as they are."""
        view = _changeable(saved_view_id)
        if request.form.get("do") == "delete":
            return _delete(view)
        try:
            saved_views.change(view, request.form.get("name", ""), "shared" in request.form)
        except BadView as bad:
            db.session.rollback()
            return self._refuse(bad)
        db.session.commit()
        flash("Saved.", "success")
        return redirect(url_for(".index"))

    def _refuse(self, bad: BadView) -> tuple[str, int]:
        flash(str(bad), "error")
        return self._page("inbox/lists/views.html"), 422

    def _page(self, template: str) -> str:
        asked = wanted(request.args, mine())
        there: dict[str, Any] = {"asked": asked, "address": filtered(request.args)}
        views = saved_views.seen_by(viewer())
        page: str = self.render(template, **there, **menu(asked, views), viewer=viewer())
        return page


def _delete(view: SavedView) -> Response:
    name = view.name
    db.session.delete(view)
    db.session.commit()
    flash(f"“{name}” was deleted. Its conversations are as they were.", "success")
    return redirect(url_for(".index"))


def viewer() -> Viewer:
    return Viewer(mine(), admin=current_user.role in (Role.TENANT_ADMIN, Role.PLATFORM_ADMIN))


def _changeable(saved_view_id: int) -> SavedView:
    """404 for another business's, and for a colleague's own; 403 for what is the team's."""
    view: SavedView = find(SavedView, saved_view_id)
    seen = view.shared or view.user_id == mine()
    if not viewer().may_change(view):
        abort(403 if seen else 404)
    return view
