"""What all panels share: one tenant's rows, human words, safe exports, plain errors."""

import re
from collections.abc import Mapping
from copy import deepcopy
from datetime import datetime
from functools import partial
from typing import Any

from flask import Response, abort, flash, request
from flask_admin.actions import action
from flask_admin.form import FormOpts
from flask_admin.model.typefmt import BASE_FORMATTERS, EXPORT_FORMATTERS
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.exc import DataError, IntegrityError
from werkzeug.exceptions import HTTPException
from werkzeug.utils import secure_filename
from wtforms.validators import ValidationError

from admin_views.form_fields import Converter
from admin_views.labels import sentence, yes_or_no
from admin_views.lookup import LAST, Lookup, find, within
from admin_views.numbers import pretty, sought
from admin_views.panels.export import written
from admin_views.panels.pages.written_rows import WrittenRows, begun
from admin_views.times import exported, shown
from app.audit.audit_record import record
from app.audit.audited import AUDITED
from app.extensions import Model, db
from app.inbox.customer_search import among
from app.inbox.team.staff_rights import Right
from app.lib.text.cleaning import sought_words
from app.models import AuditAction
from app.tenancy import TenantOwned, WrongTenant, current_tenant_id
from app.web.guards import access

FORMATTERS = {
    **BASE_FORMATTERS,
    datetime: lambda _view, value, _name: shown(value),
    bool: lambda _view, value, _name: yes_or_no(value),
}
# What each of Flask-Admin's routes stands for; a panel without it has no such route.
OFFERED_BY = {
    "create_view": "can_create",
    "edit_view": "can_edit",
    "delete_view": "can_delete",
    "details_view": "can_view_details",
    "export": "can_export",
    "ajax_lookup": "form_ajax_refs",
    "ajax_update": "column_editable_list",
}
# Nobody sets so many; each costs PostgreSQL a look at every row.
MOST_FILTERS = 20
# So many pages behind the one that is shown are known of.
AHEAD = 4
# Where a form may lead back to. Flask-Admin lets http:///elsewhere pass, as a path of ours.
OWN_ADDRESS = re.compile(r"/(?![/\\])[^\\\x00-\x1f]*")


