"""The pages that add, change and delete a row: Flask-Admin's, told in the house's words."""

import re
from typing import Any

from flask import abort, flash, redirect, request
from flask_admin import expose
from flask_admin.contrib.sqla import ModelView
from flask_admin.form import FormOpts
from flask_admin.helpers import get_redirect_target
from werkzeug.wrappers import Response

from admin_views.numbers import pretty
from admin_views.panels.pages.form_errors import wrong

# Where a model's name has its next word.
CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")


class WrittenRows(ModelView):  # type: ignore[misc]
    """Of a panel whose get_one() answers 404 for what is not there."""

    @property
    def thing(self) -> str:
        """What one row is called in a sentence."""
        return CAPITAL.sub(" ", self.model.__name__).lower()

    @property
    def things(self) -> str:
        return str(self.name).lower()

    def named(self, row: Any) -> str:
        """The row in a sentence: the label “VIP”."""
        name = pretty(str(row)) if "__str__" in vars(type(row)) else ""
        return f"the {self.thing} “{name}”" if name else f"the {self.thing}"

    def added(self, row: Any) -> str:
        """What is said once the row is there."""
        return f"{begun(self.named(row))} was added."

    @expose("/new/", methods=("GET", "POST"))
    def create_view(self) -> Response | str:
        form = self.create_form()
        if self.validate_form(form) and (row := self.create_model(form)):
            flash(self.added(row), "success")
            if "_add_another" in request.form:
                return redirect(self.get_url(".create_view", url=self._back()))
            return redirect(self._back())
        return self._form_page(self.create_template, form, self._form_create_rules)

    @expose("/edit/", methods=("GET", "POST"))
    def edit_view(self) -> Response | str:
        row = self.get_one(_asked())
        form = self.edit_form(obj=row)
        if self.validate_form(form) and self.update_model(form, row):
            flash(f"{begun(self.named(row))} was saved.", "success")
            return redirect(self._back())
        if request.method == "GET" or form.errors:
            self.on_form_prefill(form, _asked())
        return self._form_page(self.edit_template, form, self._form_edit_rules, model=row)

    @expose("/details/")
    def details_view(self) -> Response | str:
        page: str = self.render(
            self.details_template,
            model=self.get_one(_asked()),
            details_columns=self._details_columns,
            get_value=self.get_detail_value,
            return_url=self._back(),
        )
        return page

    @expose("/delete/", methods=("POST",))
    def delete_view(self) -> Response:
        row = self.get_one(request.form.get("id") or abort(400))
        name = self.named(row)
        if self.delete_model(row):
            flash(f"{begun(name)} was deleted.", "success")
        return redirect(self._back())

    def _form_page(self, template: str, form: Any, rules: Any, **more: Any) -> str:
        page: str = self.render(
            template,
            form=form,
            form_opts=FormOpts(self.form_widget_args, rules),
            return_url=self._back(),
            wrong=wrong(form),
            **more,
        )
        return page

    def _back(self) -> str:
        """Where the page was opened from; else the list."""
        return str(get_redirect_target() or self.get_url(".index_view"))


def _asked() -> str:
    return request.args.get("id") or abort(404)


def begun(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
