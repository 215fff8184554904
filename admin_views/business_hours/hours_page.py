"""When the business is open: /settings/business-hours. Staff read it, admins change it."""

from flask import flash, redirect, request
from flask_admin import BaseView, expose
from werkzeug.wrappers import Response

from admin_views.business_hours.hours_fields import as_typed, fields
from admin_views.business_hours.hours_readings import locale, readings, version
from admin_views.business_hours.posted_hours import posted_hours, seen, with_row, without_row
from admin_views.frame import business
from app.business_hours.check_hours import Errors, WrongHours, check
from app.business_hours.hours_form import Typed
from app.business_hours.load_hours import stored
from app.business_hours.save_hours import Outdated, save
from app.extensions import db
from app.lib.time.clock import now
from app.web.guards import access

OUTDATED = (
    "Somebody else has changed the hours meanwhile, and nothing was saved. Save again to replace"
    " what they entered with what stands here, or open the page anew to see it."
)


class BusinessHoursView(BaseView):  # type: ignore[misc]
    roles = access.STAFF
    for_admins = ("save",)
    in_tenant = True

    def __init__(self) -> None:
        super().__init__(
            name="Business hours",
            category="Setup",
            endpoint="business_hours",
            url="/settings/business-hours",
            menu_icon_type="fa",
            menu_icon_value="fa-clock-o",
        )

    def is_accessible(self) -> bool:
        return access.may("business_hours")

    @expose("/")
    @expose("")
    def index(self) -> str:
        found = stored()
        if access.may("business_hours.save"):
            return self._form(as_typed(found, locale()), version(found))
        page: str = self.render("business_hours/read.html", **readings(found, now()))
        return page

    @expose("/", methods=["POST"])
    @expose("", methods=["POST"])
    def save(self) -> Response | str | tuple[str, int]:
        """Stores all of it, or says what is wrong; a button that adds or removes a row of the form
        stores nothing."""
        form, typed = request.form, posted_hours(request.form)
        if "add" in form or "remove" in form:
            typed = without_row(with_row(typed, form.get("add", "")), form.get("remove", ""))
            return self._form(typed, seen(form))
        try:
            save(check(typed, business().country), seen(form), now())
        except WrongHours as wrong:
            return self._form(typed, seen(form), wrong.errors), 422
        except Outdated:
            db.session.rollback()
            return self._form(typed, version(stored()), {"": OUTDATED}), 409
        db.session.commit()
        flash("Saved.", "success")
        return redirect(self.get_url(".index"))

    def _form(self, typed: Typed, seen: int, errors: Errors | None = None) -> str:
        """seen: the version that the form was made from."""
        told = fields(typed, errors or {}) | readings(stored(), now())
        page: str = self.render("business_hours/form.html", version=seen, **told)
        return page