class Panel(WrittenRows):
    """A Flask-Admin panel in the house's manner. Subclasses name their model and columns."""

    model_class: type[Model]
    title: str
    path: str
    icon: str
    category_name: str | None = None
    roles = access.ADMINS
    in_tenant = True
    for_admins: tuple[str, ...] = ()
    """Those of its routes that are not for all of its roles."""
    by_right: Mapping[str, Right] = {}
    """Of these, what a right lets staff call all the same."""

    import_kind: str | None = None
    """What a file on the page Import brings here (app/imports/kinds)."""

    customer_key: str | None = None
    """Its column that says whose a row is: it is also found by their name and number."""

    loads: tuple[Any, ...] = ()

    can_view_details = True
    named_filter_urls = True
    page_size = 50
    can_set_page_size = False
    # Rows are not counted to the last: get_list() looks some pages ahead.
    simple_list_pager = True
    export_max_rows = 50_000
    column_display_all_relations = False
    column_type_formatters = FORMATTERS
    column_type_formatters_export = {
        **EXPORT_FORMATTERS,
        **FORMATTERS,
        datetime: lambda _view, value, _name: exported(value),
    }
    column_type_formatters_detail = FORMATTERS
    model_form_converter = Converter
    list_template = "panel/list.html"

    def __init__(self) -> None:
        super().__init__(
            self.model_class,
            db,
            name=self.title,
            category=self.category_name,
            endpoint=self.path.replace("-", "_"),
            url=f"/admin/{self.path}",
            menu_icon_type="fa",
            menu_icon_value=self.icon,
        )

    def is_accessible(self) -> bool:
        return access.may(self.endpoint)

    @property
    def can_export(self) -> bool:
        """Whether whoever is signed in may take its rows along."""
        return access.may(f"{self.endpoint}.export")

    def has_history(self) -> bool:
        """Whether whoever is signed in may read who changed its rows."""
        return self.model in AUDITED and access.may("audit_log")

    @property
    def can_import(self) -> bool:
        return bool(self.import_kind and access.may("imports"))

    def render(self, template: str, **context: Any) -> str:
        """The page. Flask-Admin's templates write into the fields' attributes (is-invalid), which
        would stay there for everybody's next page."""
        if options := context.get("form_opts"):
            context["form_opts"] = FormOpts(deepcopy(options.widget_args), options.form_rules)
        page: str = super().render(template, **context)
        return page

    def _handle_view(self, name: str, **arguments: Any) -> Any:
        if not getattr(self, OFFERED_BY.get(name, ""), True):
            abort(404)
        if not OWN_ADDRESS.fullmatch(request.values.get("url", "/")):
            abort(400)
        return super()._handle_view(name, **arguments)

    def _get_list_extra_args(self) -> Any:
        asked = super()._get_list_extra_args()
        asked.page = within(asked.page, LAST)
        asked.search = asked.search and " ".join(sought_words(sought(asked.search)))
        asked.filters = asked.filters and asked.filters[:MOST_FILTERS]
        # What else the address has would be handed to url_for, whose own arguments are among it.
        asked.extra_args = {}
        return asked

    def get_list(
        self,
        page: int | None,
        sort_column: Any,
        sort_desc: bool,
        search: str | None,
        filters: Any,
        execute: bool = True,
        page_size: int | None = None,
    ) -> tuple[int | None, Any]:
        """A page of rows, with as many as there are up to some pages behind it: to count all of
        them takes longer than to show these."""
        how = (page, sort_column, sort_desc, search, filters)
        _, query = super().get_list(*how, execute=False, page_size=page_size)
        if not execute or page_size != self.page_size:
            return None, query.all() if execute else query
        rows, begin = query.all(), (page or 0) * page_size
        ahead = query.enable_eagerloads(False).offset(begin + page_size).limit(AHEAD * page_size)
        counted = select(func.count()).select_from(ahead.subquery())
        more = db.session.scalar(counted) if len(rows) == page_size else 0
        return begin + len(rows) + (more or 0), rows

    def _apply_search(
        self, query: Any, count_query: Any, joins: Any, count_joins: Any, search: str
    ) -> Any:
        """Rows that have every word, each in whichever of the searched columns."""
        found = [self._has(word) for word in search.split()]
        counted = count_query if count_query is None else count_query.filter(*found)
        return query.filter(*found), counted, joins, count_joins

    def _has(self, word: str) -> ColumnElement[bool]:
        within = [
            # A name without accents and case; what is long, such as a message, as it is written.
            func.strpos(func.folded(column), func.folded(word)) > 0
            if column.key == "name"
            else column.icontains(word, autoescape=True)
            for column in map(partial(getattr, self.model), self.column_searchable_list)
        ]
        if self.customer_key:
            within.append(among(getattr(self.model, self.customer_key), [word]))
        return or_(*within)

    def _create_ajax_loader(self, name: str, options: dict[str, Any]) -> Lookup:
        model = getattr(self.model, name).prop.mapper.class_
        return Lookup(name, db, model, **options)

    def get_query(self) -> Any:
        """The rows of the list and the export, with what their columns show of other tables."""
        return super().get_query().options(*self.loads)

    def _prettify_name(self, name: str) -> str:
        return sentence(name)

    def heading(self, row: Any) -> str:
        """What stands above a row's own page."""
        return pretty(str(row)) if "__str__" in vars(type(row)) else type(row).__name__

    def search_placeholder(self) -> str:
        return "Search"

    def get_one(self, id: Any) -> Any:
        """The row, or 404: whether another tenant has it is nobody's business."""
        return find(self.model, id)

    def get_empty_list_message(self) -> str:
        """Why the list has no row."""
        return f"No {self.things} match that." if self.narrowed() else f"No {self.things} here yet."

    def narrowed(self) -> bool:
        """Whether the list is of what was searched or filtered."""
        return any(name == "search" or name.startswith("flt") for name in request.args)

    def get_invalid_value_msg(self, value: str, filter: Any) -> str:
        return f"The filter “{filter.name}” was left out: it does not know “{value}”."

    def question(self, _action: str) -> str:
        """What is asked before something is done with all that are ticked."""
        return f"Delete the selected {self.things}? This cannot be undone."

    @action("delete", "Delete")
    def action_delete(self, ids: list[str]) -> None:
        """Delete the ticked rows, each with what its panel does before; 404 for a foreign one."""
        rows = [self.get_one(id) for id in ids]
        names = [self.named(row) for row in rows]
        keys = [row.id for row in rows]
        gone = [name for name, row in zip(names, rows, strict=True) if self.delete_model(row)]
        if len(gone) > 1:
            facts = {"done": f"deleted {len(gone)} {self.things} at once", "ids": keys}
            record(AuditAction.MANY, facts=facts)
            db.session.commit()
        if not ids:
            flash("Nothing was ticked.", "info")
        elif gone:
            told = f"{len(gone)} {self.things} were" if len(gone) > 1 else f"{begun(gone[0])} was"
            flash(f"{told} deleted.", "success")

    def _export_csv(self, return_url: Any) -> Response:
        """The file, made whole before it is sent: a stream would outlive the tenant's scope."""
        _, rows = self._export_data()
        self._log_export(len(rows))
        titles = [title for _, title in self._export_columns]
        cells = [
            [self.get_export_value(row, name) for name, _ in self._export_columns] for row in rows
        ]
        name = secure_filename(self.get_export_name("csv"))
        headers = {"Content-Disposition": f"attachment;filename={name}"}
        return Response(written([titles, *cells]), headers=headers, mimetype="text/csv")

    def _log_export(self, rows: int) -> None:
        """Before the rows leave."""
        asked = [(name, value) for name, value in request.args.items() if value]
        narrowed = ", ".join(f"{name} {value}" for name, value in asked)[:500]
        facts = {"panel": self.things, "narrowed": narrowed, "rows": rows}
        record(AuditAction.EXPORTED, facts=facts)
        db.session.commit()

    def on_model_change(self, form: Any, model: Any, is_created: bool) -> None:
        """A row of ours belongs to the tenant in scope; no form has a say in that."""
        if isinstance(model, TenantOwned) and is_created:
            model.tenant_id = current_tenant_id()

    def handle_view_exception(self, exc: Exception) -> bool:
        """Say what went wrong in a person's words."""
        if isinstance(exc, WrongTenant):
            abort(403)
        if isinstance(exc, HTTPException):
            raise exc
        if isinstance(exc, IntegrityError | DataError):
            db.session.rollback()
            flash(explain(exc), "error")
            return True
        if isinstance(exc, ValidationError):
            flash(str(exc), "error")
            return True
        return bool(super().handle_view_exception(exc))


def explain(error: IntegrityError | DataError) -> str:
    """What the database refused, without quoting the row."""
    sqlstate = getattr(error.orig, "sqlstate", "")
    if sqlstate == "23505":
        return "Not saved: there is one like this already. Change what must be unique."
    if sqlstate == "23503":
        return "Not saved: it refers to something that is gone. Choose again."
    return "Not saved: a value is not allowed here. Check the fields."
